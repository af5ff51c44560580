#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::scorer {

/// Reads numbers from a CSV text with a header, strictly: every row has the header's number of cells, and a wanted cell
/// is a number that fits float32, or empty, which is NaN. A cell may stand in quotes, which may hold commas, but
/// neither quotes nor line ends. Whatever is wrong is a Refusal with code `<name>_…` and the line's number. The text
/// must live as long.
class Csv {
public:
    static constexpr std::size_t rows_max = 5'000'000;
    static constexpr std::size_t columns_max = 10'000;
    static constexpr std::size_t line_bytes_max = 1024 * 1024;

    /// `name` is what the text is called in refusals: dataset or probe.
    Csv(std::string_view text, std::string name, std::vector<std::string> wanted);

    /// The next row's wanted cells, in the order in which they were wanted; false when there is none.
    bool next(std::span<float> values);
    /// Of the last row; the header is line 1.
    std::size_t line() const { return line_; }

    [[noreturn]] void refuse(const std::string& problem, const std::string& detail) const;

private:
    void split_line();
    std::string_view take_cell(std::string_view& rest) const;
    void find_columns();
    float number(std::string_view cell, const std::string& column) const;

    std::string_view text_;
    std::string name_;
    std::vector<std::string> wanted_;
    std::vector<std::size_t> places_;
    std::vector<std::string_view> cells_;
    std::size_t width_ = 0;
    std::size_t line_ = 0;
};

}  // namespace sluice::scorer
