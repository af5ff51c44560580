#include "services/console/requests.hpp"

#include "common/core/content.hpp"

#include <array>

namespace sluice::console {
namespace {

using core::Head;

struct Pair {
    std::string_view request, answer;
};
/// Each request is answered by exactly one fact.
constexpr std::array pairs{
    Pair{PolicySubmitted::name, PolicyPublished::name},
    Pair{PolicySubmitted::name, PolicyRefused::name},
    Pair{ReviewSubmitted::name, ReviewCounted::name},
    Pair{ReviewSubmitted::name, ReviewRefused::name},
    Pair{RolloutPauseRequested::name, RolloutPaused::name},
    Pair{RolloutPauseRequested::name, RolloutRequestRefused::name},
    Pair{RolloutResumeRequested::name, RolloutResumed::name},
    Pair{RolloutResumeRequested::name, RolloutRequestRefused::name},
    Pair{RolloutAbortRequested::name, RolloutAborted::name},
    Pair{RolloutAbortRequested::name, RolloutRequestRefused::name},
    Pair{RolloutAdvanceRequested::name, RolloutAdvanced::name},
    Pair{RolloutAdvanceRequested::name, RolloutPromoted::name},
    Pair{RolloutAdvanceRequested::name, RolloutRequestRefused::name},
    Pair{RollbackRequested::name, RolloutRolledBack::name},
    Pair{RollbackRequested::name, RolloutRequestRefused::name},
    Pair{AliasMoveRequested::name, AliasMoved::name},
    Pair{AliasMoveRequested::name, RegistryRequestRefused::name},
    Pair{ArchiveRequested::name, ModelVersionArchived::name},
    Pair{ArchiveRequested::name, RegistryRequestRefused::name},
};
bool answers(std::string_view answer, std::string_view request) {
    for (const auto& pair : pairs)
        if (pair.request == request && pair.answer == answer) return true;
    return false;
}
template <class Fact> constexpr bool refuses =
    std::is_same_v<Fact, PolicyRefused> || std::is_same_v<Fact, ReviewRefused> ||
    std::is_same_v<Fact, RolloutRequestRefused> || std::is_same_v<Fact, RegistryRequestRefused>;
template <class Fact> constexpr bool concludes =
    std::is_same_v<Fact, ApprovalGranted> || std::is_same_v<Fact, ApprovalDenied>;

template <class Fact> void name_subject(Asked& asked, const Fact& fact) {
    if constexpr (std::is_same_v<Fact, PolicySubmitted>)
        asked.model = fact.policy.model, asked.expected = fact.expected_version;
    if constexpr (requires { fact.model; }) asked.model = fact.model;
    if constexpr (requires { fact.version; }) asked.version = fact.version;
    if constexpr (requires { fact.endpoint; }) asked.endpoint = fact.endpoint;
    if constexpr (requires { fact.rollout; }) asked.rollout = fact.rollout;
}

template <class Fact> Answer answer_of(const Head& head, const Fact& fact) {
    Answer answer{head.id, std::string(Fact::name), head.position, {head.time}, refuses<Fact>, {}, 0, {}};
    if constexpr (std::is_same_v<Fact, PolicyPublished>) answer.number = fact.version;
    if constexpr (std::is_same_v<Fact, PolicyRefused>) {
        answer.reason = "policy_refused";
        answer.problems = fact.problems;
    } else if constexpr (refuses<Fact>) {
        answer.reason = std::string(core::name_of(fact.reason));
    }
    if constexpr (std::is_same_v<Fact, RolloutRequestRefused>) answer.number = fact.revision;
    return answer;
}

}  // namespace

void remember(State& state, const Head& head, const Inputs& inputs) {
    std::visit(
        [&]<class Fact>(const Fact& fact) {
            if constexpr (Fact::kind == Kind::request) {
                Asked asked{std::string(Fact::name),
                            head.actor,
                            head.position,
                            {head.time},
                            core::content_of(fact),
                            {},
                            0,
                            {},
                            {},
                            0,
                            {},
                            {}};
                name_subject(asked, fact);
                state.requests.try_emplace(head.id, std::move(asked));
                return;
            }
            const auto at = state.requests.find(head.cause);
            if (at == state.requests.end()) return;
            auto& asked = at->second;
            if (!asked.answer && answers(Fact::name, asked.fact)) asked.answer = answer_of(head, fact);
            if (concludes<Fact> && !asked.conclusion) asked.conclusion = answer_of(head, fact);
        },
        inputs);
}

std::string actor_of(const State& state, const Head& head) {
    if (!head.actor.empty()) return head.actor;
    const auto at = state.requests.find(head.cause);
    return at == state.requests.end() ? std::string{} : at->second.actor;
}

bool is_answered(const Asked& asked) {
    return asked.answer && (asked.answer->fact != ReviewCounted::name || asked.conclusion);
}

}  // namespace sluice::console
