#include "rules/portable_math.hpp"

#include <cmath>
#include <limits>

namespace sluice::rules {
namespace {

// ln 2 in two parts: the first has 20 zero bits at its end, so that a product with an exponent is exact.
constexpr double ln2_high = 0x1.62e42fefp-1;
constexpr double ln2_low = 0x1.473de6af278edp-34;
constexpr double root_of_half = 0x1.6a09e667f3bcdp-1;

}  // namespace

double natural_log(double x) {
    int exponent = 0;
    double mantissa = std::frexp(x, &exponent);
    if (mantissa < root_of_half) {
        mantissa *= 2;
        --exponent;
    }
    // ln m = 2 artanh((m-1)/(m+1)); |s| <= 0.172, so that the first term left out is below 2^-58 of the sum.
    const double s = (mantissa - 1) / (mantissa + 1);
    const double square = s * s;
    double tail = 0;
    for (int odd = 23; odd >= 3; odd -= 2) tail = (tail + 1.0 / odd) * square;
    return exponent * ln2_high + (2 * s + (2 * s * tail + exponent * ln2_low));
}

double natural_exp(double x) {
    if (x < -708) return 0;
    if (x > 709) return std::numeric_limits<double>::max();
    const double twos = std::floor(x / (ln2_high + ln2_low) + 0.5);
    const double rest = (x - twos * ln2_high) - twos * ln2_low;
    double sum = 1;
    for (int term = 16; term >= 1; --term) sum = 1 + rest / term * sum;
    return std::ldexp(sum, static_cast<int>(twos));
}

}  // namespace sluice::rules
