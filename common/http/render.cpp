#include "common/http/render.hpp"

#include "common/http/problem.hpp"
#include "common/http/text.hpp"

#include <array>
#include <chrono>

namespace sluice::http {
namespace {

std::string_view reason(int status) {
    switch (status) {
        case 200: return "OK";
        case 201: return "Created";
        case 202: return "Accepted";
        case 204: return "No Content";
        case 304: return "Not Modified";
        case 400: return "Bad Request";
        case 401: return "Unauthorized";
        case 403: return "Forbidden";
        case 404: return "Not Found";
        case 405: return "Method Not Allowed";
        case 408: return "Request Timeout";
        case 409: return "Conflict";
        case 412: return "Precondition Failed";
        case 413: return "Content Too Large";
        case 414: return "URI Too Long";
        case 415: return "Unsupported Media Type";
        case 417: return "Expectation Failed";
        case 421: return "Misdirected Request";
        case 422: return "Unprocessable Content";
        case 428: return "Precondition Required";
        case 429: return "Too Many Requests";
        case 431: return "Request Header Fields Too Large";
        case 500: return "Internal Server Error";
        case 501: return "Not Implemented";
        case 502: return "Bad Gateway";
        case 503: return "Service Unavailable";
        case 504: return "Gateway Timeout";
    }
    return "";  // RFC 9112 §4: the phrase may be empty, and nobody may rely on it
}

bool in_token(char c) {
    return alphanumeric(c) || std::string_view{"!#$%&'*+-.^_`|~"}.find(c) != std::string_view::npos;
}
bool in_value(char c) { return c == '\t' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F); }

bool is_own(std::string_view lower_name) {
    return lower_name == "content-length" || lower_name == "connection" || lower_name == "date" ||
           lower_name == "transfer-encoding" || lower_name == "content-type";
}

bool is_well_formed(const Response& response) {
    if (response.status < 200 || response.status > 599 || !only(response.content_type, in_value)) return false;
    for (const auto& [name, value] : response.headers)
        if (name.empty() || !only(name, in_token) || !only(value, in_value)) return false;
    return true;
}

void line(std::string& out, std::string_view name, std::string_view value) {
    ((out += name) += ": ") += value;
    out += "\r\n";
}

void own_lines(std::string& out, const Response& response, bool keep_alive, core::Time now) {
    line(out, "Date", http_date(now));
    if (bears_body(response.status)) {
        line(out, "Content-Type", response.content_type);
        line(out, "Content-Length", std::to_string(response.body.size()));
    }
    line(out, "X-Content-Type-Options", "nosniff");
    if (!keep_alive) line(out, "Connection", "close");
}

}  // namespace

bool bears_body(int status) { return status != 204 && status != 304; }

std::string http_date(core::Time time) {
    using namespace std::chrono;
    static constexpr std::array days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto two = [](auto number) { return (number < 10 ? "0" : "") + std::to_string(number); };
    const sys_seconds moment = floor<seconds>(sys_time<milliseconds>{milliseconds{time}});
    const auto day = floor<std::chrono::days>(moment);
    const year_month_day date{day};
    const hh_mm_ss clock{moment - day};
    return std::string{days[weekday{day}.c_encoding()]} + ", " + two(unsigned{date.day()}) + " " +
           months[unsigned{date.month()} - 1] + " " + std::to_string(int{date.year()}) + " " +
           two(clock.hours().count()) + ":" + two(clock.minutes().count()) + ":" + two(clock.seconds().count()) +
           " GMT";
}

std::string render_head(Response& response, bool keep_alive, core::Time now) {
    if (!is_well_formed(response))
        response =
            problem(500, "malformed_answer", "Internal error",
                    "The service made an answer that is no valid HTTP; report this with the time and the request.");
    std::string out = "HTTP/1.1 " + std::to_string(response.status) + " ";
    (out += reason(response.status)) += "\r\n";
    own_lines(out, response, keep_alive, now);
    bool cache_control = false;
    for (const auto& [name, value] : response.headers) {
        const std::string lower_name = lower(name);
        if (is_own(lower_name)) continue;
        cache_control |= lower_name == "cache-control";
        line(out, name, value);
    }
    if (!cache_control) line(out, "Cache-Control", "no-store");
    return out += "\r\n";
}

}  // namespace sluice::http
