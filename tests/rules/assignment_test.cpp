#include "rules/assignment.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <string>

namespace sluice::rules {
namespace {

constexpr int entities = 100000;
constexpr int cells = 100;
// Chi-square with 99 degrees of freedom exceeds 148 with probability 0.001; hashes are fixed, so that this never
// flickers.
constexpr double chi_square_limit = 148;

std::string entity(int number) { return "user-" + std::to_string(number); }

double chi_square(const std::array<int, cells>& counts, double expected) {
    double sum = 0;
    for (const int count : counts) sum += (count - expected) * (count - expected) / expected;
    return sum;
}

// Computed with Python's hashlib and struct.
TEST(Assignment, is_the_documented_function) {
    EXPECT_EQ(assignment_hash("", ""), 0xaf5570f5a1810b7au);
    EXPECT_EQ(assignment_hash("rollout-1", "user-1"), 0x66cebc3498231bffu);
    EXPECT_EQ(assignment_hash("rollout-1", "zo\xc3\xab"), 0xdf4bde4daccc3f1bu);
}

TEST(Assignment, knows_where_the_salt_ends) {
    EXPECT_NE(assignment_hash("rollout-1", "user-1"), assignment_hash("rollout-1u", "ser-1"));
    EXPECT_EQ(assignment_hash("rollout-1u", "ser-1"), 0x5dde169b90e394au);
}

TEST(Assignment, only_moves_entities_to_the_canary_when_the_weight_rises) {
    for (int i = 0; i < 2000; ++i) {
        const auto hash = assignment_hash("rollout-1", entity(i));
        bool canary = false;
        for (std::uint32_t weight = 0; weight <= whole_weight; weight += 50) {
            EXPECT_TRUE(!canary || to_canary(hash, weight)) << entity(i) << " left the canary at " << weight;
            canary = to_canary(hash, weight);
        }
    }
}

TEST(Assignment, gives_nobody_at_zero_and_everybody_at_the_whole) {
    for (const std::uint64_t hash : {std::uint64_t{0}, std::uint64_t{9999}, ~std::uint64_t{0}}) {
        EXPECT_FALSE(to_canary(hash, 0));
        EXPECT_TRUE(to_canary(hash, whole_weight));
        EXPECT_TRUE(to_canary(hash, whole_weight + 1));
    }
    EXPECT_TRUE(to_canary(20999, 1000));
    EXPECT_FALSE(to_canary(21000, 1000));
}

TEST(Assignment, spreads_entities_evenly) {
    std::array<int, cells> counts{};
    for (int i = 0; i < entities; ++i) ++counts[assignment_hash("rollout-1", entity(i)) % whole_weight / cells];
    EXPECT_LT(chi_square(counts, entities / double{cells}), chi_square_limit);
}

TEST(Assignment, gives_the_canary_its_share) {
    for (const std::uint32_t weight : {100u, 1000u, 5000u, 9500u}) {
        int canary = 0;
        for (int i = 0; i < entities; ++i) canary += to_canary(assignment_hash("rollout-2", entity(i)), weight);
        const double share = weight / double{whole_weight};
        EXPECT_NEAR(canary, entities * share, 3.3 * std::sqrt(entities * share * (1 - share))) << weight;
    }
}

TEST(Assignment, draws_anew_with_another_salt) {
    std::array<int, cells> counts{};
    for (int i = 0; i < entities; ++i) {
        const auto first = assignment_hash("rollout-1", entity(i)) % whole_weight / 1000;
        const auto second = assignment_hash("rollout-2", entity(i)) % whole_weight / 1000;
        ++counts[first * 10 + second];
    }
    EXPECT_LT(chi_square(counts, entities / double{cells}), chi_square_limit);
}

}  // namespace
}  // namespace sluice::rules
