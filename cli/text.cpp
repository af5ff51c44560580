#include "cli/text.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <numeric>
#include <utility>

namespace sluice::cli {
namespace {

std::string printed(const char* format, int decimals, double number) {
    char text[64];
    const int size = std::snprintf(text, sizeof text, format, decimals, number);
    return {text, static_cast<std::size_t>(std::min<int>(size, sizeof text - 1))};
}

bool is_c1(std::string_view text, std::size_t at) {
    return text[at] == '\xc2' && at + 1 < text.size() && static_cast<unsigned char>(text[at + 1]) < 0xa0;
}

// Levenshtein's distance, one row at a time.
std::size_t distance(std::string_view one, std::string_view other) {
    std::vector<std::size_t> row(other.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < one.size(); ++i) {
        std::size_t diagonal = std::exchange(row[0], i + 1);
        for (std::size_t j = 0; j < other.size(); ++j) {
            const auto replaced = diagonal + (one[i] == other[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({replaced, row[j] + 1, diagonal + 1});
        }
    }
    return row.back();
}

}  // namespace

std::string harmless(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '\n' || c == '\t' || c == '\r')
            out += ' ';
        else if ((c >= 0 && c < ' ') || c == '\x7f')
            out += '?';
        else if (is_c1(text, i))
            out += '?', ++i;
        else
            out += c;
    }
    return out;
}

std::string utc(const std::string& rfc3339) {
    if (rfc3339.size() < 20 || rfc3339[10] != 'T' || rfc3339.back() != 'Z') return rfc3339;
    return rfc3339.substr(0, 10) + " " + rfc3339.substr(11, 8);
}

std::string fixed(double number, int decimals) { return printed("%.*f", decimals, number); }
std::string signed_fixed(double number, int decimals) { return printed("%+.*f", decimals, number); }
std::string brief(double number) { return printed("%.*g", 6, number); }

std::string counted(std::uint64_t count, const std::string& noun) {
    return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

std::string joined(const std::vector<std::string>& parts, std::string_view by) {
    std::string out;
    for (const auto& part : parts) {
        if (&part != &parts.front()) out += by;
        out += part;
    }
    return out;
}

std::string path_segment(std::string_view text) {
    constexpr std::string_view plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    constexpr std::string_view hex = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (plain.find(c) != std::string_view::npos)
            out += c;
        else
            (out += '%', out += hex[byte >> 4]) += hex[byte & 15];
    }
    return out;
}

std::optional<std::string> nearest(const std::string& typed, const std::vector<std::string>& known) {
    const auto bound = std::max<std::size_t>(2, typed.size() / 3);
    std::optional<std::string> best;
    std::size_t least = bound + 1;
    for (const auto& word : known) {
        const auto far = distance(typed, word);
        if (far < least && far < word.size()) best = word, least = far;
    }
    return best;
}

}  // namespace sluice::cli
