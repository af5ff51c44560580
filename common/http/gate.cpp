#include "common/http/gate.hpp"

#include "common/http/problem.hpp"
#include "common/http/text.hpp"

#include <charconv>

namespace sluice::http {
namespace {

Response bad_request(std::string_view detail) { return problem(400, "malformed_request", "Malformed request", detail); }

Response target_too_long(const Limits& limits) {
    return problem(414, "target_too_long", "Target too long",
                   "Path and query may have " + std::to_string(limits.target_bytes_max) +
                       " bytes; put long values into the body.");
}

std::vector<std::string_view> values_of(const Head& head, std::string_view wanted) {
    std::vector<std::string_view> out;
    for (const auto& [name, value] : head.fields)
        if (name == wanted) out.push_back(value);
    return out;
}

bool in_field_name(char c) { return alphanumeric(c) || c == '-'; }
bool in_host(char c) { return alphanumeric(c) || c == '-' || c == '.' || c == '_' || c == ':' || c == '[' || c == ']'; }
bool in_field_value(char c) { return c == '\t' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F); }

std::optional<Response> refuse_fields(const Head& head, const Limits& limits) {
    if (head.fields.size() > limits.fields_max)
        return problem(431, "too_many_headers", "Too many headers",
                       "A request may have " + std::to_string(limits.fields_max) + " header fields; send fewer.");
    for (const auto& [name, value] : head.fields) {
        if (!only(name, in_field_name))
            return bad_request(
                "A header's name has a character besides letters, digits and hyphens; rename that header.");
        if (!only(value, in_field_value)) return bad_request("A header's value has a control character; leave it out.");
    }
    return {};
}

std::string_view without_port(std::string_view host) {
    const auto colon = host.rfind(':');
    const auto bracket = host.rfind(']');
    const bool has_port = colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket);
    return has_port ? host.substr(0, colon) : host;
}

std::optional<Response> refuse_host(const Head& head, const Limits& limits) {
    const auto hosts = values_of(head, "host");
    if (head.version == 10 && hosts.empty()) return {};
    if (hosts.size() != 1) return bad_request("A request must have exactly one Host header; send one.");
    if (!only(hosts[0], in_host)) return bad_request("The Host header is no host name or address; send one.");
    if (limits.hosts.empty()) return {};
    const std::string host = lower(without_port(hosts[0]));
    if (std::find(limits.hosts.begin(), limits.hosts.end(), host) != limits.hosts.end()) return {};
    return problem(
        421, "host_not_served", "Not this host",
        "This server does not answer for the name in the Host header; use the name that it was set up with.");
}

std::optional<Response> refuse_framing(const Head& head) {
    const auto lengths = values_of(head, "content-length");
    const auto encodings = values_of(head, "transfer-encoding");
    if (lengths.size() > 1) return bad_request("Content-Length appears more than once; send it once.");
    if (!lengths.empty() && (lengths[0].empty() || lengths[0].size() > 19 || !only(lengths[0], digit)))
        return bad_request("Content-Length is not a plain number; send digits only.");
    if (encodings.empty()) return {};
    if (encodings.size() > 1 || lower(encodings[0]) != "chunked")
        return bad_request("Transfer-Encoding is not exactly 'chunked'; send Content-Length, or chunked alone.");
    if (!lengths.empty())
        return bad_request("Content-Length and Transfer-Encoding exclude each other; send one of them.");
    if (head.version == 10) return bad_request("HTTP/1.0 knows no Transfer-Encoding; send Content-Length.");
    return {};
}

std::optional<Response> refuse_expectation(const Head& head) {
    for (const auto value : values_of(head, "expect"))
        if (head.version == 11 && lower(value) != "100-continue")
            return problem(417, "expectation_unknown", "Expectation failed",
                           "Only 'Expect: 100-continue' is understood; leave the header out.");
    return {};
}

/// Where the request line ends, or the bytes there are of it.
std::string_view request_line(std::string_view raw) { return raw.substr(0, raw.find('\r')); }

bool has_bare_line_feed(std::string_view raw) {
    for (auto at = raw.find('\n'); at != std::string_view::npos; at = raw.find('\n', at + 1))
        if (at == 0 || raw[at - 1] != '\r') return true;
    return false;
}

bool is_folded(std::string_view raw) {
    return raw.find("\r\n ") != std::string_view::npos || raw.find("\r\n\t") != std::string_view::npos;
}

}  // namespace

std::optional<Response> refuse_raw_head(std::string_view raw, const Limits& limits) {
    constexpr std::size_t method_and_version = 32;
    if (request_line(raw).size() > limits.target_bytes_max + method_and_version) return target_too_long(limits);
    if (has_bare_line_feed(raw)) return bad_request("A line ends with LF alone; end lines with CR LF.");
    if (is_folded(raw)) return bad_request("A header goes on over a second line; write it in one.");
    if (raw.size() <= limits.head_bytes_max) return {};
    return problem(
        431, "headers_too_large", "Headers too large",
        "Request line and headers may have " + std::to_string(limits.head_bytes_max) + " bytes together; send less.");
}

std::optional<Response> refuse_head(const Head& head, const Limits& limits) {
    if (head.target.size() > limits.target_bytes_max) return target_too_long(limits);
    if (auto refusal = refuse_fields(head, limits)) return refusal;
    if (auto refusal = refuse_framing(head)) return refusal;
    if (auto refusal = refuse_host(head, limits)) return refusal;
    return refuse_expectation(head);
}

Framing framing_of(const Head& head) {
    Framing framing;
    framing.chunked = !values_of(head, "transfer-encoding").empty();
    for (const auto value : values_of(head, "content-length"))
        std::from_chars(value.data(), value.data() + value.size(), framing.length);
    framing.keep_alive = head.version == 11;
    for (const auto value : values_of(head, "connection"))
        if (lists(value, "close")) framing.keep_alive = false;
    framing.expects_continue = head.version == 11 && !values_of(head, "expect").empty() && framing.has_body();
    return framing;
}

}  // namespace sluice::http
