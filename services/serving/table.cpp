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

void Table::add_column(std::string name, const Cell& cell) {
    const auto count = rows();
    std::vector<Cell> wider;
    wider.reserve(cells_.size() + count);
    for (std::size_t i = 0; i < cells_.size(); ++i) {
        wider.push_back(std::move(cells_[i]));
        if ((i + 1) % columns_.size() == 0) wider.push_back(cell);
    }
    cells_ = std::move(wider);
    columns_.push_back(std::move(name));
}

std::optional<Mistake> name_entity(Table& rows, const std::string& column, const std::string& entity) {
    const auto at = rows.find(column);
    if (!at) {
        rows.add_column(column, entity);
        return std::nullopt;
    }
    for (std::size_t row = 0; row < rows.rows(); ++row) {
        auto& cell = rows.at(row, *at);
        if (std::holds_alternative<Absent>(cell) || std::holds_alternative<Null>(cell))
            cell = entity;
        else if (key_of(cell) != entity)
            return Mistake{"two_entities",
                           "Row " + std::to_string(row) + " names another " + column +
                               " than the header Sluice-Entity-Key; send one of the two, or the same in both.",
                           column};
    }
    return std::nullopt;
}

std::optional<std::string> key_of(const Cell& cell) {
    if (const auto* text = std::get_if<std::string>(&cell)) return *text;
    if (const auto* whole = std::get_if<std::int64_t>(&cell)) return std::to_string(*whole);
    if (const auto* number = std::get_if<double>(&cell)) return text_of(*number);
    return std::nullopt;
}

}  // namespace sluice::serving
