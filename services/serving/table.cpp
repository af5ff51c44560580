#include "services/serving/table.hpp"

#include <array>
#include <charconv>
#include <cmath>

namespace sluice::serving {
namespace {

/// 5411.0 is 5411: a column of codes with nulls becomes one of floats on many a way here.
std::string text_of(double number) {
    constexpr double exact_max = 9'007'199'254'740'992;  // 2^53
    if (std::trunc(number) == number && std::abs(number) < exact_max)
        return std::to_string(static_cast<std::int64_t>(number));
    std::array<char, 32> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), number).ptr;
    return {text.data(), end};
}

}  // namespace

std::optional<std::string> key_of(const Cell& cell) {
    if (const auto* text = std::get_if<std::string>(&cell)) return *text;
    if (const auto* whole = std::get_if<std::int64_t>(&cell)) return std::to_string(*whole);
    if (const auto* number = std::get_if<double>(&cell)) return text_of(*number);
    return std::nullopt;
}

}  // namespace sluice::serving
