#pragma once
#include "services/deployer/decider.hpp"
#include "tests/support/facts.hpp"
#include "tests/support/scenario.hpp"

namespace sluice::deployer {

using namespace tests;

inline ApprovalGranted granted(Version version, const Model& model = fraud) {
    ApprovalGranted fact;
    fact.model = model, fact.version = version, fact.artifact = artifact_of(version);
    fact.evidence = digest_of("evidence");
    return fact;
}
inline RouteTarget target(Version version) { return {version, artifact_of(version)}; }

/// One endpoint; a canary goes over 10 % (5 s, 20 entities) and 50 % (5 s, 100 entities).
class RolloutScenario : public testing::Test, protected Scenario<Decider> {
protected:
    void given_policy(const Policy& policy = policy_of(), std::uint32_t version = 1) {
        given(PolicyPublished{version, policy});
    }
    void given_all_at_once() {
        auto policy = policy_of();
        policy.rollout = {Strategy::all_at_once, {}, {}, {}};
        given_policy(policy, 2);
    }
    /// This version, the first, takes all traffic.
    void given_live(Version version) {
        given_policy();
        given(granted(version));
        given(applied());
    }
    /// Version 1 is live and version 2 a canary, which every node has applied.
    void given_canary() {
        given_live(1);
        given(granted(2));
        given(applied());
    }
    void given_canary_at_last_step() {
        given_canary();
        given(bakes()), given(measures(20));
        given(applied()), given(bakes());
    }

    const EndpointState& here() const { return state().endpoints.at(endpoint); }
    const Active& active() const { return here().active.value(); }
    Revision revision() const { return here().route.revision; }

    RouteApplied applied() const { return {endpoint, revision(), {{"node-1"}}}; }
    static DeadlinePassed bakes() { return {"deployer", {5000}}; }
    /// So many entities in the canary's arm of this step, and nine times as many, all well, in the other.
    CanaryMeasured measures(std::uint64_t entities, std::uint64_t failed = 0) const {
        auto evidence = active().evidence;
        evidence.back().canary = {entities, failed, failed};
        evidence.back().stable = {9 * entities, 0, 0};
        return {active().of, active().measured + 1, revision(), evidence, {}};
    }
    /// The route that came to be owed with the last fact.
    Route route() const { return owed<RouteChanged>().route; }
};

}  // namespace sluice::deployer
