#pragma once
#include "common/core/agenda.hpp"
#include "common/core/sha256.hpp"
#include "events/catalogue.hpp"

#include <map>

// Remembers what jobs have sent, so that "this id again" is answered at any distance. Decides nothing. No IO, no clock.
namespace sluice::listener {

using namespace events;
using Inputs = std::variant<TrainingStarted, TrainingCompleted, TrainingFailed, TrainingRefused, ArtifactStored>;
using Outputs = std::variant<core::NoFact>;
using Effects = std::variant<core::NoEffect>;

/// Where a fact stands, and the digest of what it says.
struct Sent {
    core::Position position = 0;
    core::Hash content{};
    SLUICE_FIELDS(Sent, position, content)
};

struct State {
    std::map<core::FactId, Sent> sent;
    core::Agenda<Outputs, Effects> agenda;
    SLUICE_FIELDS(State, sent, agenda)
};

void evolve(State&, const core::Recorded<Inputs>&);

/// SHA-256 over the fact's name, a zero byte, and its binary form: the same for two events that say the same, whatever
/// their envelopes, blanks and order of members.
core::Hash content_of(const Inputs&);

/// The same as a type, for what is generic over deciders.
struct Decider {
    static constexpr std::string_view name = "listener";
    using Inputs = listener::Inputs;
    using Outputs = listener::Outputs;
    using Effects = listener::Effects;
    using State = listener::State;
    static void evolve(State& state, const core::Recorded<Inputs>& record) { listener::evolve(state, record); }
};

}  // namespace sluice::listener
