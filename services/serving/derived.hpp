#pragma once
#include "events/names.hpp"

#include <span>
#include <vector>

// Features that need the moment of the request: computed here, by name, from published ones.
namespace sluice::serving {

struct Derived {
    events::Column name;
    std::vector<events::Column> needs;
    /// From the values of `needs`, in their order, and the request's time in seconds since 1970; NaN is null.
    double (*compute)(std::span<const double> needs, double event_time_s);
};

/// amount_vs_mean: amount / mean_amount, null where the mean is null or 0.
/// minutes_since_last: minutes from last_time to the request, at most 43,200; null where last_time is null.
const Derived* derived_named(const events::Column& name);

}  // namespace sluice::serving
