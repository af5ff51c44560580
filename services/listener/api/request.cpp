#include "services/listener/api/request.hpp"

#include "common/core/sha256.hpp"
#include "common/http/problem.hpp"

#include <algorithm>
#include <charconv>
#include <random>

namespace sluice::listener {
namespace {

constexpr std::chrono::milliseconds patience_default{10'000};
constexpr std::chrono::milliseconds patience_max{60'000};

bool is_hex(std::string_view text) { return text.find_first_not_of("0123456789abcdef") == text.npos; }
bool is_zero(std::string_view text) { return text.find_first_not_of('0') == text.npos; }

/// W3C Trace Context, version 00.
bool is_traceparent(std::string_view text) {
    if (text.size() != 55 || !text.starts_with("00-") || text[35] != '-' || text[52] != '-') return false;
    const auto trace = text.substr(3, 32), span = text.substr(36, 16), flags = text.substr(53);
    return is_hex(trace) && is_hex(span) && is_hex(flags) && !is_zero(trace) && !is_zero(span);
}

std::string random_bytes(std::size_t count) {
    std::random_device random;
    std::string bytes;
    for (std::size_t i = 0; i < count; ++i) bytes += static_cast<char>(random() & 0xFF);
    return bytes;
}

}  // namespace

std::optional<std::chrono::milliseconds> patience_of(const http::Request& request) {
    const auto text = request.header("x-deadline-ms");
    if (!text) return patience_default;
    std::uint32_t ms = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), ms);
    if (error != std::errc{} || end != text->data() + text->size() || ms == 0) return std::nullopt;
    return std::min(std::chrono::milliseconds{ms}, patience_max);
}

http::Response bad_deadline() {
    return http::problem(400, "bad_deadline", "Not a deadline",
                         "X-Deadline-Ms is not a whole number of milliseconds above 0; correct it or leave it out.");
}

std::string trace_of(const http::Request& request, const std::string& of_event) {
    const auto of_request = request.header("traceparent").value_or("");
    if (is_traceparent(of_request)) return std::string(of_request);
    if (is_traceparent(of_event)) return of_event;
    return "00-" + core::hex(random_bytes(16)) + "-" + core::hex(random_bytes(8)) + "-01";
}

std::string where(const core::FactId& id) { return "/v1/requests/" + core::to_text(id); }

http::Response not_ready(const core::Failure& failure) {
    return http::retry_later("not_ready", "Not ready", failure.text());
}

http::Response too_many_wait() {
    return http::retry_later("too_many_wait", "Too many wait",
                             "Too many requests wait for the ledger; send the same again in a moment.");
}

http::Response answered_late(const core::FactId& id) {
    auto response = http::problem(504, "late", "Not in the ledger in time",
                                  "The ledger has not given it back yet; ask for it at Location, or send the same "
                                  "again: it joins this one.",
                                  "\"id\":\"" + core::to_text(id) + "\"");
    response.headers.emplace_back("Location", where(id));
    return response;
}

}  // namespace sluice::listener
