#pragma once

// Logarithm and exponential that give the same bits on every machine. The library's own may differ in the last bit
// between processors and releases, and a decided fact must come out equal wherever it is folded. Only + - * / and exact
// scaling by powers of two are used, in a fixed order; the build forbids fused multiply-add for this room.
namespace sluice::rules {

/// ln(x) for finite x > 0, within 2 units in the last place. Anything else is a caller's mistake; the answer is then
/// unspecified.
double natural_log(double x);

/// e^x, within 1e-15 relative; 0 below -708 and the largest finite number above 709: never infinite, never NaN for a
/// number.
double natural_exp(double x);

}  // namespace sluice::rules
