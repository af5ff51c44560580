#pragma once
#include "common/core/agenda.hpp"
#include "events/catalogue.hpp"

#include <map>
#include <set>

// Says which features of which model are to be watched. Decides no fact yet. No IO, no clock.
namespace sluice::monitor {

using namespace events;
using Inputs = std::variant<PolicyPublished>;
using Outputs = std::variant<core::NoFact>;
using Effects = std::variant<core::NoEffect>;

struct Required {
    std::uint32_t policy_version = 0;
    std::set<Column> features;
    SLUICE_FIELDS(Required, policy_version, features)
};

struct State {
    std::map<Model, Required> required;
    core::Agenda<Outputs, Effects> agenda;
    SLUICE_FIELDS(State, required, agenda)
};

void evolve(State&, const core::Recorded<Inputs>&);

bool is_required(const State& state, const Model& model, const Column& feature);

/// The same as a type, for what is generic over deciders.
struct Decider {
    static constexpr std::string_view name = "monitor";
    using Inputs = monitor::Inputs;
    using Outputs = monitor::Outputs;
    using Effects = monitor::Effects;
    using State = monitor::State;
    static void evolve(State& state, const core::Recorded<Inputs>& record) { monitor::evolve(state, record); }
};

}  // namespace sluice::monitor
