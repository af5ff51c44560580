#include "services/evaluator/decider.hpp"

#include "rules/evidence.hpp"
#include "rules/gates.hpp"

#include <algorithm>

namespace sluice::evaluator {
namespace {

using core::Head;

ScoredModel scored(Version version, const Candidate& candidate) {
    return {version, candidate.artifact, candidate.columns};
}

void run(State& state, const Model& name, ModelState& model, Version version) {
    auto& candidate = model.versions.at(version);
    candidate.evaluated_by = model.policy_version;
    const auto& rule = model.policy.evaluation;
    RunEvaluation effect{
        name,        scored(version, candidate), candidate.probe, model.policy_version, rule.dataset, rule.threshold,
        std::nullopt};
    if (const auto champion = model.versions.find(model.champion); champion != model.versions.end())
        effect.champion = scored(model.champion, champion->second);
    // A version may be evaluated again under a newer policy: that is another evaluation.
    const auto id =
        state.agenda.ask(candidate.cause, std::move(effect), "policy " + std::to_string(model.policy_version));
    state.running[id] = {{name, version}, model.policy_version, model.policy};
}

bool has_work(const ModelState& model) { return model.policy_version > 0 && !model.waiting.empty(); }

/// The next model after the one that was served last, so that a storm of versions of one starves no other.
std::map<Model, ModelState>::iterator whose_turn(State& state) {
    const auto can_run = [](const auto& entry) { return has_work(entry.second); };
    const auto after = state.models.upper_bound(state.last_served);
    const auto found = std::find_if(after, state.models.end(), can_run);
    if (found != state.models.end()) return found;
    const auto wrapped = std::find_if(state.models.begin(), after, can_run);
    return wrapped == after ? state.models.end() : wrapped;
}

void fill(State& state) {
    while (state.running.size() < running_max) {
        const auto turn = whose_turn(state);
        if (turn == state.models.end()) return;
        const auto version = turn->second.waiting.extract(turn->second.waiting.begin()).value();
        state.last_served = turn->first;
        run(state, turn->first, turn->second, version);
    }
}

/// Takes a version out, whether it waits or runs, or both. False: it did neither.
bool take_out(State& state, const Model& name, ModelState& model, Version version) {
    const bool waited = model.waiting.erase(version) > 0;
    const auto stopped = std::erase_if(state.running, [&](const auto& each) {
        if (each.second.which != ModelVersion{name, version}) return false;
        state.agenda.withdraw(each.first);
        return true;
    });
    return waited || stopped > 0;
}

void cancel(State& state, const Head& head, const Model& name, Version version, CancelReason reason, Version newer) {
    if (take_out(state, name, state.models.at(name), version))
        state.agenda.owe(head, EvaluationCancelled{name, version, reason, newer}, std::to_string(version));
}

void queue(State& state, const Head& head, const Model& name, ModelState& model, Version version) {
    if (model.archived.contains(version)) return;
    model.waiting.insert(version);
    if (model.waiting.size() <= waiting_max) return;
    const auto newest = *model.waiting.rbegin();
    cancel(state, head, name, *model.waiting.begin(), CancelReason::newer_versions_wait, newest);
}

/// What an approval needs evaluated by newer rules waits again, as soon as these rules are here.
void queue_again(State& state, const Head& head, const Model& name, ModelState& model) {
    for (const auto& [version, candidate] : model.versions) {
        const bool stale = candidate.wanted_by > candidate.evaluated_by && candidate.wanted_by <= model.policy_version;
        if (stale && !model.waiting.contains(version)) queue(state, head, name, model, version);
    }
}

void on(State& state, const Head& head, const ApprovalVoided& voided) {
    if (voided.reason != VoidReason::policy_changed) return;
    const auto model = state.models.find(voided.model);
    if (model == state.models.end()) return;
    const auto version = model->second.versions.find(voided.version);
    if (version == model->second.versions.end()) return;
    version->second.wanted_by = std::max(version->second.wanted_by, voided.policy_version);
    queue_again(state, head, voided.model, model->second);
    fill(state);
}

void on(State& state, const Head& head, const PolicyPublished& published) {
    auto& model = state.models[published.policy.model];
    // Facts may land in another order than that of their causes.
    if (published.version <= model.policy_version) return;
    model.policy_version = published.version;
    model.policy = published.policy;
    queue_again(state, head, published.policy.model, model);
    fill(state);
}

void on(State& state, const Head& head, const ModelVersionRegistered& registered) {
    auto& model = state.models[registered.model];
    std::vector<Column> columns;
    for (const auto& input : registered.signature.inputs) columns.push_back(input.name);
    Candidate candidate{head,
                        registered.artifact.digest,
                        registered.probe.digest,
                        std::move(columns),
                        registered.submitter,
                        registered.features,
                        registered.metrics,
                        0,
                        0};
    if (!model.versions.try_emplace(registered.version, std::move(candidate)).second) return;
    queue(state, head, registered.model, model, registered.version);
    fill(state);
}

void on(State& state, const Head& head, const ModelVersionArchived& archived) {
    state.models[archived.model].archived.insert(archived.version);
    cancel(state, head, archived.model, archived.version, CancelReason::archived, 0);
    fill(state);
}

void judge(State& state, const Head& head, const Running& under, const EvaluationMeasured& measured) {
    const auto& [model, version] = under.which;
    const auto& candidate = state.models.at(model).versions.at(version);
    auto gates = rules::gates_of(measured, candidate.declared, under.policy.evaluation);
    if (!rules::all_passed(gates)) {
        state.agenda.owe(head, EvaluationFailed{model, version, under.policy_version, head.id, std::move(gates)});
        return;
    }
    const auto evidence =
        rules::evidence_digest(measured, gates, under.policy_version, under.policy, candidate.features);
    state.agenda.owe(head, EvaluationPassed{model, version, candidate.artifact, candidate.submitter,
                                            under.policy_version, head.id, std::move(gates), evidence});
}

void on(State& state, const Head& head, const EvaluationMeasured& measured) {
    const auto running = state.running.extract(head.id);
    if (!running.empty()) judge(state, head, running.mapped(), measured);
    fill(state);
}

void on(State& state, const Head& head, const EvaluationErrored&) {
    state.running.erase(head.id);
    fill(state);
}

std::vector<Version> open_before(const State& state, const Model& name, Version version) {
    const auto& waiting = state.models.at(name).waiting;
    std::vector<Version> found(waiting.begin(), waiting.end());
    for (const auto& [effect, running] : state.running)
        if (running.which.model == name) found.push_back(running.which.version);
    std::erase_if(found, [&](Version each) { return each >= version; });
    std::ranges::sort(found);
    return found;
}

/// False: a later promotion or rollback has landed before this one.
bool crown(ModelState& model, const Head& head, Version version) {
    if (head.basis < model.crowned) return false;
    model.crowned = head.basis;
    model.champion = version;
    return true;
}

void on(State& state, const Head& head, const RolloutPromoted& promoted) {
    const auto& of = promoted.of;
    if (!crown(state.models[of.model], head, of.version)) return;
    for (const auto version : open_before(state, of.model, of.version))
        cancel(state, head, of.model, version, CancelReason::newer_is_champion, of.version);
    fill(state);
}

void on(State& state, const Head& head, const RolloutRolledBack& back) {
    crown(state.models[back.of.model], head, back.to);
}

}  // namespace

void evolve(State& state, const core::Recorded<Inputs>& record) {
    std::visit([&](const auto& fact) { on(state, record.head, fact); }, record.data);
}

}  // namespace sluice::evaluator
