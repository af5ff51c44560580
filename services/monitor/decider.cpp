#include "services/monitor/decider.hpp"

namespace sluice::monitor {

void evolve(State& state, const core::Recorded<Inputs>& record) {
    const auto& published = std::get<PolicyPublished>(record.data);
    auto& required = state.required[published.policy.model];
    if (published.version <= required.policy_version) return;  // facts may land out of order
    const auto serving = published.policy.serving.value_or(ServingRule{});
    required = {published.version, {serving.required_features.begin(), serving.required_features.end()}};
}

bool is_required(const State& state, const Model& model, const Column& feature) {
    const auto found = state.required.find(model);
    return found != state.required.end() && found->second.features.contains(feature);
}

}  // namespace sluice::monitor
