#include "common/http/target.hpp"

#include "common/http/text.hpp"

#include <optional>

namespace sluice::http {
namespace {

core::Failure malformed(std::string what, std::string advice) {
    return core::Failure::poison("the request target " + std::move(what), std::move(advice));
}

int nibble(char c) {
    if (digit(c)) return c - '0';
    c = lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

std::optional<std::string> decoded(std::string_view text, bool plus_is_space) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%') {
            const int high = text.size() - i > 2 ? nibble(text[i + 1]) : -1;
            const int low = text.size() - i > 2 ? nibble(text[i + 2]) : -1;
            if (high < 0 || low < 0) return {};
            out += static_cast<char>(high * 16 + low);
            i += 2;
        } else {
            out += plus_is_space && text[i] == '+' ? ' ' : text[i];
        }
    }
    return out;
}

bool control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

bool misleads(std::string_view segment) {
    if (segment.empty() || segment == "." || segment == "..") return true;
    return std::any_of(segment.begin(), segment.end(), [](char c) { return c == '/' || c == '\\' || control(c); });
}

/// The part up to `separator`, which is taken off `rest`; nothing once all was taken.
std::optional<std::string_view> next_part(std::optional<std::string_view>& rest, char separator) {
    if (!rest) return {};
    const auto whole = *rest;
    const auto end = whole.find(separator);
    if (end == std::string_view::npos)
        rest.reset();
    else
        rest = whole.substr(end + 1);
    return whole.substr(0, end);
}

core::Result<void> read_path(std::string_view path, Target& into) {
    into.path = path;
    if (path == "/") return {};
    std::optional<std::string_view> rest = path.substr(1);
    while (const auto part = next_part(rest, '/')) {
        auto segment = decoded(*part, false);
        if (!segment) return malformed("has a % that no two hex digits follow", "write a percent sign as %25");
        if (misleads(*segment))
            return malformed("has an empty, '.' or '..' segment, or an encoded slash, backslash or control character",
                             "send the path in its plain, normal form");
        into.segments.push_back(std::move(*segment));
    }
    return {};
}

core::Result<void> read_query(std::string_view query, Target& into) {
    std::optional<std::string_view> rest = query;
    while (const auto part = next_part(rest, '&')) {
        if (part->empty()) continue;
        const auto equals = part->find('=');
        auto name = decoded(part->substr(0, equals), true);
        auto value = decoded(equals == std::string_view::npos ? "" : part->substr(equals + 1), true);
        if (!name || !value) return malformed("has a % that no two hex digits follow", "write a percent sign as %25");
        if (name->find('\0') != std::string::npos || value->find('\0') != std::string::npos)
            return malformed("has an encoded NUL in its query", "leave it out");
        into.query.emplace_back(std::move(*name), std::move(*value));
    }
    return {};
}

}  // namespace

core::Result<Target> read_target(std::string_view target) {
    if (target.empty() || target[0] != '/')
        return malformed("does not begin with a slash", "send path and query only, as in /v1/models");
    if (!only(target, [](char c) { return c > 0x20 && c < 0x7F && c != '#' && c != '\\'; }))
        return malformed("has a character that is not allowed there", "percent-encode it");
    Target out;
    const auto question = target.find('?');
    if (auto done = read_path(target.substr(0, question), out); !done) return done.failure();
    if (question == std::string_view::npos) return out;
    if (auto done = read_query(target.substr(question + 1), out); !done) return done.failure();
    return out;
}

}  // namespace sluice::http
