#pragma once
#include "events/fact.hpp"

namespace sluice::events {

/// Time enters as a fact. Its cause is the fact that set the alarm.
struct DeadlinePassed {
    std::string service;
    core::Instant at;
    std::string subject() const { return "services/" + service; }
    SLUICE_FACT(DeadlinePassed, 1, "each", observed, "an alarm that this service had set has rung", service, at)
};

/// Effect: wake me at this time.
struct WakeAt {
    core::Instant at;
    static constexpr std::string_view name = "WakeAt";
    using Outcomes = std::variant<DeadlinePassed>;
    SLUICE_FIELDS(WakeAt, at)
};

}  // namespace sluice::events
