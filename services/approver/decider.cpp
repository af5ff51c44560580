#include "services/approver/decider.hpp"

#include "rules/policy.hpp"

#include <algorithm>

namespace sluice::approver {
namespace {

using core::Head;

/// 7 days.
constexpr std::uint32_t expires_after_s_default = 604'800;

std::vector<Problem> problems_of(const State& state, const PolicySubmitted& asked) {
    const auto& policy = asked.policy;
    auto problems = rules::problems_of(policy);
    const auto owner = state.owners.find(policy.endpoint);
    if (owner != state.owners.end() && owner->second != policy.model)
        problems.push_back({"/endpoint", "taken",
                            "another model is served at this endpoint: a version of one could not be compared with a "
                            "version of the other; name another endpoint"});
    const auto now = state.policies.find(policy.model);
    const auto version = now == state.policies.end() ? 0 : now->second.version;
    if (asked.expected_version != version)
        problems.push_back({"/expected_version", "version_has_moved",
                            "the policy's version is " + std::to_string(version) +
                                " now: look at what changed, then submit again on top of it"});
    return problems;
}

/// Ends a wait, and its alarm with it.
void close(State& state, const ModelVersion& which) {
    const auto at = state.open.find(which);
    if (at == state.open.end()) return;
    state.agenda.withdraw(at->second.alarm);
    state.alarms.erase(at->second.evaluation);
    state.open.erase(at);
}

void void_approval(State& state, const Head& head, const ModelVersion& which, VoidReason reason) {
    close(state, which);
    const auto policy_version = state.policies.at(which.model).version;
    state.agenda.owe(head, ApprovalVoided{which.model, which.version, reason, policy_version},
                     std::to_string(which.version));
}

/// What waits for a reviewer rests on the rules of before.
void void_all_open(State& state, const Head& head, const Model& model) {
    std::vector<ModelVersion> open;
    for (const auto& [which, waiting] : state.open)
        if (which.model == model) open.push_back(which);
    for (const auto& which : open) void_approval(state, head, which, VoidReason::policy_changed);
}

void on(State& state, const Head& head, const PolicySubmitted& asked) {
    const auto& policy = asked.policy;
    if (auto problems = problems_of(state, asked); !problems.empty()) {
        state.agenda.owe(head, PolicyRefused{policy.model, std::move(problems)});
        return;
    }
    const auto version = asked.expected_version + 1;
    state.policies[policy.model] = {version, policy.approval};
    state.owners.try_emplace(policy.endpoint, policy.model);
    state.agenda.owe(head, PolicyPublished{version, policy});
    void_all_open(state, head, policy.model);
}

void grant_automatically(State& state, const Head& head, const EvaluationPassed& passed) {
    state.agenda.owe(head, ApprovalGranted{passed.model, passed.version, passed.artifact, passed.evidence, head.id,
                                           true, std::nullopt, std::nullopt});
}

void on(State& state, const Head& head, const EvaluationPassed& passed) {
    const auto policy = state.policies.find(passed.model);
    if (policy == state.policies.end()) return;
    const ModelVersion which{passed.model, passed.version};
    if (state.archived.contains(which)) return;
    if (passed.policy_version < policy->second.version)
        return void_approval(state, head, which, VoidReason::policy_changed);
    close(state, which);
    const auto& rule = policy->second.approval;
    if (rule.mode == ApprovalMode::automatic) return grant_automatically(state, head, passed);
    const core::Instant expires_at{head.time + 1000LL * rule.expires_after_s.value_or(expires_after_s_default)};
    const auto role = rule.role.value_or("reviewer");
    state.agenda.owe(head, ApprovalRequested{passed.model, passed.version, head.id, passed.evidence, role, expires_at});
    const auto alarm = state.agenda.ask(head, WakeAt{expires_at});
    state.open[which] = {head.id, passed.artifact, passed.evidence, passed.submitter, role, expires_at, alarm};
    state.alarms[head.id] = which;
}

std::optional<ReviewRefusal> why_not(const State& state, const Head& head, const ReviewSubmitted& review) {
    const auto at = state.open.find({review.model, review.version});
    if (at == state.open.end()) return ReviewRefusal::not_open;
    const auto& open = at->second;
    if (head.time >= open.expires_at.ms) return ReviewRefusal::late;
    if (std::ranges::find(review.roles, open.role) == review.roles.end()) return ReviewRefusal::wrong_role;
    if (head.actor == open.submitter.text) return ReviewRefusal::own_work;
    if (review.comment.find_first_not_of(" \t\r\n") == std::string::npos) return ReviewRefusal::no_comment;
    if (review.evidence != open.evidence) return ReviewRefusal::other_evidence;
    return std::nullopt;
}

void on(State& state, const Head& head, const ReviewSubmitted& review) {
    if (const auto reason = why_not(state, head, review)) {
        state.agenda.owe(head, ReviewRefused{review.model, review.version, *reason});
        return;
    }
    const Person reviewer{head.actor};
    const auto open = state.open.at({review.model, review.version});
    state.agenda.owe(head, ReviewCounted{review.model, review.version, reviewer, review.decision});
    if (review.decision == ReviewDecision::approve)
        state.agenda.owe(head, ApprovalGranted{review.model, review.version, open.artifact, open.evidence,
                                               open.evaluation, false, reviewer, review.comment});
    else
        state.agenda.owe(head, ApprovalDenied{review.model, review.version, reviewer, review.comment});
    close(state, {review.model, review.version});
}

void on(State& state, const Head& head, const ModelVersionArchived& archived) {
    const ModelVersion which{archived.model, archived.version};
    state.archived.insert(which);
    if (state.open.contains(which)) void_approval(state, head, which, VoidReason::archived);
}

void on(State& state, const Head& head, const DeadlinePassed&) {
    const auto alarm = state.alarms.find(head.cause);
    if (alarm == state.alarms.end()) return;
    const auto which = alarm->second;
    close(state, which);
    state.agenda.owe(head, ApprovalExpired{which.model, which.version});
}

}  // namespace

void evolve(State& state, const core::Recorded<Inputs>& record) {
    std::visit([&](const auto& fact) { on(state, record.head, fact); }, record.data);
}

}  // namespace sluice::approver
