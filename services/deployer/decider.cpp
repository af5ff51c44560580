#include "services/deployer/decider.hpp"

#include "rules/policy.hpp"
#include "services/deployer/rollout.hpp"

#include <algorithm>

namespace sluice::deployer {
namespace {

using core::Head;

void on(State& state, const Head&, const PolicyPublished& published) {
    const auto& policy = published.policy;
    // Facts may land in another order than that of their causes.
    if (published.version <= state.policies[policy.model].version) return;
    state.policies[policy.model] = {published.version,
                                    policy.endpoint,
                                    policy.rollout,
                                    rules::judge_of(policy),
                                    rules::assignment_of(policy),
                                    rules::node_lost_after_ms_of(policy)};
}

/// A late version never overtakes a newer one.
std::optional<std::pair<RolloutRefusal, Version>> why_not(const State& state, const EndpointState& endpoint,
                                                          const ApprovalGranted& granted) {
    if (state.archived.contains({granted.model, granted.version})) return std::pair{RolloutRefusal::archived, 0u};
    const auto live = endpoint.route.model == granted.model ? version_of(endpoint.route.stable) : 0;
    if (live == granted.version) return std::pair{RolloutRefusal::already_live, live};
    if (live > granted.version) return std::pair{RolloutRefusal::older_than_live, live};
    Version newest = endpoint.active && endpoint.active->of.model == granted.model ? endpoint.active->of.version : 0;
    for (const auto& queued : endpoint.queue)
        if (queued.of.model == granted.model) newest = std::max(newest, queued.of.version);
    if (newest >= granted.version) return std::pair{RolloutRefusal::older_than_queued, newest};
    return std::nullopt;
}

void on(State& state, const Head& head, const ApprovalGranted& granted) {
    const auto policy = state.policies.find(granted.model);
    if (policy == state.policies.end()) {
        state.agenda.owe(head, RolloutRefused{{}, granted.model, granted.version, RolloutRefusal::no_policy, 0});
        return;
    }
    const auto& name = policy->second.endpoint;
    auto& endpoint = state.endpoints[name];
    if (const auto why = why_not(state, endpoint, granted)) {
        state.agenda.owe(head, RolloutRefused{name, granted.model, granted.version, why->first, why->second});
        return;
    }
    const auto rollout = state.agenda.owe(
        head, RolloutQueued{name, granted.model, granted.version, granted.artifact, policy->second.version});
    endpoint.queue.push_back({{rollout, name, granted.model, granted.version}, granted.artifact});
    start_next(state, head, endpoint);
}

/// Every text in a fact is bounded, what is put together too.
std::string because_archived(const std::string& reason) {
    constexpr std::size_t room = 2000;
    return reason.size() <= room ? "the version was archived: " + reason : "the version was archived";
}

/// A waiting rollout is superseded when its turn comes; one under way ends here.
void on(State& state, const Head& head, const ModelVersionArchived& archived) {
    state.archived.insert({archived.model, archived.version});
    for (auto& [name, endpoint] : state.endpoints)
        if (endpoint.active && endpoint.active->of.model == archived.model &&
            endpoint.active->of.version == archived.version)
            abort(state, head, endpoint, because_archived(archived.reason));
}

/// The endpoint whose active rollout has this id.
EndpointState* active_of(State& state, const Endpoint& name, const core::FactId& rollout) {
    const auto at = state.endpoints.find(name);
    const bool found = at != state.endpoints.end() && at->second.active && at->second.active->of.rollout == rollout;
    return found ? &at->second : nullptr;
}

void refuse(State& state, const Head& head, const Endpoint& name, RolloutRequestRefusal reason) {
    const auto at = state.endpoints.find(name);
    const auto revision = at == state.endpoints.end() ? 0 : at->second.route.revision;
    state.agenda.owe(head, RolloutRequestRefused{name, reason, revision});
}

/// The running rollout that a request means; else it is refused.
template <class Request> EndpointState* meant(State& state, const Head& head, const Request& asked) {
    using enum RolloutRequestRefusal;
    const auto at = state.endpoints.find(asked.endpoint);
    const auto no = [&](RolloutRequestRefusal reason) -> EndpointState* {
        refuse(state, head, asked.endpoint, reason);
        return nullptr;
    };
    if (at == state.endpoints.end()) return no(unknown_endpoint);
    if (asked.expected_revision && *asked.expected_revision != at->second.route.revision) return no(revision_has_moved);
    if constexpr (requires { asked.rollout; }) {
        if (!at->second.active) return no(not_running);
        if (at->second.active->of.rollout != asked.rollout) return no(no_such_rollout);
    }
    return &at->second;
}

void on(State& state, const Head& head, const RolloutPauseRequested& asked) {
    auto* endpoint = meant(state, head, asked);
    if (!endpoint) return;
    if (endpoint->active->paused) return refuse(state, head, asked.endpoint, RolloutRequestRefusal::already_paused);
    endpoint->active->paused = true;
    state.agenda.owe(head, RolloutPaused{endpoint->active->of, asked.reason});
}

void on(State& state, const Head& head, const RolloutResumeRequested& asked) {
    auto* endpoint = meant(state, head, asked);
    if (!endpoint) return;
    if (!endpoint->active->paused) return refuse(state, head, asked.endpoint, RolloutRequestRefusal::not_paused);
    endpoint->active->paused = false;
    state.agenda.owe(head, RolloutResumed{endpoint->active->of, asked.reason});
    consider(state, head, *endpoint, judged(*endpoint->active).verdict);
}

void on(State& state, const Head& head, const RolloutAbortRequested& asked) {
    if (auto* endpoint = meant(state, head, asked)) abort(state, head, *endpoint, asked.reason);
}

void on(State& state, const Head& head, const RolloutAdvanceRequested& asked) {
    auto* endpoint = meant(state, head, asked);
    if (!endpoint) return;
    const auto& active = *endpoint->active;
    const bool last = !active.has_control_arm || active.step + 1 >= active.policy.rollout.steps.size();
    if (asked.all || last)
        promote(state, head, *endpoint, PromoteReason::operator_decided);
    else
        advance(state, head, *endpoint);
}

void on(State& state, const Head& head, const RollbackRequested& asked) {
    using enum RolloutRequestRefusal;
    auto* endpoint = meant(state, head, asked);
    if (!endpoint) return;
    if (endpoint->active) return refuse(state, head, asked.endpoint, rollout_is_running);
    const auto& last = endpoint->last;
    const bool can = last && last->before && !state.archived.contains({last->of.model, last->before->version});
    if (!can) return refuse(state, head, asked.endpoint, nothing_to_roll_back_to);
    restore(state, head, *endpoint, asked.reason);
}

void on(State& state, const Head& head, const CanaryMeasured& measured) {
    auto* endpoint = active_of(state, measured.of.endpoint, measured.of.rollout);
    if (!endpoint) return;
    auto& active = *endpoint->active;
    active.measured = measured.number;
    active.measure = {};
    active.evidence = measured.evidence;
    const auto verdict = judged(active);
    state.agenda.owe(head, RolloutJudged{active.of, measured.number, verdict.log_e_rollback, verdict.log_e_promote,
                                         verdict.canary_entities, verdict.verdict});
    const auto step = active.step;
    consider(state, head, *endpoint, verdict.verdict);
    const bool goes_on = endpoint->active && endpoint->active->of.rollout == measured.of.rollout;
    if (goes_on && endpoint->active->step == step) measure_on(state, head, *endpoint);
}

/// The endpoint whose active rollout made this revision.
EndpointState* active_at(State& state, const Endpoint& name, Revision revision) {
    const auto at = state.endpoints.find(name);
    const bool found = at != state.endpoints.end() && at->second.active && at->second.route.revision == revision;
    return found ? &at->second : nullptr;
}

void on(State& state, const Head& head, const RouteApplied& applied) {
    auto* endpoint = active_at(state, applied.endpoint, applied.revision);
    if (!endpoint) return;
    auto& active = *endpoint->active;
    if (!active.has_control_arm) {
        active.baked = true;
        return consider(state, head, *endpoint, Verdict::keep_going);
    }
    const auto bake_ms = 1000LL * active.policy.rollout.steps[active.step].bake_s;
    active.alarm = state.agenda.ask(head, WakeAt{{head.time + bake_ms}});
    active.alarm_set_by = head.id;
}

/// Short enough for a fact, whatever a node says of itself.
std::string detail_of(const RouteRefused& refused) {
    constexpr std::size_t room = 2000;
    const auto said = refused.code + ": " + refused.detail;
    return refused.node.text + ": " + (said.size() <= room ? said : refused.code.substr(0, 200));
}

void on(State& state, const Head& head, const RouteRefused& refused) {
    auto* endpoint = active_at(state, refused.endpoint, refused.revision);
    if (endpoint) roll_back(state, head, *endpoint, RollbackReason::route_refused, detail_of(refused));
}

void on(State& state, const Head& head, const DeadlinePassed&) {
    for (auto& [name, endpoint] : state.endpoints) {
        if (!endpoint.active || endpoint.active->alarm_set_by != head.cause) continue;
        endpoint.active->alarm = {};
        endpoint.active->baked = true;
        return consider(state, head, endpoint, judged(*endpoint.active).verdict);
    }
}

void on(State& state, const Head& head, const ServingNodeJoined& joined) {
    state.nodes[joined.node] = {joined.incarnation, head.id, true};
}

void on(State& state, const Head& head, const ServingNodeLost& lost) {
    auto& node = state.nodes[lost.node];
    if (node.incarnation == lost.incarnation) node = {lost.incarnation, head.id, false};
}

}  // namespace

void evolve(State& state, const core::Recorded<Inputs>& record) {
    std::visit([&](const auto& fact) { on(state, record.head, fact); }, record.data);
}

}  // namespace sluice::deployer
