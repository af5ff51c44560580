#pragma once
#include "common/core/fold.hpp"

#include <functional>

namespace sluice::core {

/// What its writer knows of a fact, before it is a record.
struct Stamp {
    FactId id, cause, correlation;  ///< cause: none where it lies outside the ledger
    std::optional<Position> basis;
    Position seen = 0;
    Time time = 0;
    std::string cell, service;
    std::string actor;  ///< subject id of a person or job; empty otherwise
    std::string trace;
};

/// How one decider's facts look as bytes. events/codec.hpp makes it; whoever runs a decider is given it.
template <class Decider> struct Codec {
    /// Nothing: no fact of anybody's (foreign). A failure is fatal: a type that this decider reads, in a form that it
    /// cannot.
    std::function<Result<std::optional<Incoming<Decider>>>(const Record&)> read;
    std::function<Draft(const Stamp&, const typename Decider::Outputs&)> write_decided;
    std::function<Draft(const Stamp&, const typename Decider::Inputs&)> write_observed;
};

}  // namespace sluice::core
