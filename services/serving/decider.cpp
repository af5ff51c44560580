#include "services/serving/decider.hpp"

#include "rules/policy.hpp"

#include <algorithm>

namespace sluice::serving {
namespace {

void on(State& state, const PolicyPublished& published) {
    auto& rules = state.rules[published.policy.model];
    if (published.version <= rules.version) return;  // facts may land out of order
    const auto serving = published.policy.serving.value_or(ServingRule{});
    rules = {published.version, published.policy.endpoint, serving.entity_key, rules::timeout_ms_of(published.policy),
             serving.features};
}

void on(State& state, const ModelVersionRegistered& registered) {
    Shape shape;
    for (const auto& column : registered.signature.inputs) shape.columns.push_back(column.name);
    for (const auto& feature : registered.features) shape.views[feature.view] = feature.version;
    state.shapes[{registered.model, registered.version}] = std::move(shape);
}

void on(State& state, const ApprovalGranted& granted) {
    state.granted[{granted.model, granted.version}].insert(granted.artifact);
}

void on(State& state, const RouteChanged& changed) {
    auto& route = state.routes[changed.route.endpoint];
    if (changed.route.revision > route.revision) route = changed.route;
}

std::variant<Target, Refusal> target_of(const State& state, const ModelVersion& which, const Digest& artifact) {
    const auto name = which.model.text + "/" + std::to_string(which.version);
    const auto granted = state.granted.find(which);
    if (granted == state.granted.end() || !granted->second.contains(artifact))
        return Refusal{"not_approved", name + " has no granted approval for the artifact " + artifact.text +
                                           "; route only what an ApprovalGranted names, digest for digest"};
    const auto shape = state.shapes.find(which);
    if (shape == state.shapes.end())
        return Refusal{"not_registered", name + " was never registered; route only registered versions"};
    return Target{which, artifact, shape->second};
}

/// Fills `into` where the route names a target; answers why it may not be served.
std::optional<Refusal> add(const State& state, const Model& model, const std::optional<RouteTarget>& named,
                           std::optional<Target>& into) {
    if (!named) return std::nullopt;
    auto target = target_of(state, {model, named->version}, named->artifact);
    if (auto* refusal = std::get_if<Refusal>(&target)) return std::move(*refusal);
    into = std::get<Target>(std::move(target));
    return std::nullopt;
}

}  // namespace

void evolve(State& state, const core::Recorded<Inputs>& record) {
    std::visit([&](const auto& fact) { on(state, fact); }, record.data);
}

std::variant<Plan, Refusal> plan_of(const State& state, const Route& route) {
    Plan plan{route, {}, {}};
    if (auto refusal = add(state, route.model, route.stable, plan.stable)) return *std::move(refusal);
    if (auto refusal = add(state, route.model, route.canary, plan.canary)) return *std::move(refusal);
    return plan;
}

bool knows(const State& state, const Endpoint& endpoint) {
    return state.routes.contains(endpoint) ||
           std::ranges::any_of(state.rules, [&](const auto& each) { return each.second.endpoint == endpoint; });
}

}  // namespace sluice::serving
