#include "rules/portable_math.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <random>

namespace sluice::rules {
namespace {

std::uint64_t bits(double x) {
    std::uint64_t out = 0;
    std::memcpy(&out, &x, sizeof out);
    return out;
}

double random_positive(std::mt19937_64& random) {
    const double fraction = static_cast<double>(random() >> 11) * 0x1p-53 + 0x1p-54;
    return std::ldexp(fraction, static_cast<int>(random() % 200) - 100);
}

TEST(PortableMath, takes_logarithms_as_well_as_the_library) {
    std::mt19937_64 random{7};
    for (int i = 0; i < 100000; ++i) {
        const double x = random_positive(random);
        EXPECT_NEAR(natural_log(x), std::log(x), 4e-16 * std::abs(std::log(x))) << x;
    }
    for (int i = -1000; i <= 1000; ++i) {
        const double near_one = 1 + i * 1e-6;
        EXPECT_NEAR(natural_log(near_one), std::log(near_one), 4e-16 * std::abs(std::log(near_one))) << near_one;
    }
}

TEST(PortableMath, takes_exponentials_as_well_as_the_library) {
    for (int i = -70000; i <= 70000; i += 3) {
        const double x = i / 100.0;
        EXPECT_NEAR(natural_exp(x) / std::exp(x), 1, 1e-15) << x;
    }
}

TEST(PortableMath, stays_finite_where_numbers_end) {
    EXPECT_EQ(natural_log(1), 0);
    EXPECT_EQ(natural_exp(0), 1);
    EXPECT_EQ(natural_exp(-1e300), 0);
    EXPECT_EQ(natural_exp(1e300), std::numeric_limits<double>::max());
    EXPECT_NEAR(natural_log(std::numeric_limits<double>::max()), 709.782712893384, 1e-12);
    EXPECT_NEAR(natural_log(std::numeric_limits<double>::denorm_min()), -744.4400719213812, 1e-12);
}

// The numbers themselves: another machine, compiler or release must print the same ones.
TEST(PortableMath, gives_these_bits_everywhere) {
    EXPECT_EQ(bits(natural_log(0.01)), 13840243015965562134u);
    EXPECT_EQ(bits(natural_log(3)), 4607626529066517259u);
    EXPECT_EQ(bits(natural_exp(-4.6)), 4576948110576435360u);
    EXPECT_EQ(bits(natural_exp(1)), 4613303445314885482u);
}

}  // namespace
}  // namespace sluice::rules
