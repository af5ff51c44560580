#include "services/registry/decider.hpp"

#include "common/core/content.hpp"

namespace sluice::registry {
namespace {

using core::Head;

void on(State& state, const Head& head, const TrainingCompleted& done) {
    auto [at, is_new] = state.models.try_emplace(done.model);
    auto& model = at->second;
    if (is_new) model.id = state.agenda.owe(head, ModelCreated{done.model});
    const auto version = static_cast<Version>(model.versions.size() + 1);
    if (!model.runs.try_emplace({done.run.id, done.artifact.digest}, version).second) return;
    const Person submitter{head.actor};
    model.versions[version] = {done.run.id, submitter, done.artifact, head.id, {head.time}, false};
    state.agenda.owe(head, ModelVersionRegistered{model.id, done.model, version, done.run.id, submitter, done.artifact,
                                                  done.probe, done.signature, done.features, done.metrics});
}

/// The version that a request names, or why it cannot be meant.
std::optional<RegistryRefusal> why_no_version(const State& state, const Model& name, Version version) {
    const auto model = state.models.find(name);
    if (model == state.models.end()) return RegistryRefusal::unknown_model;
    const auto found = model->second.versions.find(version);
    if (found == model->second.versions.end()) return RegistryRefusal::unknown_version;
    if (found->second.archived) return RegistryRefusal::archived_version;
    return std::nullopt;
}

template <class Request> void refuse(State& state, const Head& head, const Request& asked, RegistryRefusal reason) {
    const auto fact = state.agenda.owe(head, RegistryRequestRefused{asked.model, reason});
    state.answers.try_emplace(head.id, Answer{core::content_of(asked), reason, fact});
}

std::optional<RegistryRefusal> why_not(const State& state, const AliasMoveRequested& asked) {
    if (const auto reason = why_no_version(state, asked.model, asked.version)) return reason;
    if (asked.alias == champion_alias) return RegistryRefusal::alias_is_reserved;
    const auto& aliases = state.models.at(asked.model).aliases;
    const auto now = aliases.find(asked.alias);
    const auto points_at = now == aliases.end() ? 0 : now->second;
    if (asked.expected && *asked.expected != points_at) return RegistryRefusal::alias_has_moved;
    return std::nullopt;
}

void on(State& state, const Head& head, const AliasMoveRequested& asked) {
    if (const auto reason = why_not(state, asked)) return refuse(state, head, asked, *reason);
    auto& points_at = state.models.at(asked.model).aliases[asked.alias];
    const auto previous = std::exchange(points_at, asked.version);
    const auto fact = state.agenda.owe(head, AliasMoved{asked.model, asked.alias, asked.version, previous});
    state.answers.try_emplace(head.id, Answer{core::content_of(asked), std::nullopt, fact});
}

std::optional<RegistryRefusal> why_not(const State& state, const ArchiveRequested& asked) {
    if (const auto reason = why_no_version(state, asked.model, asked.version)) return reason;
    if (state.models.at(asked.model).champion == asked.version) return RegistryRefusal::live_version;
    return std::nullopt;
}

void on(State& state, const Head& head, const ArchiveRequested& asked) {
    if (const auto reason = why_not(state, asked)) return refuse(state, head, asked, *reason);
    state.models.at(asked.model).versions.at(asked.version).archived = true;
    const auto fact = state.agenda.owe(head, ModelVersionArchived{asked.model, asked.version, asked.reason});
    state.answers.try_emplace(head.id, Answer{core::content_of(asked), std::nullopt, fact});
}

/// Facts may land in another order than that of their causes: the last decision counts.
void crown(State& state, const Head& head, const Model& name, Version version) {
    const auto model = state.models.find(name);
    if (model == state.models.end() || head.basis < model->second.crowned) return;
    model->second.crowned = head.basis;
    const auto previous = std::exchange(model->second.champion, version);
    if (version == 0 || version == previous) return;
    model->second.aliases[champion_alias] = version;
    state.agenda.owe(head, AliasMoved{name, champion_alias, version, previous});
}

void on(State& state, const Head& head, const RolloutPromoted& promoted) {
    crown(state, head, promoted.of.model, promoted.of.version);
}

/// A canary that is thrown out was never champion: then nothing moves.
void on(State& state, const Head& head, const RolloutRolledBack& back) { crown(state, head, back.of.model, back.to); }

}  // namespace

void evolve(State& state, const core::Recorded<Inputs>& record) {
    std::visit([&](const auto& fact) { on(state, record.head, fact); }, record.data);
}

}  // namespace sluice::registry
