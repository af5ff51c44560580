#include "services/evaluator/scorer/csv.hpp"
#include "services/evaluator/scorer/refusal.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace sluice::scorer {
namespace {

using Rows = std::vector<std::vector<float>>;

Rows rows_of(const std::string& text, const std::vector<std::string>& wanted) {
    Csv csv{text, "dataset", wanted};
    Rows rows;
    std::vector<float> row(wanted.size());
    while (csv.next(row)) rows.push_back(row);
    return rows;
}

app::Refused refusal_of(const std::string& text, const std::vector<std::string>& wanted = {"a"}) {
    try {
        rows_of(text, wanted);
    } catch (const Refusal& refusal) {
        return refusal.answer;
    }
    return {"none", "it was read"};
}

TEST(Csv, gives_the_wanted_columns_in_the_wanted_order) {
    EXPECT_EQ(rows_of("a,b,c\n1,2,3\n4,5,6\n", {"c", "a"}), (Rows{{3, 1}, {6, 4}}));
}

TEST(Csv, takes_line_ends_of_both_kinds_a_byte_order_mark_and_no_last_line_end) {
    EXPECT_EQ(rows_of("\xEF\xBB\xBF"
                      "a,b\r\n1,2\r\n3,4",
                      {"a", "b"}),
              (Rows{{1, 2}, {3, 4}}));
    EXPECT_EQ(rows_of("a,b\n", {"a"}), Rows{});
    EXPECT_EQ(rows_of("a,b", {"a"}), Rows{});
}

TEST(Csv, takes_cells_in_quotes) {
    EXPECT_EQ(rows_of("\"a\",name,b\n1,\"Smith, Ann\",\"2.5\"\n", {"a", "b"}), (Rows{{1, 2.5f}}));
}

TEST(Csv, reads_an_empty_cell_as_a_missing_value) {
    const auto rows = rows_of("a,b\n,1\n2,\n\"\",\"\"\n", {"a", "b"});
    ASSERT_EQ(rows.size(), 3u);
    EXPECT_TRUE(std::isnan(rows[0][0]) && rows[0][1] == 1);
    EXPECT_TRUE(rows[1][0] == 2 && std::isnan(rows[1][1]));
    EXPECT_TRUE(std::isnan(rows[2][0]) && std::isnan(rows[2][1]));
}

TEST(Csv, reads_numbers_as_the_training_side_does) {
    EXPECT_EQ(rows_of("a\n0.1\n-1e3\n1e-50\n16777217\n", {"a"}), (Rows{{0.1f}, {-1000}, {0}, {16777216}}));
}

TEST(Csv, ignores_what_stands_in_other_columns) { EXPECT_EQ(rows_of("a,note\n1,hello\n", {"a"}), (Rows{{1}})); }

TEST(Csv, names_a_column_that_is_missing_or_doubled) {
    EXPECT_EQ(refusal_of("a,b\n", {"b", "amount"}).code, "dataset_missing_column");
    EXPECT_NE(refusal_of("a,b\n", {"b", "amount"}).detail.find("no column amount"), std::string::npos);
    EXPECT_EQ(refusal_of("a,a\n").code, "dataset_doubled_column");
}

TEST(Csv, names_the_line_of_what_is_no_number) {
    for (const std::string cell :
         {"x", "1x", " 1", "1 ", "nan", "inf", "-inf", "1e39", "1e999", "0x10", "1;2", "True"}) {
        const auto refused = refusal_of("a,b\n1,1\n" + cell + ",1\n");
        EXPECT_EQ(refused.code, "dataset_not_a_number") << cell;
        EXPECT_EQ(refused.detail.rfind("dataset line 3: ", 0), 0u) << refused.detail;
        EXPECT_NE(refused.detail.find("column a"), std::string::npos) << refused.detail;
    }
}

TEST(Csv, wants_as_many_cells_as_the_header_has) {
    for (const auto* line : {"1", "1,2,3", ",,", ""}) {
        const auto refused = refusal_of(std::string("a,b\n") + line + "\n1,2\n");
        EXPECT_EQ(refused.code, "dataset_wrong_cell_count") << line;
        EXPECT_NE(refused.detail.find("line 2"), std::string::npos);
    }
}

TEST(Csv, refuses_quotes_that_it_cannot_read) {
    for (const auto* line : {"\"1", "\"1\"2", "\"a\"\"b\""})
        EXPECT_EQ(refusal_of(std::string("a\n") + line + "\n").code, "dataset_bad_quotes");
}

TEST(Csv, refuses_an_empty_file) { EXPECT_EQ(refusal_of("").code, "dataset_empty"); }

TEST(Csv, has_a_limit_on_rows) {
    std::string text = "a\n";
    for (std::size_t i = 0; i < Csv::rows_max; ++i) text += "1\n";
    EXPECT_EQ(refusal_of(text).code, "none");
    EXPECT_EQ(refusal_of(text + "1\n").code, "dataset_too_many_rows");
}

TEST(Csv, has_a_limit_on_columns_and_on_the_length_of_a_line) {
    std::string commas(Csv::columns_max - 1, ',');
    EXPECT_EQ(refusal_of("a" + commas + "\n").code, "none");
    EXPECT_EQ(refusal_of("a," + commas + "\n").code, "dataset_too_many_columns");
    EXPECT_EQ(refusal_of("a\n" + std::string(Csv::line_bytes_max + 1, '1')).code, "dataset_line_too_long");
}

}  // namespace
}  // namespace sluice::scorer
