#include "services/console/api/answers.hpp"

#include "common/http/problem.hpp"
#include "events/codec.hpp"
#include "services/console/api/parts.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace sluice::console {
namespace {

using Json = nlohmann::ordered_json;

struct Refusal {
    int status;
    std::string_view title, detail;
};

/// What a code of the approver, the deployer or the registry means for whoever asked.
const std::map<std::string, Refusal, std::less<>>& refusals() {
    static const std::map<std::string, Refusal, std::less<>> known{
        {"own_work", {403, "Your own work", "Who handed a version in may not decide on it; ask another reviewer."}},
        {"wrong_role",
         {403, "Not your role", "The policy wants a reviewer of another role; GET /v1/reviews says which one."}},
        {"not_open",
         {409, "Not open", "No review of this version is open; look at its timeline for what became of it."}},
        {"late", {409, "Too late", "The approval has expired; submit the version's run again, or a newer one."}},
        {"other_evidence",
         {409, "Other evidence",
          "The evidence is not what this digest names; look at GET /v1/evidence again, then decide on what it says."}},
        {"no_comment", {422, "No comment", "A decision needs a reason that others understand; give a comment."}},
        {"unknown_endpoint",
         {404, "No such endpoint", "No version was ever approved for it; look at GET /v1/endpoints."}},
        {"no_such_rollout",
         {409, "Not the active rollout",
          "Another rollout has the endpoint now; look at GET /v1/endpoints/{endpoint}."}},
        {"not_running", {409, "Nothing runs", "No rollout is running on this endpoint; there is nothing to move."}},
        {"already_paused", {409, "Paused already", "The rollout is paused; resume it when it may go on."}},
        {"not_paused", {409, "Not paused", "The rollout is not paused; look at why it waits before asking again."}},
        {"revision_has_moved",
         {409, "The route has moved",
          "The endpoint's route is not at the expected revision any more; look at it, then ask again."}},
        {"rollout_is_running",
         {409, "A rollout is running", "Abort the running rollout instead; that brings back what served before."}},
        {"nothing_to_roll_back_to",
         {409, "Nothing to go back to", "Nothing served before the last promotion, or it was taken back already."}},
    };
    return known;
}

Json answered(const core::FactId& id, const Asked& asked) {
    return {{"id", core::to_text(id)}, {"answer", answer_part(*asked.answer)}};
}

/// The members of an object, without its braces.
std::string bare(const Json& object) {
    const auto text = object.dump();
    return text.substr(1, text.size() - 2);
}

http::Response policy_refused(const core::FactId& id, const Asked& asked) {
    const auto& problems = asked.answer->problems;
    auto members = bare(answered(id, asked)) + ",\"errors\":" + events::to_json(problems);
    if (std::ranges::any_of(problems, [](const Problem& each) { return each.code == "version_has_moved"; }))
        return http::problem(409, "version_has_moved", "The policy has moved",
                             "Somebody published another version; look at what changed, then submit on top of it.",
                             members);
    return http::problem(422, "policy_refused", "Policy refused",
                         "The policy was refused; correct what `errors` names and submit it again.", members);
}

http::Response refused(const core::FactId& id, const Asked& asked) {
    const auto& answer = *asked.answer;
    if (answer.fact == PolicyRefused::name) return policy_refused(id, asked);
    auto members = answered(id, asked);
    if (answer.fact == RolloutRequestRefused::name) members["revision"] = answer.number;
    const auto known = refusals().find(answer.reason);
    const auto says = known == refusals().end()
                          ? Refusal{409, "Refused", "The request was refused; look at the timeline for the reason."}
                          : known->second;
    return http::problem(says.status, answer.reason, says.title, says.detail, bare(members));
}

std::string kind_of(const Asked& asked) {
    if (asked.fact == RolloutPauseRequested::name) return "pause";
    if (asked.fact == RolloutResumeRequested::name) return "resume";
    if (asked.fact == RolloutAbortRequested::name) return "abort";
    if (asked.fact == RollbackRequested::name) return "rollback";
    return asked.answer->fact == RolloutPromoted::name ? "promote" : "advance";
}

}  // namespace

http::Response answer_to(const State& state, const core::FactId& id, const Asked& asked) {
    if (asked.answer->refused) return refused(id, asked);
    Json body;
    int status = 200;
    if (asked.fact == PolicySubmitted::name) {
        body = {{"model", asked.model.text}, {"version", asked.answer->number}};
        status = 201;
    } else if (asked.fact == ReviewSubmitted::name) {
        const bool granted = asked.conclusion && asked.conclusion->fact == ApprovalGranted::name;
        body = {{"model", asked.model.text},
                {"version", asked.version},
                {"decision", granted ? "approve" : "reject"},
                {"approval", granted ? "granted" : "denied"}};
    } else {
        body = {{"kind", kind_of(asked)}, {"endpoint", asked.endpoint.text}};
        if (!asked.rollout.is_none()) body["rollout"] = core::to_text(asked.rollout);
        const auto endpoint = state.endpoints.find(asked.endpoint);
        body["revision"] = endpoint == state.endpoints.end() ? 0 : endpoint->second.route.revision;
        body["does"] = asked.answer->fact;
    }
    body.update(answered(id, asked));
    return json_response(status, body);
}

}  // namespace sluice::console
