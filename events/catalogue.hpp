#pragma once
#include "events/registry.hpp"
#include "events/serving.hpp"
#include "events/time.hpp"

namespace sluice::events {

/// Every fact that there is, by writer.
using AllFacts = std::variant<
    // listener
    TrainingStarted, TrainingCompleted, TrainingFailed, TrainingRefused, ArtifactStored,
    // registry
    ModelCreated, ModelVersionRegistered, AliasMoveRequested, AliasMoved, ArchiveRequested, ModelVersionArchived,
    RegistryRequestRefused,
    // console
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
    // each, of itself
    DeadlinePassed>;

/// Calls `visit(std::type_identity<Fact>{})` for each fact of a variant, in its order.
template <class Facts, class Visit> constexpr void for_each_fact(Visit visit) {
    [&]<class... Each>(std::type_identity<std::variant<Each...>>) {
        (visit(std::type_identity<Each>{}), ...);
    }(std::type_identity<Facts>{});
}

/// `io.sluice.<Name>.v<N>`
template <class Fact> std::string type_of() {
    return "io.sluice." + std::string(Fact::name) + ".v" + std::to_string(Fact::schema_version);
}

}  // namespace sluice::events
