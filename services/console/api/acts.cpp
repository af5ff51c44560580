#include "services/console/api/acts.hpp"

#include "common/core/json_text.hpp"
#include "common/http/problem.hpp"
#include "common/json/members.hpp"
#include "events/request.hpp"
#include "services/console/api/answers.hpp"
#include "services/console/api/pages.hpp"
#include "services/console/requests.hpp"
#include "services/console/standing.hpp"

namespace sluice::console {
namespace {

using events::Decoded;
using json::Members;

std::string list_of(const std::set<std::string>& texts) {
    std::string list;
    for (const auto& text : texts) list += (list.empty() ? "" : ",") + core::json_string(text);
    return "[" + list + "]";
}

bool is_blank(const std::string& text) { return text.find_first_not_of(" \t\r\n") == std::string::npos; }

http::Response unchanged(const Model& model, std::uint32_t version) {
    return {200,
            {},
            "application/json; charset=utf-8",
            R"({"model":)" + core::json_string(model.text) + R"(,"version":)" + std::to_string(version) +
                R"(,"unchanged":true})"};
}

/// The version that a policy with this JSON would follow, as far as the view knows.
std::uint32_t version_to_follow(const State& state, const std::string& policy) {
    const auto decoded = events::from_json<Policy>(policy);
    const auto model = decoded.value ? state.models.find(decoded.value->model) : state.models.end();
    return model == state.models.end() ? 0 : model->second.policy_version();
}

bool holds_already(const State& state, const PolicySubmitted& asked) {
    const auto model = state.models.find(asked.policy.model);
    if (model == state.models.end() || model->second.policies.empty()) return false;
    const auto& [version, published] = *model->second.policies.rbegin();
    return version == asked.expected_version && published.policy == asked.policy;
}

}  // namespace

Acts::Acts(app::Desk<Decider> desk, runtime::Executor& executor, std::string cell)
    : desk_{desk},
      requests_{{
          .desk = desk,
          .executor = executor,
          .codec = events::codec<Decider>(),
          .cell = std::move(cell),
          .first = [this](const core::FactId& id) -> const core::Hash* {
              const auto* asked = known(id);
              return asked ? &asked->content : nullptr;
          },
          .answered = [this](const core::FactId& id) { return known(id) && is_answered(*known(id)); },
          .answer = [this](const core::FactId& id) { return answer_to(state(), id, *known(id)); },
      }} {}

const Asked* Acts::known(const core::FactId& id) const {
    const auto at = state().requests.find(id);
    return at == state().requests.end() ? nullptr : &at->second;
}

template <class Fact> void Acts::submit(app::Turn turn, Decoded<Fact> decoded) {
    if (!decoded.value) return turn.respond(app::malformed(events::to_json(decoded.problems)));
    requests_.submit(std::move(turn), *std::move(decoded.value));
}

/// What is left out means what it meant the first time: who asks again with the same key asks the same.
void Acts::publish_policy(http::Actor actor, http::Request request, http::Respond respond) {
    auto turn = app::begin_turn(std::move(actor), std::move(request), std::move(respond), Decider::name);
    if (!turn) return;
    auto body = json::members_of(turn->request.body);
    if (!body) return turn->respond(app::not_an_object());
    const auto* first = known(turn->id);
    const auto policy = body->find("policy");
    if (!body->contains("expected_version") && policy != body->end())
        (*body)["expected_version"] =
            std::to_string(first ? first->expected : version_to_follow(state(), policy->second));
    auto decoded = events::request_from<PolicySubmitted>(*std::move(body), {});
    if (!first && decoded.value && holds_already(state(), *decoded.value))
        return turn->respond(unchanged(decoded.value->policy.model, decoded.value->expected_version));
    submit(*std::move(turn), std::move(decoded));
}

void Acts::review(http::Actor actor, http::Request request, http::Respond respond) {
    auto turn = app::begin_turn(std::move(actor), std::move(request), std::move(respond), Decider::name);
    if (!turn) return;
    auto body = json::members_of(turn->request.body);
    if (!body) return turn->respond(app::not_an_object());
    auto decoded = events::request_from<ReviewSubmitted>(*std::move(body), {{"roles", list_of(turn->actor.roles)}});
    submit(*std::move(turn), std::move(decoded));
}

void Acts::move_rollout(http::Actor actor, http::Request request, http::Respond respond) {
    auto turn = app::begin_turn(std::move(actor), std::move(request), std::move(respond), Decider::name);
    if (!turn) return;
    const auto id = core::fact_id_from(turn->request.path_params.at("id"));
    const auto at = id ? state().rollouts.find(*id) : state().rollouts.end();
    if (at == state().rollouts.end()) return turn->respond(unknown_rollout());
    move(*std::move(turn), at->second.of.endpoint, *id, false);
}

/// The active rollout is meant: the one that was active when this was asked first. Where there is none the deployer
/// says so.
void Acts::move_endpoint(http::Actor actor, http::Request request, http::Respond respond) {
    auto turn = app::begin_turn(std::move(actor), std::move(request), std::move(respond), Decider::name);
    if (!turn) return;
    const Endpoint name{turn->request.path_params.at("endpoint")};
    if (!Endpoint::tag::fits(name.text)) return turn->respond(unknown_endpoint());
    core::FactId rollout;
    const auto endpoint = state().endpoints.find(name);
    if (const auto* first = known(turn->id))
        rollout = first->rollout;
    else if (const auto* active = endpoint == state().endpoints.end() ? nullptr : active_on(state(), endpoint->second))
        rollout = active->of.rollout;
    move(*std::move(turn), name, rollout, true);
}

void Acts::move(app::Turn turn, const Endpoint& endpoint, const core::FactId& rollout, bool may_roll_back) {
    auto body = json::members_of(turn.request.body);
    if (!body) return turn.respond(app::not_an_object());
    const auto kind = json::text_of((*body)["kind"]).value_or("");
    body->erase("kind");
    if (is_blank(json::text_of((*body)["reason"]).value_or(""))) return turn.respond(app::no_reason());
    Members about{{"endpoint", core::json_string(endpoint.text)}};
    if (kind == "rollback" && may_roll_back)
        return submit(std::move(turn), events::request_from<RollbackRequested>(*std::move(body), about));
    about["rollout"] = core::json_string(core::to_text(rollout));
    if (kind == "pause")
        return submit(std::move(turn), events::request_from<RolloutPauseRequested>(*std::move(body), about));
    if (kind == "resume")
        return submit(std::move(turn), events::request_from<RolloutResumeRequested>(*std::move(body), about));
    if (kind == "abort")
        return submit(std::move(turn), events::request_from<RolloutAbortRequested>(*std::move(body), about));
    about["all"] = kind == "promote" ? "true" : "false";
    if (kind == "advance" || kind == "promote")
        return submit(std::move(turn), events::request_from<RolloutAdvanceRequested>(*std::move(body), about));
    const std::vector<Problem> problems{
        {"/kind", "unknown_value",
         std::string("give one of: pause, resume, abort, advance, promote") + (may_roll_back ? ", rollback" : "")}};
    turn.respond(app::malformed(events::to_json(problems)));
}

}  // namespace sluice::console
