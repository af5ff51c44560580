#include "common/http/routes.hpp"

#include <stdexcept>

namespace sluice::http {
namespace {

using Segments = std::vector<std::string>;

bool is_parameter(std::string_view segment) {
    return segment.size() > 2 && segment.front() == '{' && segment.back() == '}';
}

Segments split(const std::string& pattern) {
    const auto malformed = [&] { return std::logic_error{"malformed route pattern " + pattern}; };
    if (pattern.empty() || pattern[0] != '/') throw malformed();
    Segments out;
    if (pattern == "/") return out;
    for (std::size_t at = 0; at != std::string::npos;) {
        const auto end = pattern.find('/', at + 1);
        out.push_back(pattern.substr(at + 1, end == std::string::npos ? end : end - at - 1));
        const bool odd_brace = out.back().find_first_of("{}") != std::string::npos && !is_parameter(out.back());
        if (out.back().empty() || odd_brace) throw malformed();
        at = end;
    }
    return out;
}

/// Patterns that match the same paths have the same shape.
Segments shape(Segments segments) {
    for (auto& segment : segments)
        if (is_parameter(segment)) segment = "{}";
    return segments;
}

bool matches(const Segments& pattern, const Segments& path) {
    if (pattern.size() != path.size()) return false;
    for (std::size_t i = 0; i < path.size(); ++i)
        if (!is_parameter(pattern[i]) && pattern[i] != path[i]) return false;
    return true;
}

/// Words before parameters, the leftmost difference counts.
bool closer(const Segments& a, const Segments& b) {
    for (std::size_t i = 0; i < a.size(); ++i)
        if (is_parameter(a[i]) != is_parameter(b[i])) return is_parameter(b[i]);
    return false;
}

bool answers(const Route& route, std::string_view method) {
    return route.method == method || (route.method == "GET" && method == "HEAD");
}

void allow(std::string& allowed, const std::string& method) {
    if ((", " + allowed + ",").find(", " + method + ",") != std::string::npos) return;
    (allowed += allowed.empty() ? "" : ", ") += method;
    if (method == "GET") allow(allowed, "HEAD");
}

}  // namespace

void Routes::add(Route route) {
    auto entry = std::make_unique<Entry>();
    entry->segments = split(route.pattern);
    for (const auto& known : entries_)
        if (known->route.method == route.method && shape(known->segments) == shape(entry->segments))
            throw std::logic_error{"two routes for " + route.method + " " + route.pattern};
    entry->route = std::move(route);
    entries_.push_back(std::move(entry));
}

Routes::Match Routes::find(std::string_view method, const Segments& path) const {
    Match match;
    const Entry* best = nullptr;
    for (const auto& entry : entries_) {
        if (!matches(entry->segments, path)) continue;
        allow(match.allowed, entry->route.method);
        if (answers(entry->route, method) && (!best || closer(entry->segments, best->segments))) best = entry.get();
    }
    if (!best) return match;
    match.route = &best->route;
    for (std::size_t i = 0; i < path.size(); ++i)
        if (const auto& name = best->segments[i]; is_parameter(name))
            match.params[name.substr(1, name.size() - 2)] = path[i];
    return match;
}

std::vector<std::pair<std::string, std::string>> Routes::list() const {
    std::vector<std::pair<std::string, std::string>> out;
    for (const auto& entry : entries_) out.emplace_back(entry->route.method, entry->route.pattern);
    return out;
}

}  // namespace sluice::http
