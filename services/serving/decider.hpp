#pragma once
#include "common/core/agenda.hpp"
#include "events/catalogue.hpp"

#include <map>
#include <set>

// Says what each endpoint may serve. Decides no fact: what a node did with it, it reports as telemetry. No IO, no
// clock.
namespace sluice::serving {

using namespace events;
using Inputs = std::variant<PolicyPublished, ModelVersionRegistered, ApprovalGranted, RouteChanged>;
using Outputs = std::variant<core::NoFact>;
using Effects = std::variant<core::NoEffect>;

/// How a model's requests are answered; what the policy leaves open is filled in.
struct Rules {
    std::uint32_t version = 0;  ///< of the policy
    Endpoint endpoint;
    std::optional<Column> entity_key;
    std::uint32_t timeout_ms = 0;
    std::vector<FeatureRule> features;
    SLUICE_FIELDS(Rules, version, endpoint, entity_key, timeout_ms, features)
};

/// What a version wants of a request.
struct Shape {
    std::vector<Column> columns;          ///< the signature's, in the order of the tensor's columns
    std::map<View, std::uint32_t> views;  ///< feature views that it was trained on, and their versions
    SLUICE_FIELDS(Shape, columns, views)
};

struct State {
    std::map<Model, Rules> rules;
    std::map<ModelVersion, Shape> shapes;
    std::map<ModelVersion, std::set<Digest>> granted;  ///< artifacts with an approval
    std::map<Endpoint, Route> routes;                  ///< of the highest revision
    core::Agenda<Outputs, Effects> agenda;
    SLUICE_FIELDS(State, rules, shapes, granted, routes, agenda)
};

void evolve(State&, const core::Recorded<Inputs>&);

/// A version with all that is needed to serve it.
struct Target {
    ModelVersion which;
    Digest artifact;
    Shape shape;
    SLUICE_FIELDS(Target, which, artifact, shape)
};

/// A route that may be served.
struct Plan {
    Route route;
    std::optional<Target> stable, canary;
    SLUICE_FIELDS(Plan, route, stable, canary)
    bool compares() const { return stable && canary; }
};

/// Why a route is not served; the old one goes on.
struct Refusal {
    std::string code, detail;
    SLUICE_FIELDS(Refusal, code, detail)
};

/// A route may be served if each of its targets is a version that we know, with an approval for exactly this artifact.
std::variant<Plan, Refusal> plan_of(const State& state, const Route& route);

/// Does any policy or route name this endpoint?
bool knows(const State& state, const Endpoint& endpoint);

/// The same as a type, for what is generic over deciders.
struct Decider {
    static constexpr std::string_view name = "serving";
    using Inputs = serving::Inputs;
    using Outputs = serving::Outputs;
    using Effects = serving::Effects;
    using State = serving::State;
    static void evolve(State& state, const core::Recorded<Inputs>& record) { serving::evolve(state, record); }
};

}  // namespace sluice::serving
