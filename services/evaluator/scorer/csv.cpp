#include "services/evaluator/scorer/csv.hpp"

#include "services/evaluator/scorer/refusal.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

namespace sluice::scorer {

Csv::Csv(std::string_view text, std::string name, std::vector<std::string> wanted)
    : text_{text}, name_{std::move(name)}, wanted_{std::move(wanted)} {
    constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
    if (text_.substr(0, byte_order_mark.size()) == byte_order_mark) text_.remove_prefix(byte_order_mark.size());
    if (text_.empty()) refuse("empty", "the file is empty; write a header and rows");
    split_line();
    find_columns();
}

bool Csv::next(std::span<float> values) {
    if (text_.empty()) return false;
    split_line();
    if (line_ > rows_max + 1)
        refuse("too_many_rows", "there are more than " + std::to_string(rows_max) + " rows; take a sample");
    if (cells_.size() != width_)
        refuse("wrong_cell_count", "the line has " + std::to_string(cells_.size()) + " cells, the header has " +
                                       std::to_string(width_) + "; write every cell, an empty one for a missing value");
    for (std::size_t i = 0; i < wanted_.size(); ++i) values[i] = number(cells_[places_[i]], wanted_[i]);
    return true;
}

void Csv::refuse(const std::string& problem, const std::string& detail) const {
    const auto where = line_ == 0 ? name_ : name_ + " line " + std::to_string(line_);
    throw Refusal{name_ + "_" + problem, where + ": " + detail};
}

void Csv::split_line() {
    ++line_;
    const auto length = std::min(text_.find('\n'), text_.size());
    if (length > line_bytes_max)
        refuse("line_too_long",
               "the line has more than " + std::to_string(line_bytes_max) + " bytes; write fewer columns");
    auto rest = text_.substr(0, length);
    text_.remove_prefix(std::min(length + 1, text_.size()));
    if (!rest.empty() && rest.back() == '\r') rest.remove_suffix(1);
    cells_.clear();
    bool more = true;
    while (more) {
        cells_.push_back(take_cell(rest));
        more = !rest.empty();
        if (more) rest.remove_prefix(1);  // the comma
        if (cells_.size() > columns_max)
            refuse("too_many_columns",
                   "there are more than " + std::to_string(columns_max) + " columns; leave out the unused");
    }
}

/// Leaves the comma, or nothing, in `rest`.
std::string_view Csv::take_cell(std::string_view& rest) const {
    const bool quoted = !rest.empty() && rest.front() == '"';
    const auto end = quoted ? rest.find('"', 1) : rest.find(',');
    if (quoted && (end == rest.npos || (end + 1 < rest.size() && rest[end + 1] != ',')))
        refuse("bad_quotes", "a quoted cell does not end where it should; use no quotes or line ends inside of quotes");
    const auto cell = quoted ? rest.substr(1, end - 1) : rest.substr(0, end);
    rest.remove_prefix(quoted ? end + 1 : cell.size());
    return cell;
}

void Csv::find_columns() {
    width_ = cells_.size();
    for (const auto& column : wanted_) {
        const auto count = std::count(cells_.begin(), cells_.end(), column);
        if (count == 0)
            refuse("missing_column",
                   "there is no column " + column + "; write one column for each input of the signature");
        if (count > 1) refuse("doubled_column", "there are several columns " + column + "; leave one");
        places_.push_back(static_cast<std::size_t>(std::find(cells_.begin(), cells_.end(), column) - cells_.begin()));
    }
}

/// By way of double, as the training side and JSON requests do: the same text is the same float everywhere.
float Csv::number(std::string_view cell, const std::string& column) const {
    if (cell.empty()) return std::numeric_limits<float>::quiet_NaN();
    double value = 0;
    const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
    if (error != std::errc{} || end != cell.data() + cell.size() || !std::isfinite(static_cast<float>(value)))
        refuse("not_a_number", "the cell of column " + column +
                                   " is not a number that fits float32; write one such as "
                                   "12.5, or leave the cell empty for a missing value");
    return static_cast<float>(value);
}

}  // namespace sluice::scorer
