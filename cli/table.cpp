#include "cli/table.hpp"

#include "cli/text.hpp"

#include <algorithm>
#include <ostream>

namespace sluice::cli {
namespace {

/// In characters: every byte of UTF-8 but those that continue one.
std::size_t width_of(const std::string& text) {
    return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; }));
}

void print_row(std::ostream& out, const Table::Row& row, const std::vector<std::size_t>& widths, std::size_t indent) {
    std::string line(indent, ' ');
    for (std::size_t i = 0; i < row.size(); ++i) {
        line += row[i];
        line.append(widths[i] - width_of(row[i]) + 2, ' ');
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out << line << '\n';
}

}  // namespace

void Table::add(Row cells) {
    for (auto& cell : cells) cell = harmless(cell);
    cells.resize(rows_.front().size());
    rows_.push_back(std::move(cells));
}

std::vector<std::size_t> Table::widths() const {
    auto widths = widths_;
    widths.resize(rows_.front().size());
    for (const auto& row : rows_)
        for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width_of(row[i]));
    return widths;
}

void Table::print(std::ostream& out, std::size_t indent) const {
    const auto wide = widths();
    for (const auto& row : rows_) print_row(out, row, wide, indent);
}

void Table::print_rows(std::ostream& out) const {
    const auto wide = widths();
    for (std::size_t i = 1; i < rows_.size(); ++i) print_row(out, rows_[i], wide, 0);
}

void print_pairs(std::ostream& out, const std::vector<std::pair<std::string, std::string>>& pairs, std::size_t indent) {
    std::size_t width = 0;
    for (const auto& [name, value] : pairs)
        if (!value.empty()) width = std::max(width, name.size());
    for (const auto& [name, value] : pairs)
        if (!value.empty())
            out << std::string(indent, ' ') << name << std::string(width - name.size() + 2, ' ') << harmless(value)
                << '\n';
}

}  // namespace sluice::cli
