#include "common/yaml/scalar.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>

namespace sluice::yaml {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

template <std::size_t N> bool is_one_of(std::string_view text, const std::array<std::string_view, N>& words) {
    return std::ranges::find(words, text) != words.end();
}

std::size_t skip_digits(std::string_view text, std::size_t at) {
    while (at < text.size() && is_digit(text[at])) ++at;
    return at;
}

enum class Shape { text, whole, fraction };

// [-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?
Shape shape_of(std::string_view text) {
    const auto begin = static_cast<std::size_t>(!text.empty() && (text[0] == '-' || text[0] == '+'));
    auto at = skip_digits(text, begin);
    auto digits = at - begin;
    if (digits > 0 && at == text.size()) return Shape::whole;
    if (at < text.size() && text[at] == '.') {
        const auto end = skip_digits(text, at + 1);
        digits += end - at - 1;
        at = end;
    }
    if (digits == 0) return Shape::text;
    if (at == text.size()) return Shape::fraction;
    if (text[at] != 'e' && text[at] != 'E') return Shape::text;
    at += 1 + static_cast<std::size_t>(at + 1 < text.size() && (text[at + 1] == '-' || text[at + 1] == '+'));
    return at < text.size() && skip_digits(text, at) == text.size() ? Shape::fraction : Shape::text;
}

template <class Number> std::optional<std::string> whole_to_json(std::string_view digits, int base) {
    Number value{};
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
    if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
    return std::to_string(value);
}

std::optional<std::string> fraction_to_json(std::string_view text) {
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
    std::array<char, 32> out;
    const auto written = std::to_chars(out.data(), out.data() + out.size(), value);
    std::string json(out.data(), written.ptr);
    if (json.find_first_of(".e") == std::string::npos) json += ".0";
    return json;
}

bool is_based(std::string_view text, std::string_view prefix, std::string_view digits) {
    return text.size() > prefix.size() && text.starts_with(prefix) &&
           text.find_first_not_of(digits, prefix.size()) == std::string_view::npos;
}

/// How many bytes the character that begins here has; 0 when it is broken.
std::size_t utf8_length(std::string_view text) {
    const auto byte = [&](std::size_t i) {
        return i < text.size() ? static_cast<std::uint8_t>(text[i]) : std::uint8_t{0};
    };
    const auto follows = [&](std::size_t i) { return (byte(i) & 0xc0) == 0x80; };
    const auto first = byte(0), second = byte(1);
    if (first < 0x80) return 1;
    if (first < 0xc2 || first > 0xf4 || !follows(1)) return 0;
    if (first < 0xe0) return 2;
    if ((first == 0xe0 && second < 0xa0) || (first == 0xed && second > 0x9f) || !follows(2)) return 0;
    if (first < 0xf0) return 3;
    if ((first == 0xf0 && second < 0x90) || (first == 0xf4 && second > 0x8f) || !follows(3)) return 0;
    return 4;
}

}  // namespace

std::string quoted(std::string_view text) {
    constexpr std::string_view hex = "0123456789abcdef";
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            out += {'\\', c};
        } else if (c == '\n') {
            out += "\\n";
        } else if (c == '\t') {
            out += "\\t";
        } else if (static_cast<std::uint8_t>(c) < 0x20) {
            out += "\\u00";
            out += {hex[static_cast<std::size_t>(c) >> 4], hex[static_cast<std::size_t>(c) & 15]};
        } else {
            out += c;
        }
    }
    return out += '"';
}

std::optional<std::string> plain_to_json(std::string_view text) {
    using namespace std::string_view_literals;
    if (is_one_of(text, std::array{""sv, "~"sv, "null"sv, "Null"sv, "NULL"sv})) return "null";
    if (is_one_of(text, std::array{"true"sv, "True"sv, "TRUE"sv})) return "true";
    if (is_one_of(text, std::array{"false"sv, "False"sv, "FALSE"sv})) return "false";
    if (is_based(text, "0o", "01234567")) return whole_to_json<std::uint64_t>(text.substr(2), 8);
    if (is_based(text, "0x", "0123456789abcdefABCDEF")) return whole_to_json<std::uint64_t>(text.substr(2), 16);
    const bool negative = text.starts_with('-');
    const auto unsigned_text = text.substr(negative || text.starts_with('+') ? 1 : 0);
    if (is_one_of(unsigned_text, std::array{".inf"sv, ".Inf"sv, ".INF"sv})) return std::nullopt;
    if (is_one_of(text, std::array{".nan"sv, ".NaN"sv, ".NAN"sv})) return std::nullopt;
    switch (shape_of(text)) {
        case Shape::text: return quoted(text);
        case Shape::whole:
            return negative ? whole_to_json<std::int64_t>(text, 10) : whole_to_json<std::uint64_t>(unsigned_text, 10);
        case Shape::fraction: return fraction_to_json(negative ? text : unsigned_text);
    }
    return std::nullopt;
}

std::size_t find_broken_utf8(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        const auto length = utf8_length(text.substr(at));
        if (length == 0) return at;
        at += length;
    }
    return std::string_view::npos;
}

}  // namespace sluice::yaml
