#include "services/console/timeline.hpp"

#include "services/console/requests.hpp"
#include "services/console/sentences.hpp"

namespace sluice::console {
namespace {

using core::Head;

std::optional<ModelVersion> about_rollout(const State& state, const core::FactId& id) {
    const auto at = state.rollouts.find(id);
    if (at == state.rollouts.end()) return std::nullopt;
    return ModelVersion{at->second.of.model, at->second.of.version};
}

/// The rollout that moved the endpoint last.
std::optional<ModelVersion> about_endpoint_now(const State& state, const Endpoint& name) {
    const auto at = state.endpoints.find(name);
    return at == state.endpoints.end() ? std::nullopt : about_rollout(state, at->second.route.rollout);
}

/// The version, or the model with version 0, that a fact is about.
template <class Fact> std::optional<ModelVersion> about(const State& state, const Head& head, const Fact& fact) {
    if constexpr (requires { fact.of; })
        return ModelVersion{fact.of.model, fact.of.version};
    else if constexpr (requires { fact.policy.model; })
        return ModelVersion{fact.policy.model, 0};
    else if constexpr (requires {
                           fact.model;
                           fact.version;
                       })
        return ModelVersion{fact.model, fact.version};
    else if constexpr (requires { fact.model; }) {
        const auto asked = state.requests.find(head.cause);
        return ModelVersion{fact.model, asked == state.requests.end() ? 0 : asked->second.version};
    } else if constexpr (requires { fact.route; })
        return about_rollout(state, fact.route.rollout);
    else if constexpr (std::is_same_v<Fact, RolloutRequestRefused>) {
        const auto asked = state.requests.find(head.cause);
        const bool named = asked != state.requests.end() && !asked->second.rollout.is_none();
        return named ? about_rollout(state, asked->second.rollout) : about_endpoint_now(state, fact.endpoint);
    } else if constexpr (requires { fact.rollout; })
        return fact.rollout.is_none() ? about_endpoint_now(state, fact.endpoint) : about_rollout(state, fact.rollout);
    else if constexpr (requires { fact.endpoint; })
        return about_endpoint_now(state, fact.endpoint);
    else
        return std::nullopt;
}

Timeline* timeline_of(State& state, const ModelVersion& which) {
    const auto model = state.models.find(which.model);
    if (model == state.models.end()) return nullptr;
    if (which.version == 0) return &model->second.timeline;
    const auto version = model->second.versions.find(which.version);
    return version == model->second.versions.end() ? nullptr : &version->second.timeline;
}

}  // namespace

void write_down(Timeline& timeline, const Head& head, const Inputs& fact, const std::string& actor) {
    auto said = sentence(fact);
    if (said.empty()) return;
    const auto name = std::visit([](const auto& each) { return std::string(each.name); }, fact);
    auto& entries = timeline.entries;
    if (name == RolloutJudged::name && !entries.empty() && entries.back().fact == name) entries.pop_back();
    entries.push_back({head.id, head.cause, head.position, {head.time}, name, std::move(said), actor});
    if (entries.size() <= Timeline::entries_max) return;
    entries.pop_front();
    ++timeline.left_out;
}

void tell(State& state, const Head& head, const Inputs& inputs) {
    // A completion is told when its version has a number.
    if (std::holds_alternative<TrainingCompleted>(inputs)) return;
    const auto which = std::visit([&](const auto& fact) { return about(state, head, fact); }, inputs);
    if (!which) return;
    if (auto* timeline = timeline_of(state, *which)) write_down(*timeline, head, inputs, actor_of(state, head));
}

}  // namespace sluice::console
