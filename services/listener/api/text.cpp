#include "services/listener/api/text.hpp"

#include <algorithm>
#include <cstdint>

namespace sluice::listener {
namespace {

constexpr int levels_max = 32;
constexpr int commas_max = 10'000;

std::uint8_t byte(char c) { return static_cast<std::uint8_t>(c); }

std::size_t size_from(std::uint8_t first) {
    if (first < 0x80) return 1;
    if (first < 0xC2 || first > 0xF4) return 0;
    return first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
}

/// Takes the first character off; nothing where it is none.
std::optional<char32_t> take_character(std::string_view& text) {
    const auto size = size_from(byte(text[0]));
    if (size == 0 || text.size() < size) return std::nullopt;
    char32_t c = size == 1 ? byte(text[0]) : byte(text[0]) & (0x7Fu >> size);
    for (std::size_t i = 1; i < size; ++i) {
        if ((byte(text[i]) & 0xC0) != 0x80) return std::nullopt;
        c = c << 6 | (byte(text[i]) & 0x3Fu);
    }
    const bool overlong = (size == 3 && c < 0x800) || (size == 4 && c < 0x10000);
    if (overlong || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF)) return std::nullopt;
    text.remove_prefix(size);
    return c;
}

bool is_control(char32_t c) { return c < 0x20 || (c >= 0x7F && c <= 0x9F); }
bool is_noncharacter(char32_t c) { return (c >= 0xFDD0 && c <= 0xFDEF) || (c & 0xFFFE) == 0xFFFE; }

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

std::optional<std::string> percent_decoded(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out += text[i];
            continue;
        }
        if (i + 2 >= text.size()) return std::nullopt;
        const int high = hex_digit(text[i + 1]), low = hex_digit(text[i + 2]);
        if (high < 0 || low < 0) return std::nullopt;
        out += static_cast<char>(high << 4 | low);
        i += 2;
    }
    return out;
}

std::string unquoted(std::string_view value) {
    if (value.size() < 2 || value.front() != '"' || value.back() != '"') return std::string(value);
    std::string out;
    value = value.substr(1, value.size() - 2);
    for (std::size_t i = 0; i < value.size(); ++i) {
        if (value[i] == '\\' && i + 1 < value.size()) ++i;
        out += value[i];
    }
    return out;
}

}  // namespace

bool is_utf8(std::string_view text) {
    while (!text.empty())
        if (!take_character(text)) return false;
    return true;
}

bool is_attribute(std::string_view text) {
    while (!text.empty()) {
        const auto c = take_character(text);
        if (!c || is_control(*c) || is_noncharacter(*c)) return false;
    }
    return true;
}

std::optional<std::string> header_text(std::string_view value) {
    auto text = percent_decoded(unquoted(value));
    return text && is_utf8(*text) ? text : std::nullopt;
}

bool is_modest_json(std::string_view text) {
    int level = 0, commas = 0;
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '"')
            quoted = !quoted;
        else if (quoted)
            i += c == '\\';
        else if (c == '{' || c == '[')
            ++level;
        else if (c == '}' || c == ']')
            --level;
        else
            commas += c == ',';
        if (level > levels_max || commas > commas_max) return false;
    }
    return true;
}

std::string base64(std::string_view bytes) {
    constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        std::uint32_t group = 0;
        const auto count = std::min<std::size_t>(3, bytes.size() - i);
        for (std::size_t k = 0; k < 3; ++k) group = group << 8 | (k < count ? byte(bytes[i + k]) : 0u);
        for (std::size_t k = 0; k < 4; ++k) out += k <= count ? digits[group >> (18 - 6 * k) & 63] : '=';
    }
    return out;
}

}  // namespace sluice::listener
