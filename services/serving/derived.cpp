#include "services/serving/derived.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace sluice::serving {
namespace {

constexpr double null = std::numeric_limits<double>::quiet_NaN();
constexpr double minutes_max = 43'200;  // 30 days

double amount_vs_mean(std::span<const double> needs, double) {
    const double amount = needs[0], mean = needs[1];
    return mean == 0 ? null : amount / mean;
}

double minutes_since_last(std::span<const double> needs, double event_time_s) {
    const double last_time = needs[0];
    return std::isnan(last_time) ? null : std::min((event_time_s - last_time) / 60, minutes_max);
}

}  // namespace

const Derived* derived_named(const events::Column& name) {
    static const std::array known{Derived{{"amount_vs_mean"}, {{"amount"}, {"mean_amount"}}, amount_vs_mean},
                                  Derived{{"minutes_since_last"}, {{"last_time"}}, minutes_since_last}};
    const auto found = std::ranges::find(known, name, &Derived::name);
    return found == known.end() ? nullptr : &*found;
}

}  // namespace sluice::serving
