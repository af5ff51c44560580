#include "services/console/standing.hpp"

#include "services/console/sentences.hpp"

#include <algorithm>

namespace sluice::console {
namespace {

std::string in_words(std::string code) {
    std::ranges::replace(code, '_', ' ');
    return code;
}
std::string version_text(const RolloutRef& of) { return of.model.text + "/" + std::to_string(of.version); }

Standing of_running(const State& state, const RolloutView& rollout) {
    const auto percent = live_shares(state, rollout.of.model, rollout.of.version);
    const auto at = percent.find(rollout.of.endpoint);
    const auto share = number_text(at == percent.end() ? 0 : at->second) + " % of " + rollout.of.endpoint.text;
    if (rollout.paused) return {Stage::paused, "paused at " + share + ": " + rollout.note};
    return {Stage::rolling_out, "rolling out, " + share + ": " + why_it_waits(state, rollout)};
}

Standing of_rollout(const State& state, const ModelView& model, Version version, const RolloutView& rollout) {
    switch (rollout.stage) {
        case RolloutStage::queued: return {Stage::queued, why_it_waits(state, rollout)};
        case RolloutStage::running: return of_running(state, rollout);
        case RolloutStage::promoted:
            if (model.champion == version) return {Stage::champion, "champion"};
            return {Stage::replaced,
                    "was champion; now it is " +
                        (model.champion ? "version " + std::to_string(model.champion) : std::string("nobody"))};
        case RolloutStage::rolled_back: return {Stage::rolled_back, "rolled back: " + in_words(rollout.note)};
        case RolloutStage::aborted: return {Stage::aborted, "aborted: " + rollout.note};
        case RolloutStage::superseded: return {Stage::superseded, "superseded: " + in_words(rollout.note)};
    }
    return {};
}

Standing of_approval(const VersionView& view) {
    const auto& approval = view.approval;
    switch (approval.stage) {
        case ApprovalStage::none:
        case ApprovalStage::closed: return {Stage::evaluated, "passed its gates"};
        case ApprovalStage::open:
            return {Stage::waiting_for_review,
                    "waiting: a " + approval.role + ", until " + core::rfc3339(approval.expires_at.ms)};
        case ApprovalStage::granted:
            if (!view.rollout_refused.empty())
                return {Stage::rollout_refused, "approved, but gets no rollout: " + in_words(view.rollout_refused)};
            return {Stage::approved, "approved"};
        case ApprovalStage::denied: return {Stage::denied, "denied by " + approval.reviewer + ": " + approval.comment};
        case ApprovalStage::expired: return {Stage::expired, "nobody decided in time"};
    }
    return {};
}

std::string failed_gates(const EvaluationView& evaluation) {
    std::string names;
    for (const auto& gate : evaluation.gates)
        if (!gate.passed) names += (names.empty() ? "" : ", ") + gate.name;
    return names;
}

Standing of_evaluation(const ModelView& model, const VersionView& view) {
    switch (view.evaluation.stage) {
        case EvaluationStage::none:
            if (model.policies.empty()) return {Stage::waiting_for_policy, "waiting: no policy"};
            return {Stage::evaluating, "waiting: evaluation"};
        case EvaluationStage::measured: return {Stage::evaluating, "measured, waiting: verdict"};
        case EvaluationStage::passed: return of_approval(view);
        case EvaluationStage::failed:
            return {Stage::evaluation_failed, "failed its gates: " + failed_gates(view.evaluation)};
        case EvaluationStage::errored:
            return {Stage::evaluation_errored, "could not be evaluated: " + view.evaluation.detail};
        case EvaluationStage::cancelled:
            return {Stage::evaluation_cancelled, "evaluation cancelled: " + in_words(view.evaluation.detail)};
    }
    return {};
}

std::string why_queued(const State& state, const RolloutView& rollout) {
    const auto endpoint = state.endpoints.find(rollout.of.endpoint);
    const auto* active = endpoint == state.endpoints.end() ? nullptr : active_on(state, endpoint->second);
    const auto name = rollout.of.endpoint.text;
    return active ? "waiting: endpoint " + name + " has the rollout of " + version_text(active->of)
                  : "waiting: about to start on endpoint " + name;
}

std::string why_not_further(const RolloutView& rollout) {
    if (rollout.applied_by.is_none()) return "waiting: not every serving node has loaded it yet";
    if (!rollout.has_control_arm()) return "waiting: about to be promoted";
    if (!rollout.baked) return "baking until " + core::rfc3339(rollout.bakes_until.ms);
    const auto entities = entities_of(rollout);
    if (entities.counted < entities.wanted)
        return "waiting: " + std::to_string(entities.counted) + " of " + std::to_string(entities.wanted) + " entities";
    if (rollout.step < rollout.steps.size()) return "about to take the next step";
    return "waiting: the judge has not decided yet";
}

}  // namespace

Standing standing_of(const State& state, const Model& name, Version version) {
    const auto* view = find(state, name, version);
    if (!view) return {};
    const auto& model = state.models.at(name);
    if (view->archived) return {Stage::archived, "archived"};
    if (model.champion == version) return {Stage::champion, "champion"};
    const auto rollout = state.rollouts.find(view->rollout);
    if (rollout != state.rollouts.end()) return of_rollout(state, model, version, rollout->second);
    return of_evaluation(model, *view);
}

Entities entities_of(const RolloutView& rollout) {
    const bool in_step = rollout.step > 0 && rollout.step <= rollout.steps.size();
    return {rollout.judged ? rollout.judged->canary_entities : 0,
            in_step ? rollout.steps[rollout.step - 1].entities_min : 0};
}

std::string why_it_waits(const State& state, const RolloutView& rollout) {
    switch (rollout.stage) {
        case RolloutStage::queued: return why_queued(state, rollout);
        case RolloutStage::running: return rollout.paused ? "paused: " + rollout.note : why_not_further(rollout);
        case RolloutStage::promoted:
        case RolloutStage::rolled_back:
        case RolloutStage::aborted:
        case RolloutStage::superseded: return {};
    }
    return {};
}

const RolloutView* active_on(const State& state, const EndpointView& endpoint) {
    for (const auto& id : endpoint.open) {
        const auto rollout = state.rollouts.find(id);
        if (rollout != state.rollouts.end() && rollout->second.stage == RolloutStage::running) return &rollout->second;
    }
    return nullptr;
}

std::vector<const RolloutView*> queue_of(const State& state, const EndpointView& endpoint) {
    std::vector<const RolloutView*> queue;
    for (const auto& id : endpoint.open) {
        const auto rollout = state.rollouts.find(id);
        if (rollout != state.rollouts.end() && rollout->second.stage == RolloutStage::queued)
            queue.push_back(&rollout->second);
    }
    std::ranges::sort(queue, {}, &RolloutView::queued_at);
    return queue;
}

std::map<Endpoint, double> live_shares(const State& state, const Model& model, Version version) {
    std::map<Endpoint, double> shares;
    for (const auto& [name, endpoint] : state.endpoints) {
        const auto& route = endpoint.route;
        if (route.model != model) continue;
        const double canary = route.canary ? route.canary_weight_bp / 100.0 : 0;
        if (route.canary && route.canary->version == version) shares[name] += canary;
        if (route.stable && route.stable->version == version) shares[name] += 100 - canary;
    }
    return shares;
}

}  // namespace sluice::console
