#pragma once
#include <algorithm>
#include <string>
#include <string_view>

// ASCII as RFC 9110 means it: no locale.
namespace sluice::http {

inline char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

inline std::string lower(std::string_view text) {
    std::string out{text};
    for (char& c : out) c = lower(c);
    return out;
}

inline std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

/// Whether a comma-separated header value names `token`, which is given in lower case.
inline bool lists(std::string_view value, std::string_view token) {
    while (true) {
        const auto comma = value.find(',');
        if (lower(trimmed(value.substr(0, comma))) == token) return true;
        if (comma == std::string_view::npos) return false;
        value.remove_prefix(comma + 1);
    }
}

inline bool only(std::string_view text, bool (*allowed)(char)) {
    return std::all_of(text.begin(), text.end(), allowed);
}
inline bool digit(char c) { return c >= '0' && c <= '9'; }
inline bool alphanumeric(char c) { return digit(c) || (lower(c) >= 'a' && lower(c) <= 'z'); }

}  // namespace sluice::http
