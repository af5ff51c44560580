#include "services/console/decider.hpp"

#include "services/console/requests.hpp"
#include "services/console/timeline.hpp"

#include <algorithm>

namespace sluice::console {
namespace {

using core::Head;

template <class AnyState> auto* find_in(AnyState& state, const Model& name, Version version) {
    const auto model = state.models.find(name);
    using Found = decltype(&model->second.versions.begin()->second);
    if (model == state.models.end()) return Found{};
    const auto at = model->second.versions.find(version);
    return at == model->second.versions.end() ? Found{} : &at->second;
}

/// Nothing of a version that was never registered: anybody may ask for any number.
VersionView* version_of(State& state, const Model& name, Version version) { return find_in(state, name, version); }

void on(State& state, const Head&, const TrainingStarted& started) { state.models.try_emplace(started.model); }
void on(State& state, const Head&, const TrainingFailed& failed) { state.models.try_emplace(failed.model); }

/// A run and artifact register once: what is completed again becomes no other version.
void on(State& state, const Head& head, const TrainingCompleted& done) {
    auto& model = state.models[done.model];
    const RunAndArtifact which{done.run.id, done.artifact.digest};
    if (!model.runs.contains(which))
        model.unregistered.try_emplace(which, Completion{head.id, head.position, {head.time}, done});
}

void on(State& state, const Head& head, const ModelVersionRegistered& registered) {
    auto& model = state.models[registered.model];
    auto& version = model.versions[registered.version];
    version.registration = head.id;
    version.registered_at = {head.time};
    version.run = registered.run;
    version.submitter = registered.submitter;
    version.artifact = registered.artifact;
    const RunAndArtifact which{registered.run, registered.artifact.digest};
    model.runs[which] = registered.version;
    auto completion = model.unregistered.extract(which);
    if (completion.empty()) return;
    version.completion = std::move(completion.mapped());
    // Told before it had a number: the story of the version begins with it.
    const auto& done = *version.completion;
    Head then;
    then.id = done.id, then.position = done.position, then.time = done.time.ms, then.actor = registered.submitter.text;
    write_down(version.timeline, then, done.what, then.actor);
}

void on(State&, const Head&, const AliasMoveRequested&) {}
void on(State&, const Head&, const AliasMoved&) {}
void on(State&, const Head&, const ArchiveRequested&) {}
void on(State&, const Head&, const RegistryRequestRefused&) {}

/// The approval, where this fact still has a say in it: facts may land in another order than that of their causes.
ApprovalView* approval_of(State& state, const Head& head, const Model& model, Version number) {
    auto* version = version_of(state, model, number);
    return version && head.basis >= version->approval.as_of ? &version->approval : nullptr;
}

ApprovalView* settle_approval(State& state, const Head& head, const Model& model, Version number, ApprovalStage stage) {
    auto* approval = approval_of(state, head, model, number);
    if (!approval) return nullptr;
    state.inbox.erase({model, number});
    approval->stage = stage;
    approval->id = head.id;
    approval->as_of = head.basis;
    approval->position = head.position;
    approval->time = {head.time};
    return approval;
}

void on(State& state, const Head& head, const ModelVersionArchived& archived) {
    auto* version = version_of(state, archived.model, archived.version);
    if (!version) return;
    version->archived = true;
    if (version->approval.stage == ApprovalStage::open)
        settle_approval(state, head, archived.model, archived.version, ApprovalStage::closed);
}

void on(State& state, const Head&, const PolicySubmitted& submitted) {
    state.models.try_emplace(submitted.policy.model);
}
void on(State& state, const Head& head, const PolicyPublished& published) {
    state.models[published.policy.model].policies.try_emplace(
        published.version, PublishedPolicy{head.position, {head.time}, actor_of(state, head), published.policy});
}
void on(State&, const Head&, const PolicyRefused&) {}

EvaluationView* evaluation_of(State& state, const Model& model, Version version, std::uint32_t policy_version) {
    auto* view = version_of(state, model, version);
    if (!view) return nullptr;
    view->evaluation.policy_version = policy_version;
    return &view->evaluation;
}

void on(State& state, const Head&, const EvaluationMeasured& measured) {
    auto* view = evaluation_of(state, measured.model, measured.version, measured.policy_version);
    if (view) *view = {EvaluationStage::measured, {}, measured.policy_version, measured, {}, {}, {}};
}
void on(State& state, const Head& head, const EvaluationErrored& errored) {
    auto* view = evaluation_of(state, errored.model, errored.version, errored.policy_version);
    if (view)
        *view = {EvaluationStage::errored,
                 head.id,
                 errored.policy_version,
                 {},
                 {},
                 {},
                 errored.code + ": " + errored.detail};
}
void on(State& state, const Head& head, const EvaluationPassed& passed) {
    auto* view = evaluation_of(state, passed.model, passed.version, passed.policy_version);
    if (!view) return;
    view->stage = EvaluationStage::passed;
    view->id = head.id;
    view->gates = passed.gates;
    view->evidence = passed.evidence;
}
void on(State& state, const Head& head, const EvaluationFailed& failed) {
    auto* view = evaluation_of(state, failed.model, failed.version, failed.policy_version);
    if (!view) return;
    view->stage = EvaluationStage::failed;
    view->id = head.id;
    view->gates = failed.gates;
    view->evidence = {};
}
void on(State& state, const Head& head, const EvaluationCancelled& cancelled) {
    auto* version = version_of(state, cancelled.model, cancelled.version);
    if (!version) return;
    version->evaluation.stage = EvaluationStage::cancelled;
    version->evaluation.id = head.id;
    version->evaluation.detail = std::string(core::name_of(cancelled.reason));
}

void on(State& state, const Head& head, const ApprovalRequested& requested) {
    const auto* version = version_of(state, requested.model, requested.version);
    if (version && version->archived) return;
    auto* approval = settle_approval(state, head, requested.model, requested.version, ApprovalStage::open);
    if (!approval) return;
    approval->role = requested.role;
    approval->evidence = requested.evidence;
    approval->expires_at = requested.expires_at;
    approval->automatic = false;
    approval->reviewer.clear();
    approval->comment.clear();
    state.inbox.insert({requested.model, requested.version});
}
void on(State&, const Head&, const ReviewSubmitted&) {}
void on(State&, const Head&, const ReviewCounted&) {}
void on(State&, const Head&, const ReviewRefused&) {}

void on(State& state, const Head& head, const ApprovalGranted& granted) {
    auto* approval = settle_approval(state, head, granted.model, granted.version, ApprovalStage::granted);
    if (!approval) return;
    approval->evidence = granted.evidence;
    approval->automatic = granted.automatic;
    approval->reviewer = granted.reviewer.value_or(Person{}).text;
    approval->comment = granted.comment.value_or("");
}
void on(State& state, const Head& head, const ApprovalDenied& denied) {
    auto* approval = settle_approval(state, head, denied.model, denied.version, ApprovalStage::denied);
    if (!approval) return;
    approval->reviewer = denied.reviewer.text;
    approval->comment = denied.comment;
}
void on(State& state, const Head& head, const ApprovalVoided& voided) {
    settle_approval(state, head, voided.model, voided.version, ApprovalStage::closed);
}
void on(State& state, const Head& head, const ApprovalExpired& expired) {
    settle_approval(state, head, expired.model, expired.version, ApprovalStage::expired);
}

/// The rollout, as far as it is known: its facts may land in any order.
RolloutView& rollout_of(State& state, const RolloutRef& of) {
    auto& rollout = state.rollouts[of.rollout];
    rollout.of = of;
    if (auto* version = version_of(state, of.model, of.version)) version->rollout = of.rollout;
    if (rollout.stage <= RolloutStage::running) state.endpoints[of.endpoint].open.insert(of.rollout);
    return rollout;
}

void reach(State& state, RolloutView& rollout, RolloutStage stage, std::string note) {
    if (stage < rollout.stage) return;
    rollout.stage = stage;
    rollout.note = std::move(note);
    if (stage > RolloutStage::running) state.endpoints[rollout.of.endpoint].open.erase(rollout.of.rollout);
}

void on(State& state, const Head& head, const RolloutQueued& queued) {
    auto& rollout = rollout_of(state, {head.id, queued.endpoint, queued.model, queued.version});
    rollout.queued_at = head.position;
    rollout.policy_version = queued.policy_version;
}

void on(State& state, const Head&, const RolloutRefused& refused) {
    if (auto* version = version_of(state, refused.model, refused.version))
        version->rollout_refused = std::string(core::name_of(refused.reason));
}

/// The policy that held where the cause of the start stands.
void take_policy(const State& state, const Head& head, RolloutView& rollout) {
    const auto model = state.models.find(rollout.of.model);
    if (model == state.models.end()) return;
    for (const auto& [version, published] : model->second.policies) {
        if (published.position > head.basis) break;
        rollout.policy_version = version;
        rollout.steps = published.policy.rollout.steps;
    }
}

void on(State& state, const Head& head, const RolloutStarted& started) {
    auto& rollout = rollout_of(state, started.of);
    rollout.strategy = started.strategy;
    rollout.stable = started.stable;
    if (rollout.has_control_arm()) {
        take_policy(state, head, rollout);
        rollout.step = std::max(rollout.step, 1u);
    }
    reach(state, rollout, RolloutStage::running, {});
}

void on(State& state, const Head& head, const RouteChanged& changed) {
    const auto& route = changed.route;
    auto& endpoint = state.endpoints[route.endpoint];
    if (route.revision <= endpoint.route.revision) return;
    endpoint.route = route;
    endpoint.route_position = head.position;
    endpoint.route_time = {head.time};
    const auto rollout = state.rollouts.find(route.rollout);
    if (rollout == state.rollouts.end()) return;
    rollout->second.applied_by = {};
    rollout->second.bakes_until = {};
    rollout->second.baked = false;
}

void on(State& state, const Head&, const CanaryMeasured& measured) {
    auto& rollout = rollout_of(state, measured.of);
    if (measured.number <= rollout.measured) return;
    rollout.measured = measured.number;
    rollout.evidence = measured.evidence;
}

void on(State& state, const Head&, const RolloutJudged& judged) {
    auto& rollout = rollout_of(state, judged.of);
    if (rollout.judged && rollout.judged->number >= judged.number) return;
    rollout.judged =
        Judgement{judged.number, judged.log_e_rollback, judged.log_e_promote, judged.canary_entities, judged.verdict};
}

void on(State& state, const Head&, const RolloutAdvanced& advanced) {
    auto& rollout = rollout_of(state, advanced.of);
    rollout.step = std::max(rollout.step, advanced.step);
}
void pause(State& state, const Head& head, const RolloutRef& of, bool paused, const std::string& reason) {
    auto& rollout = rollout_of(state, of);
    if (head.basis < rollout.paused_as_of) return;
    rollout.paused_as_of = head.basis;
    rollout.paused = paused;
    if (rollout.stage <= RolloutStage::running) rollout.note = reason;
}
void on(State& state, const Head& head, const RolloutPaused& paused) {
    pause(state, head, paused.of, true, paused.reason);
}
void on(State& state, const Head& head, const RolloutResumed& resumed) {
    pause(state, head, resumed.of, false, resumed.reason);
}

void crown(State& state, const Head& head, const Model& name, Version version) {
    auto& model = state.models[name];
    if (head.basis < model.crowned) return;
    model.crowned = head.basis;
    model.champion = version;
}
void on(State& state, const Head& head, const RolloutPromoted& promoted) {
    reach(state, rollout_of(state, promoted.of), RolloutStage::promoted, std::string(core::name_of(promoted.reason)));
    crown(state, head, promoted.of.model, promoted.of.version);
}
void on(State& state, const Head& head, const RolloutRolledBack& back) {
    const auto reason = std::string(core::name_of(back.reason));
    reach(state, rollout_of(state, back.of), RolloutStage::rolled_back,
          back.detail.empty() ? reason : reason + ": " + back.detail);
    crown(state, head, back.of.model, back.to);
}
void on(State& state, const Head&, const RolloutAborted& aborted) {
    reach(state, rollout_of(state, aborted.of), RolloutStage::aborted, aborted.reason);
}
void on(State& state, const Head&, const RolloutSuperseded& superseded) {
    reach(state, rollout_of(state, superseded.of), RolloutStage::superseded,
          std::string(core::name_of(superseded.reason)));
}

void on(State&, const Head&, const RolloutPauseRequested&) {}
void on(State&, const Head&, const RolloutResumeRequested&) {}
void on(State&, const Head&, const RolloutAbortRequested&) {}
void on(State&, const Head&, const RolloutAdvanceRequested&) {}
void on(State&, const Head&, const RollbackRequested&) {}
void on(State&, const Head&, const RolloutRequestRefused&) {}

void on(State& state, const Head&, const ServingNodeJoined& joined) { state.nodes[joined.node] = joined.incarnation; }
void on(State& state, const Head&, const ServingNodeLost& lost) {
    const auto at = state.nodes.find(lost.node);
    if (at != state.nodes.end() && at->second == lost.incarnation) state.nodes.erase(at);
}

/// From here on the step bakes.
void on(State& state, const Head& head, const RouteApplied& applied) {
    const auto at = state.endpoints.find(applied.endpoint);
    if (at == state.endpoints.end() || applied.revision < at->second.applied.revision) return;
    at->second.applied = {applied.revision, {head.time}, applied.nodes};
    const auto& route = at->second.route;
    const auto found = state.rollouts.find(route.rollout);
    if (route.revision != applied.revision || found == state.rollouts.end()) return;
    auto& rollout = found->second;
    rollout.applied_by = head.id;
    if (rollout.step > 0 && rollout.step <= rollout.steps.size())
        rollout.bakes_until = {head.time + 1000LL * rollout.steps[rollout.step - 1].bake_s};
}
void on(State&, const Head&, const RouteRefused&) {}

void on(State& state, const Head& head, const DeadlinePassed&) {
    for (auto& [name, endpoint] : state.endpoints)
        for (const auto& id : endpoint.open)
            if (auto& rollout = state.rollouts[id]; rollout.applied_by == head.cause && !head.cause.is_none())
                rollout.baked = true;
}

}  // namespace

void evolve(State& state, const core::Recorded<Inputs>& record) {
    remember(state, record.head, record.data);
    std::visit([&](const auto& fact) { on(state, record.head, fact); }, record.data);
    tell(state, record.head, record.data);
}

const VersionView* find(const State& state, const Model& name, Version version) {
    return find_in(state, name, version);
}

}  // namespace sluice::console
