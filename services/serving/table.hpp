#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace sluice::serving {

struct Absent {};  ///< the row does not have this column
struct Null {};
struct Other {};  ///< true, false, an array or an object: fits no column that anybody reads
using Cell = std::variant<Absent, Null, double, std::int64_t, std::string, Other>;

/// What a request asks about: rows of cells under named columns. More columns than a model reads are no mistake.
class Table {
public:
    explicit Table(std::vector<std::string> columns) : columns_{std::move(columns)} {}

    /// Absent where the row is not filled.
    void add_row() { cells_.resize(cells_.size() + columns_.size()); }
    Cell& last(std::size_t column) { return cells_[cells_.size() - columns_.size() + column]; }

    std::size_t rows() const { return columns_.empty() ? 0 : cells_.size() / columns_.size(); }
    const std::vector<std::string>& columns() const { return columns_; }
    std::optional<std::size_t> find(const std::string& column) const {
        for (std::size_t i = 0; i < columns_.size(); ++i)
            if (columns_[i] == column) return i;
        return std::nullopt;
    }
    const Cell& at(std::size_t row, std::optional<std::size_t> column) const {
        static const Cell absent;
        return column ? cells_[row * columns_.size() + *column] : absent;
    }

    /// One more column, with this in every row.
    void add_column(std::string name, const Cell& cell);
    Cell& at(std::size_t row, std::size_t column) { return cells_[row * columns_.size() + column]; }

private:
    std::vector<std::string> columns_;
    std::vector<Cell> cells_;  // row by row
};

/// A client's mistake, for a problem with status 400.
struct Mistake {
    std::string code, detail;
    std::string column = {};  ///< where it is that nobody gives a column: its name
};

/// A key as text: a number is the same as the text that a person would write for it. Nothing for what is no key.
std::optional<std::string> key_of(const Cell& cell);

/// The entity that the protocol names stands in this column, in every row that leaves it out. A row that names another
/// one is a mistake: it would be routed as one entity and scored as another.
std::optional<Mistake> name_entity(Table& rows, const std::string& column, const std::string& entity);

}  // namespace sluice::serving
