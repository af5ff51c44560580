#include "common/http/url.hpp"

#include "common/http/text.hpp"

namespace sluice::http {
namespace {

core::Failure malformed(std::string what, std::string advice) {
    return core::Failure::fatal("the URL " + std::move(what), std::move(advice));
}

bool is_port(std::string_view text) { return !text.empty() && text.size() <= 5 && only(text, digit); }

bool in_host(char c) { return alphanumeric(c) || c == '-' || c == '.' || c == '_' || c == ':'; }

core::Result<void> read_authority(std::string_view text, Url& into) {
    into.authority = text;
    const bool bracketed = !text.empty() && text[0] == '[';
    const auto host_end = bracketed ? text.find(']') : text.find(':');
    if (bracketed && host_end == std::string_view::npos)
        return malformed("has no ] after its [", "write an IPv6 address as [::1]");
    into.host = bracketed ? text.substr(1, host_end - 1) : text.substr(0, host_end);
    if (into.host.empty() || !only(into.host, in_host))
        return malformed("names no host", "write http://host:port/path, without a user name");
    const auto rest = host_end == std::string_view::npos ? "" : text.substr(host_end + (bracketed ? 1 : 0));
    into.port = rest.empty() ? "80" : rest.substr(1);
    if (!rest.empty() && (rest[0] != ':' || !is_port(into.port)))
        return malformed("has no port number after its colon", "write one");
    return {};
}

}  // namespace

core::Result<Url> read_url(std::string_view text) {
    constexpr std::string_view scheme = "http://";
    if (lower(text.substr(0, scheme.size())) != scheme)
        return malformed("does not begin with http://", "only plain HTTP is spoken here; put TLS in front");
    text.remove_prefix(scheme.size());
    if (!only(text, [](char c) { return c > 0x20 && c < 0x7F && c != '#'; }))
        return malformed("has a character that is not allowed there", "percent-encode it, and leave out a fragment");
    Url url;
    const auto end = text.find_first_of("/?");
    if (auto read = read_authority(text.substr(0, end), url); !read) return read.failure();
    url.target = end == std::string_view::npos ? "/" : text.substr(end);
    if (url.target[0] == '?') url.target.insert(0, "/");
    return url;
}

}  // namespace sluice::http
