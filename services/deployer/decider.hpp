#pragma once
#include "common/core/agenda.hpp"
#include "events/catalogue.hpp"

#include <deque>
#include <map>
#include <set>

// Moves traffic, step by step, on evidence. No IO, no clock.
//
//   approved ─▶ queued ─▶ started ─▶ step 1 ─▶ … ─▶ step n ─▶ promoted
//                 │          │          └─ advanced: applied, baked, enough entities, not judged worse
//                 ▼          ▼
//            superseded   rolled back (judged worse, route refused) or aborted (by a person, or archived)
//
// A version without a control arm (the first of an endpoint, or all-at-once) is promoted as soon as every node serves
// it.
namespace sluice::deployer {

using namespace events;
using Inputs =
    std::variant<PolicyPublished, ApprovalGranted, ModelVersionArchived, RolloutPauseRequested, RolloutResumeRequested,
                 RolloutAbortRequested, RolloutAdvanceRequested, RollbackRequested, CanaryMeasured, RouteApplied,
                 RouteRefused, ServingNodeJoined, ServingNodeLost, DeadlinePassed>;
using Outputs = std::variant<RolloutQueued, RolloutRefused, RolloutStarted, RouteChanged, RolloutJudged,
                             RolloutAdvanced, RolloutPaused, RolloutResumed, RolloutPromoted, RolloutRolledBack,
                             RolloutAborted, RolloutSuperseded, RolloutRequestRefused>;
using Effects = std::variant<WatchRoute, MeasureCanary, WakeAt>;

struct PolicyState {
    std::uint32_t version = 0;
    Endpoint endpoint;
    RolloutRule rollout;
    JudgeSettings judge;
    AssignmentUnit assignment{};
    std::uint32_t node_lost_after_ms = 0;
    SLUICE_FIELDS(PolicyState, version, endpoint, rollout, judge, assignment, node_lost_after_ms)
};

struct Queued {
    RolloutRef of;
    Digest artifact;
    SLUICE_FIELDS(Queued, of, artifact)
};

/// The rollout that has the endpoint.
struct Active {
    RolloutRef of;
    RouteTarget target;
    std::optional<RouteTarget> stable;  ///< what served before
    PolicyState policy;                 ///< of when it started
    bool has_control_arm = false;
    std::size_t step = 0;  ///< index into the policy's steps
    bool baked = false;    ///< with a control arm: applied and waited; without: applied
    bool paused = false;
    core::FactId route;    ///< the RouteChanged of this step: the cause of what is asked about it
    core::FactId measure;  ///< under way
    core::FactId alarm, alarm_set_by;
    std::uint32_t measured = 0;  ///< measurements so far
    std::vector<RevisionEvidence> evidence;
    SLUICE_FIELDS(Active, of, target, stable, policy, has_control_arm, step, baked, paused, route, measure, alarm,
                  alarm_set_by, measured, evidence)
};

/// What the last promotion replaced: an operator may ask for it back.
struct Promoted {
    RolloutRef of;
    std::optional<RouteTarget> before;
    SLUICE_FIELDS(Promoted, of, before)
};

struct EndpointState {
    Route route;         ///< revision 0: nothing was ever routed
    core::FactId watch;  ///< under way: does every node serve it?
    std::deque<Queued> queue;
    std::optional<Active> active;
    std::optional<Promoted> last;
    SLUICE_FIELDS(EndpointState, route, watch, queue, active, last)
};

/// What the ledger says of a serving node. `since`: the fact that said it, and the cause of the next.
struct KnownNode {
    std::string incarnation;
    core::FactId since;
    bool lives = false;
    SLUICE_FIELDS(KnownNode, incarnation, since, lives)
};

struct State {
    std::map<Model, PolicyState> policies;
    std::map<Endpoint, EndpointState> endpoints;
    std::set<ModelVersion> archived;
    std::map<Node, KnownNode> nodes;
    core::Agenda<Outputs, Effects> agenda;
    SLUICE_FIELDS(State, policies, endpoints, archived, nodes, agenda)
};

void evolve(State&, const core::Recorded<Inputs>&);

/// The same as a type, for what is generic over deciders.
struct Decider {
    static constexpr std::string_view name = "deployer";
    using Inputs = deployer::Inputs;
    using Outputs = deployer::Outputs;
    using Effects = deployer::Effects;
    using State = deployer::State;
    static void evolve(State& state, const core::Recorded<Inputs>& record) { deployer::evolve(state, record); }
};

}  // namespace sluice::deployer
