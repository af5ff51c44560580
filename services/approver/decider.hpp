#pragma once
#include "common/core/agenda.hpp"
#include "events/catalogue.hpp"

#include <map>
#include <set>

// Publishes policies, and decides who may let a version go live. No IO, no clock.
namespace sluice::approver {

using namespace events;
using Inputs = std::variant<PolicySubmitted, EvaluationPassed, ReviewSubmitted, ModelVersionArchived, DeadlinePassed>;
using Outputs = std::variant<PolicyPublished, PolicyRefused, ApprovalRequested, ReviewCounted, ReviewRefused,
                             ApprovalGranted, ApprovalDenied, ApprovalExpired, ApprovalVoided>;
using Effects = std::variant<WakeAt>;

/// Waiting for a review; gone once granted, denied, expired or archived.
struct Open {
    core::FactId evaluation;
    Digest artifact, evidence;
    Person submitter;
    std::string role;
    core::Instant expires_at;
    core::FactId alarm;
    SLUICE_FIELDS(Open, evaluation, artifact, evidence, submitter, role, expires_at, alarm)
};

struct Published {
    std::uint32_t version = 0;
    ApprovalRule approval;
    SLUICE_FIELDS(Published, version, approval)
};

struct State {
    std::map<Model, Published> policies;
    std::map<Endpoint, Model> owners;  ///< the model whose policy first named an endpoint keeps it
    std::map<ModelVersion, Open> open;
    std::set<ModelVersion> archived;              ///< facts of two writers may land in either order
    std::map<core::FactId, ModelVersion> alarms;  ///< by the id of the evaluation that set them
    core::Agenda<Outputs, Effects> agenda;
    SLUICE_FIELDS(State, policies, owners, open, archived, alarms, agenda)
};

void evolve(State&, const core::Recorded<Inputs>&);

/// The same as a type, for what is generic over deciders.
struct Decider {
    static constexpr std::string_view name = "approver";
    using Inputs = approver::Inputs;
    using Outputs = approver::Outputs;
    using Effects = approver::Effects;
    using State = approver::State;
    static void evolve(State& state, const core::Recorded<Inputs>& record) { approver::evolve(state, record); }
};

}  // namespace sluice::approver
