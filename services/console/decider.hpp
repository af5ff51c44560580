#pragma once
#include "common/core/agenda.hpp"
#include "events/catalogue.hpp"
#include "services/console/view.hpp"

// What people ask to see: the ledger's facts, arranged by version, endpoint and request. Decides nothing. No IO, no
// clock.
namespace sluice::console {

using Inputs = std::variant<
    // listener
    TrainingStarted, TrainingCompleted, TrainingFailed,
    // registry
    ModelVersionRegistered, AliasMoveRequested, AliasMoved, ArchiveRequested, ModelVersionArchived,
    RegistryRequestRefused,
    // console: what people asked here, read back
    PolicySubmitted, ReviewSubmitted, RolloutPauseRequested, RolloutResumeRequested, RolloutAbortRequested,
    RolloutAdvanceRequested, RollbackRequested,
    // evaluator
    EvaluationMeasured, EvaluationErrored, EvaluationPassed, EvaluationFailed, EvaluationCancelled,
    // approver
    PolicyPublished, PolicyRefused, ApprovalRequested, ReviewCounted, ReviewRefused, ApprovalGranted, ApprovalDenied,
    ApprovalExpired, ApprovalVoided,
    // deployer
    RolloutQueued, RolloutRefused, RolloutStarted, RouteChanged, CanaryMeasured, RolloutJudged, RolloutAdvanced,
    RolloutPaused, RolloutResumed, RolloutPromoted, RolloutRolledBack, RolloutAborted, RolloutSuperseded,
    RolloutRequestRefused, ServingNodeJoined, ServingNodeLost, RouteApplied, RouteRefused,
    // time
    DeadlinePassed>;
using Outputs = std::variant<core::NoFact>;
using Effects = std::variant<core::NoEffect>;

struct State {
    std::map<Model, ModelView> models;
    std::map<Endpoint, EndpointView> endpoints;
    std::map<core::FactId, RolloutView> rollouts;
    std::map<core::FactId, Asked> requests;
    std::set<ModelVersion> inbox;       ///< approvals that are open
    std::map<Node, std::string> nodes;  ///< live: node and incarnation
    core::Agenda<Outputs, Effects> agenda;
    SLUICE_FIELDS(State, models, endpoints, rollouts, requests, inbox, nodes, agenda)
};

void evolve(State&, const core::Recorded<Inputs>&);

/// Nothing where the ledger does not know it.
const VersionView* find(const State& state, const Model& model, Version version);

/// The same as a type, for what is generic over deciders.
struct Decider {
    static constexpr std::string_view name = "console";
    using Inputs = console::Inputs;
    using Outputs = console::Outputs;
    using Effects = console::Effects;
    using State = console::State;
    static void evolve(State& state, const core::Recorded<Inputs>& record) { console::evolve(state, record); }
};

}  // namespace sluice::console
