#pragma once
#include "services/console/decider.hpp"

// What the state means, in words: pure readings, nothing that is stored.
namespace sluice::console {

SLUICE_ENUM(Stage, waiting_for_policy, evaluating, evaluation_failed, evaluation_errored, evaluation_cancelled,
            evaluated, waiting_for_review, denied, expired, approved, rollout_refused, queued, rolling_out, paused,
            champion, replaced, rolled_back, aborted, superseded, archived)

/// Where a version stands; the words say more than the stage.
struct Standing {
    Stage stage{};
    std::string text;
};
Standing standing_of(const State& state, const Model& model, Version version);

/// Canary entities so far, and how many the step needs.
struct Entities {
    std::uint64_t counted = 0, wanted = 0;
};
Entities entities_of(const RolloutView& rollout);

/// Why it does not go on just now; empty where it has ended.
std::string why_it_waits(const State& state, const RolloutView& rollout);

/// The rollout that has the endpoint; none where it is free.
const RolloutView* active_on(const State& state, const EndpointView& endpoint);
/// Those that wait for it, the first in line first.
std::vector<const RolloutView*> queue_of(const State& state, const EndpointView& endpoint);

/// How much of each endpoint's traffic a version takes, in percent.
std::map<Endpoint, double> live_shares(const State& state, const Model& model, Version version);

}  // namespace sluice::console
