#pragma once
#include "services/deployer/decider.hpp"

// The moves of one rollout: decider.cpp says when, this says what. All take effect in State at once.
namespace sluice::deployer {

/// Starts the next queued rollout if the endpoint is free; what has become moot in the queue is superseded.
void start_next(State& state, const core::Head& head, EndpointState& endpoint);

/// Goes on with the rollout as far as its evidence allows: rolls back, advances or promotes.
void consider(State& state, const core::Head& head, EndpointState& endpoint, Verdict verdict);

/// What the judge says of the evidence so far.
struct Judged {
    double log_e_rollback = 0, log_e_promote = 0;
    std::uint64_t canary_entities = 0;
    Verdict verdict{};
};
Judged judged(const Active& active);

void measure_on(State& state, const core::Head& head, EndpointState& endpoint);
void advance(State& state, const core::Head& head, EndpointState& endpoint);
void promote(State& state, const core::Head& head, EndpointState& endpoint, PromoteReason reason);
void roll_back(State& state, const core::Head& head, EndpointState& endpoint, RollbackReason reason,
               std::string detail);
void abort(State& state, const core::Head& head, EndpointState& endpoint, const std::string& reason);

/// Back to what served before the last promotion. Needs `last` with something to go back to, and no active rollout.
void restore(State& state, const core::Head& head, EndpointState& endpoint, const std::string& reason);

/// The slot of a fact that is decided once for a rollout by one cause.
std::string slot_of(const RolloutRef& of);
inline Version version_of(const std::optional<RouteTarget>& target) { return target ? target->version : 0; }

}  // namespace sluice::deployer
