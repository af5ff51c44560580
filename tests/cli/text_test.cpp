#include "cli/text.hpp"

#include "cli/table.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace sluice::cli {
namespace {

TEST(Text, gives_a_terminal_nothing_to_obey) {
    EXPECT_EQ(harmless("a\x1b[2Jb\x07"), "a?[2Jb?");
    EXPECT_EQ(harmless("two\nlines\tand\x7f"), "two lines and?");
    EXPECT_EQ(harmless("\xc2\x9b"
                       "31m"),
              "?31m");
    EXPECT_EQ(harmless("naïve – ✓"), "naïve – ✓");
}

TEST(Text, writes_times_in_utc_for_people) {
    EXPECT_EQ(utc("2026-01-31T12:34:56.789Z"), "2026-01-31 12:34:56");
    EXPECT_EQ(utc("soon"), "soon");
}

TEST(Text, writes_numbers_for_people) {
    EXPECT_EQ(fixed(0.123456), "0.1235");
    EXPECT_EQ(signed_fixed(0.01), "+0.0100");
    EXPECT_EQ(signed_fixed(-0.01), "-0.0100");
    EXPECT_EQ(brief(10), "10");
    EXPECT_EQ(brief(0.5), "0.5");
    EXPECT_EQ(counted(1, "fact") + ", " + counted(2, "fact"), "1 fact, 2 facts");
}

TEST(Text, keeps_a_path_segment_one_segment) {
    EXPECT_EQ(path_segment("cards.fraud-1_a"), "cards.fraud-1_a");
    EXPECT_EQ(path_segment("a/b?c#d e%"), "a%2Fb%3Fc%23d%20e%25");
    EXPECT_EQ(path_segment("\xc3\xa9"), "%C3%A9");
}

TEST(Text, guesses_what_was_meant_where_something_is_near) {
    const std::vector<std::string> known{"policy", "review", "rollout", "model"};
    EXPECT_EQ(nearest("polcy", known), "policy");
    EXPECT_EQ(nearest("rolout", known), "rollout");
    EXPECT_EQ(nearest("reviews", known), "review");
    EXPECT_EQ(nearest("banana", known), std::nullopt);
    EXPECT_EQ(nearest("x", {"get"}), std::nullopt);
}

std::string printed(const Table& table) {
    std::ostringstream out;
    table.print(out);
    return out.str();
}

TEST(Table, stands_in_columns_and_no_line_ends_in_blanks) {
    Table table{{"NAME", "WHAT"}};
    table.add({"a", "short"});
    table.add({"longer one", ""});
    EXPECT_EQ(printed(table),
              "NAME        WHAT\n"
              "a           short\n"
              "longer one\n");
}

TEST(Table, counts_characters_and_not_bytes) {
    Table table{{"N", "WHAT"}};
    table.add({"é", "one"});
    table.add({"ab", "two"});
    EXPECT_EQ(printed(table), "N   WHAT\né   one\nab  two\n");
}

TEST(Table, that_comes_in_pieces_keeps_its_widths) {
    Table first{{"N", "WHAT"}, {5}}, second{{"N", "WHAT"}, {5}};
    first.add({"1", "a"});
    second.add({"10000", "b"});
    std::ostringstream out;
    first.print(out), second.print_rows(out);
    EXPECT_EQ(out.str(), "N      WHAT\n1      a\n10000  b\n");
}

TEST(Table, makes_its_cells_harmless) {
    Table table{{"A"}};
    table.add({"evil\x1b[0m\nline"});
    EXPECT_EQ(printed(table), "A\nevil?[0m line\n");
}

TEST(Pairs, leave_out_what_is_empty) {
    std::ostringstream out;
    print_pairs(out, {{"run", "run-1"}, {"not at all", ""}, {"owner", "ann"}}, 2);
    EXPECT_EQ(out.str(), "  run    run-1\n  owner  ann\n");
}

}  // namespace
}  // namespace sluice::cli
