#include "services/deployer/rollout.hpp"

#include "rules/judge.hpp"

#include <cmath>
#include <utility>

namespace sluice::deployer {

using core::Head;

namespace {

std::uint32_t basis_points(double percent) { return static_cast<std::uint32_t>(std::llround(percent * 100)); }

void withdraw_all(State& state, Active& active) {
    for (auto* effect : {&active.measure, &active.alarm})
        if (!effect->is_none()) state.agenda.withdraw(std::exchange(*effect, {}));
}

/// Makes it the endpoint's route, and asks when every node serves it; answers the id of the RouteChanged.
core::FactId change_route(State& state, const Head& head, EndpointState& endpoint, Route route) {
    route.revision = endpoint.route.revision + 1;
    endpoint.route = route;
    const auto slot = route.endpoint.text + "/" + std::to_string(route.revision);
    const WatchRoute watch{route.endpoint, route.revision, state.policies.at(route.model).node_lost_after_ms};
    const auto changed = state.agenda.owe(head, RouteChanged{std::move(route)}, slot);
    state.agenda.withdraw(endpoint.watch);
    endpoint.watch = state.agenda.ask(core::caused_by(changed, head), watch);
    return changed;
}

Route route_of(const Active& active) {
    return {active.of.endpoint,      0, active.of.model, active.of.rollout, {}, {}, 0, core::to_text(active.of.rollout),
            active.policy.assignment};
}

/// Takes the step that `active.step` names.
void take_step(State& state, const Head& head, EndpointState& endpoint) {
    auto& active = *endpoint.active;
    withdraw_all(state, active);
    active.baked = false;
    auto route = route_of(active);
    if (active.has_control_arm) {
        route.stable = active.stable;
        route.canary = active.target;
        route.canary_weight_bp = basis_points(active.policy.rollout.steps[active.step].weight_percent);
    } else {
        route.stable = active.target;
    }
    active.route = change_route(state, head, endpoint, std::move(route));
    if (!active.has_control_arm) return;
    active.evidence.push_back({endpoint.route.revision, endpoint.route.canary_weight_bp / 10'000.0, {}, {}});
    measure_on(state, head, endpoint);
}

/// All traffic to what served before the rollout.
void return_traffic(State& state, const Head& head, EndpointState& endpoint) {
    auto route = route_of(*endpoint.active);
    route.stable = endpoint.active->stable;
    change_route(state, head, endpoint, std::move(route));
}

void finish(State& state, const Head& head, EndpointState& endpoint) {
    withdraw_all(state, *endpoint.active);
    endpoint.active.reset();
    start_next(state, head, endpoint);
}

/// Why a queued rollout must not start any more.
std::optional<std::pair<SupersedeReason, Version>> moot(const State& state, const EndpointState& endpoint,
                                                        const Queued& next) {
    if (state.archived.contains({next.of.model, next.of.version})) return std::pair{SupersedeReason::archived, 0u};
    const auto& live = endpoint.route;
    if (live.model == next.of.model && version_of(live.stable) >= next.of.version)
        return std::pair{SupersedeReason::newer_is_live, version_of(live.stable)};
    return std::nullopt;
}

void start(State& state, const Head& head, EndpointState& endpoint, const Queued& next) {
    Active active;
    active.of = next.of;
    active.target = {next.of.version, next.artifact};
    active.stable = endpoint.route.stable;
    active.policy = state.policies.at(next.of.model);
    active.has_control_arm = active.stable && active.policy.rollout.strategy == Strategy::canary;
    endpoint.active = active;
    state.agenda.owe(head, RolloutStarted{next.of, active.policy.rollout.strategy, version_of(active.stable)},
                     slot_of(next.of));
    take_step(state, head, endpoint);
}

/// Nothing to compare with and nothing to wait for, but that every node serves it.
void promote_unjudged(State& state, const Head& head, EndpointState& endpoint) {
    const auto& active = *endpoint.active;
    if (active.paused || !active.baked) return;
    promote(state, head, endpoint, active.stable ? PromoteReason::all_at_once : PromoteReason::no_control_arm);
}

}  // namespace

std::string slot_of(const RolloutRef& of) { return core::to_text(of.rollout); }

void start_next(State& state, const Head& head, EndpointState& endpoint) {
    while (!endpoint.active && !endpoint.queue.empty()) {
        const auto next = endpoint.queue.front();
        endpoint.queue.pop_front();
        if (const auto why = moot(state, endpoint, next))
            state.agenda.owe(head, RolloutSuperseded{next.of, why->first, why->second}, slot_of(next.of));
        else
            start(state, head, endpoint, next);
    }
}

void measure_on(State& state, const Head& head, EndpointState& endpoint) {
    auto& active = *endpoint.active;
    const auto& step = active.policy.rollout.steps[active.step];
    const auto seen = judged(active).canary_entities;
    MeasureCanary effect{active.of,
                         active.measured + 1,
                         endpoint.route.revision,
                         active.evidence,
                         seen < step.entities_min ? step.entities_min : 0,
                         active.policy.judge};
    active.measure =
        state.agenda.ask(core::caused_by(active.route, head), std::move(effect), std::to_string(active.measured + 1));
}

Judged judged(const Active& active) {
    const auto judgement = rules::judge(active.policy.judge, active.evidence);
    return {judgement.log_e_rollback, judgement.log_e_promote, judgement.canary_entities, judgement.verdict};
}

void consider(State& state, const Head& head, EndpointState& endpoint, Verdict verdict) {
    auto& active = *endpoint.active;
    if (verdict == Verdict::roll_back) return roll_back(state, head, endpoint, RollbackReason::judged_worse, {});
    if (!active.has_control_arm) return promote_unjudged(state, head, endpoint);
    const auto& steps = active.policy.rollout.steps;
    const bool enough = judged(active).canary_entities >= steps[active.step].entities_min;
    if (active.paused || !active.baked || !enough) return;
    if (active.step + 1 < steps.size()) return advance(state, head, endpoint);
    if (verdict == Verdict::promote) promote(state, head, endpoint, PromoteReason::judged_not_worse);
}

void advance(State& state, const Head& head, EndpointState& endpoint) {
    auto& active = *endpoint.active;
    ++active.step;
    const auto& step = active.policy.rollout.steps[active.step];
    state.agenda.owe(head, RolloutAdvanced{active.of, static_cast<std::uint32_t>(active.step + 1), step.weight_percent},
                     slot_of(active.of));
    take_step(state, head, endpoint);
}

void promote(State& state, const Head& head, EndpointState& endpoint, PromoteReason reason) {
    const auto active = *endpoint.active;
    state.agenda.owe(head, RolloutPromoted{active.of, active.target.artifact, reason, version_of(active.stable)},
                     slot_of(active.of));
    endpoint.last = Promoted{active.of, active.stable};
    if (active.has_control_arm) {
        auto route = route_of(active);
        route.stable = active.target;
        change_route(state, head, endpoint, std::move(route));
    }
    finish(state, head, endpoint);
}

void roll_back(State& state, const Head& head, EndpointState& endpoint, RollbackReason reason, std::string detail) {
    const auto& active = *endpoint.active;
    state.agenda.owe(head, RolloutRolledBack{active.of, reason, version_of(active.stable), std::move(detail)},
                     slot_of(active.of));
    return_traffic(state, head, endpoint);
    finish(state, head, endpoint);
}

void abort(State& state, const Head& head, EndpointState& endpoint, const std::string& reason) {
    const auto& active = *endpoint.active;
    state.agenda.owe(head, RolloutAborted{active.of, reason, version_of(active.stable)}, slot_of(active.of));
    return_traffic(state, head, endpoint);
    finish(state, head, endpoint);
}

void restore(State& state, const Head& head, EndpointState& endpoint, const std::string& reason) {
    const auto last = *std::exchange(endpoint.last, std::nullopt);
    state.agenda.owe(head,
                     RolloutRolledBack{last.of, RollbackReason::operator_decided, version_of(last.before), reason},
                     slot_of(last.of));
    auto route = endpoint.route;
    route.rollout = last.of.rollout;
    route.stable = last.before;
    change_route(state, head, endpoint, std::move(route));
}

}  // namespace sluice::deployer
