#include "common/core/json_text.hpp"

#include <algorithm>
#include <cstdint>

namespace sluice::core {
namespace {

bool continues(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }

/// Bytes of the character that `text` begins with; 0 where that is no UTF-8 (RFC 3629: no overlong forms, no
/// surrogates).
std::size_t character_size(std::string_view text) {
    const auto first = static_cast<unsigned char>(text[0]);
    if (first < 0x80) return 1;
    const std::size_t size = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4 || text.size() < size) return 0;
    for (std::size_t i = 1; i < size; ++i)
        if (!continues(text[i])) return 0;
    const auto second = static_cast<unsigned char>(text[1]);
    if ((first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F)) return 0;
    if ((first == 0xF0 && second < 0x90) || (first == 0xF4 && second > 0x8F)) return 0;
    return size;
}

void append_control(std::string& out, char c) {
    static constexpr char digits[] = "0123456789abcdef";
    out += "\\u00";
    out += digits[(c >> 4) & 0xF];
    out += digits[c & 0xF];
}

}  // namespace

std::string json_string(std::string_view text) {
    std::string out = "\"";
    while (!text.empty()) {
        const std::size_t size = character_size(text);
        const char c = text[0];
        if (size == 0)
            out += '?';
        else if (size > 1)
            out += text.substr(0, size);
        else if (c == '"' || c == '\\')
            (out += '\\') += c;
        else if (static_cast<unsigned char>(c) < 0x20)
            append_control(out, c);
        else
            out += c;
        text.remove_prefix(std::max<std::size_t>(size, 1));
    }
    return out += '"';
}

bool nests_deeper_than(std::size_t levels, std::string_view text) {
    std::size_t depth = 0;
    bool in_string = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '"')
            in_string = !in_string;
        else if (in_string)
            i += c == '\\';
        else if ((c == '[' || c == '{') && ++depth > levels)
            return true;
        else if ((c == ']' || c == '}') && depth > 0)
            --depth;
    }
    return false;
}

}  // namespace sluice::core
