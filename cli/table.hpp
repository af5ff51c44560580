#pragma once
#include <iosfwd>
#include <string>
#include <vector>

namespace sluice::cli {

/// Columns for people: upper-case headers, no borders, two blanks between. What the cells hold is made harmless; the
/// last column is not filled up, so no line ends in blanks.
class Table {
public:
    using Row = std::vector<std::string>;

    /// Columns are at least so wide: for a table that comes in pieces.
    explicit Table(Row headers, std::vector<std::size_t> widths = {})
        : rows_{std::move(headers)}, widths_{std::move(widths)} {}
    /// As many cells as there are headers.
    void add(Row cells);
    bool empty() const { return rows_.size() == 1; }
    void print(std::ostream& out, std::size_t indent = 0) const;
    /// Without the headers.
    void print_rows(std::ostream& out) const;

private:
    std::vector<std::size_t> widths() const;

    std::vector<Row> rows_;
    std::vector<std::size_t> widths_;
};

/// A name and what stands beside it, one a line, the names equally wide. What is empty is left out.
void print_pairs(std::ostream& out, const std::vector<std::pair<std::string, std::string>>& pairs,
                 std::size_t indent = 0);

}  // namespace sluice::cli
