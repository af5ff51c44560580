#pragma once
#include "common/core/agenda.hpp"
#include "events/catalogue.hpp"

#include <map>
#include <set>

// Says what is to be scored next, and whether a version passes its policy's gates. No IO, no clock.
namespace sluice::evaluator {

using namespace events;
using Inputs = std::variant<PolicyPublished, ModelVersionRegistered, ModelVersionArchived, EvaluationMeasured,
                            EvaluationErrored, RolloutPromoted, RolloutRolledBack, ApprovalVoided>;
using Outputs = std::variant<EvaluationPassed, EvaluationFailed, EvaluationCancelled>;
using Effects = std::variant<RunEvaluation>;

/// At most so many are scored at once, whatever the storm …
inline constexpr std::size_t running_max = 2;
/// … and at most so many versions of one model wait: then the oldest is cancelled.
inline constexpr std::size_t waiting_max = 16;

struct Candidate {
    core::Head cause;  ///< its registration
    Digest artifact, probe;
    std::vector<Column> columns;
    Person submitter;
    std::vector<FeatureView> features;
    std::vector<Metric> declared;
    std::uint32_t evaluated_by = 0;  ///< version of the policy that it was last evaluated by
    std::uint32_t wanted_by = 0;     ///< version of the policy by which an approval needs it evaluated
    SLUICE_FIELDS(Candidate, cause, artifact, probe, columns, submitter, features, declared, evaluated_by, wanted_by)
};

struct ModelState {
    std::uint32_t policy_version = 0;
    Policy policy;
    std::map<Version, Candidate> versions;
    std::set<Version> waiting;  ///< oldest first; also while there is no policy
    std::set<Version> archived;
    Version champion = 0;
    core::Position crowned = 0;  ///< where what made it champion was decided
    SLUICE_FIELDS(ModelState, policy_version, policy, versions, waiting, archived, champion, crowned)
};

struct Running {
    ModelVersion which;
    std::uint32_t policy_version = 0;
    Policy policy;  ///< of when it was asked for
    SLUICE_FIELDS(Running, which, policy_version, policy)
};

struct State {
    std::map<Model, ModelState> models;
    std::map<core::FactId, Running> running;  ///< by effect
    Model last_served;                        ///< models take turns, in the order of their names
    core::Agenda<Outputs, Effects> agenda;
    SLUICE_FIELDS(State, models, running, last_served, agenda)
};

void evolve(State&, const core::Recorded<Inputs>&);

/// The same as a type, for what is generic over deciders.
struct Decider {
    static constexpr std::string_view name = "evaluator";
    using Inputs = evaluator::Inputs;
    using Outputs = evaluator::Outputs;
    using Effects = evaluator::Effects;
    using State = evaluator::State;
    static void evolve(State& state, const core::Recorded<Inputs>& record) { evaluator::evolve(state, record); }
};

}  // namespace sluice::evaluator
