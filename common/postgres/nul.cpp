#include "common/postgres/nul.hpp"

#include <algorithm>

namespace sluice::postgres {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";
constexpr std::string_view escaped_nul = "\\u0000";

}  // namespace

std::string without_nul(std::string_view text) {
    std::string clean;
    for (const char c : text) c == '\0' ? clean += replacement : clean += c;
    return clean;
}

std::string json_without_nul(std::string_view json) {
    std::string clean;
    while (!json.empty()) {
        const auto backslash = json.find('\\');
        clean += json.substr(0, backslash);
        if (backslash == json.npos) break;
        json.remove_prefix(backslash);
        const bool is_nul = json.starts_with(escaped_nul);
        const auto size = is_nul ? escaped_nul.size() : std::min<std::size_t>(2, json.size());
        clean += is_nul ? replacement : json.substr(0, size);
        json.remove_prefix(size);
    }
    return clean;
}

}  // namespace sluice::postgres
