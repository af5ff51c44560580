#pragma once
#include "common/core/agenda.hpp"
#include "common/core/sha256.hpp"
#include "events/catalogue.hpp"

#include <map>
#include <set>

// Says which run is which version of which model, and where the aliases point. No IO, no clock.
namespace sluice::registry {

using namespace events;
using Inputs =
    std::variant<TrainingCompleted, AliasMoveRequested, ArchiveRequested, RolloutPromoted, RolloutRolledBack>;
using Outputs =
    std::variant<ModelCreated, ModelVersionRegistered, AliasMoved, ModelVersionArchived, RegistryRequestRefused>;
using Effects = std::variant<core::NoEffect>;

struct Registered {
    Run run;
    Person submitter;
    Artifact artifact;
    core::FactId completion;
    core::Instant registered_at;  ///< when the completion became true
    bool archived = false;
    SLUICE_FIELDS(Registered, run, submitter, artifact, completion, registered_at, archived)
};

struct ModelState {
    core::FactId id;
    std::map<Version, Registered> versions;
    std::map<std::pair<Run, Digest>, Version> runs;  ///< a run and artifact register once
    std::map<Alias, Version> aliases;
    Version champion = 0;
    core::Position crowned = 0;  ///< where what made it champion was decided
    SLUICE_FIELDS(ModelState, id, versions, runs, aliases, champion, crowned)
};

/// How a request was answered: for the door, which waits for it.
struct Answer {
    core::Hash asked{};  ///< of what the request said
    std::optional<RegistryRefusal> refused;
    core::FactId fact;
    SLUICE_FIELDS(Answer, asked, refused, fact)
};

struct State {
    std::map<Model, ModelState> models;
    std::map<core::FactId, Answer> answers;  ///< by request
    core::Agenda<Outputs, Effects> agenda;
    SLUICE_FIELDS(State, models, answers, agenda)
};

void evolve(State&, const core::Recorded<Inputs>&);

/// The alias that only a rollout moves.
inline const Alias champion_alias{"champion"};

/// The same as a type, for what is generic over deciders.
struct Decider {
    static constexpr std::string_view name = "registry";
    using Inputs = registry::Inputs;
    using Outputs = registry::Outputs;
    using Effects = registry::Effects;
    using State = registry::State;
    static void evolve(State& state, const core::Recorded<Inputs>& record) { registry::evolve(state, record); }
};

}  // namespace sluice::registry
