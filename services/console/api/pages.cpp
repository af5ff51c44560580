#include "services/console/api/pages.hpp"

#include "common/app/door.hpp"
#include "common/http/problem.hpp"
#include "events/codec.hpp"
#include "services/console/api/parts.hpp"
#include "services/console/requests.hpp"
#include "services/console/standing.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>

namespace sluice::console {
namespace {

using Json = nlohmann::ordered_json;

/// At most so many entries of all versions on a model's page.
constexpr std::size_t model_entries_max = 500;

http::Response unknown_version() {
    return http::problem(
        404, "unknown_version", "No such version",
        "The ledger knows no version of this model with this number; look at GET /v1/timeline/{model}.");
}

const ModelView* model_of(const State& state, const std::string& name) {
    const auto at = state.models.find(Model{name});
    return at == state.models.end() ? nullptr : &at->second;
}

/// 0 where it is no number.
Version number_from(const std::string& text) {
    Version number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc{} && end == text.data() + text.size() ? number : 0;
}

std::string time_text(core::Instant time) { return core::rfc3339(time.ms); }

Json standing_part(const State& state, const Model& model, Version version) {
    const auto standing = standing_of(state, model, version);
    return {{"stage", core::name_of(standing.stage)}, {"text", standing.text}};
}

Json version_part(const State& state, const Model& name, Version version, const VersionView& view) {
    Json part{{"version", version}};
    part.update(standing_part(state, name, version));
    part["champion"] = state.models.at(name).champion == version;
    part["archived"] = view.archived;
    part["run"] = view.run.text;
    part["submitter"] = view.submitter.text;
    part["registered_at"] = time_text(view.registered_at);
    return part;
}

/// The latest entries of all versions and of the model itself, in ledger order.
std::vector<std::pair<Version, const Entry*>> merged(const ModelView& model, std::uint64_t& left_out) {
    std::vector<std::pair<Version, const Entry*>> all;
    const auto add = [&](Version version, const Timeline& timeline) {
        left_out += timeline.left_out;
        for (const auto& entry : timeline.entries) all.emplace_back(version, &entry);
    };
    add(0, model.timeline);
    for (const auto& [version, view] : model.versions) add(version, view.timeline);
    std::ranges::stable_sort(all, {}, [](const auto& each) { return each.second->position; });
    if (all.size() > model_entries_max) {
        left_out += all.size() - model_entries_max;
        all.erase(all.begin(), all.end() - static_cast<std::ptrdiff_t>(model_entries_max));
    }
    return all;
}

Json live_part(const State& state, const Model& model, Version version) {
    auto list = Json::array();
    for (const auto& [endpoint, percent] : live_shares(state, model, version))
        list.push_back({{"endpoint", endpoint.text}, {"percent", percent}});
    return list;
}

Json difference_part(const EvaluationMeasured& measured) {
    const auto& champion = *measured.champion;
    return {{"version", champion.version},
            {"auc", measured.scores.auc - champion.scores.auc},
            {"log_loss", measured.scores.log_loss - champion.scores.log_loss},
            {"accuracy", measured.scores.accuracy - champion.scores.accuracy}};
}

Json evaluation_part(const EvaluationView& evaluation) {
    Json part{{"state", core::name_of(evaluation.stage)}, {"policy_version", evaluation.policy_version}};
    if (!evaluation.detail.empty()) part["detail"] = evaluation.detail;
    if (evaluation.measured) part["measured"] = Json::parse(events::to_json(*evaluation.measured));
    part["gates"] = gates_part(evaluation.gates);
    if (evaluation.measured && evaluation.measured->champion)
        part["difference"] = difference_part(*evaluation.measured);
    return part;
}

Json completion_part(const Completion& completion) {
    return {{"id", core::to_text(completion.id)},
            {"position", completion.position},
            {"time", time_text(completion.time)},
            {"data", Json::parse(events::to_json(completion.what))}};
}

Json target_part(const RouteTarget& target) {
    return {{"version", target.version}, {"artifact", target.artifact.text}};
}

Json node_names(const std::vector<Node>& nodes) {
    auto list = Json::array();
    for (const auto& node : nodes) list.push_back(node.text);
    return list;
}

Json applied_part(const Applied& applied) {
    Json part{{"revision", applied.revision}, {"nodes", node_names(applied.nodes)}};
    if (applied.revision > 0) part["time"] = time_text(applied.time);
    return part;
}

Json queue_part(const State& state, const EndpointView& endpoint) {
    auto list = Json::array();
    for (const auto* rollout : queue_of(state, endpoint))
        list.push_back({{"id", core::to_text(rollout->of.rollout)},
                        {"model", rollout->of.model.text},
                        {"version", rollout->of.version},
                        {"waits", why_it_waits(state, *rollout)}});
    return list;
}

Json endpoint_part(const State& state, const Endpoint& name, const EndpointView& endpoint) {
    const auto& route = endpoint.route;
    Json part{{"endpoint", name.text}};
    if (!route.model.empty()) part["model"] = route.model.text;
    part["revision"] = route.revision;
    if (route.stable) part["stable"] = target_part(*route.stable);
    if (route.canary) part["canary"] = target_part(*route.canary);
    part["canary_percent"] = route.canary ? route.canary_weight_bp / 100.0 : 0;
    if (route.revision > 0) part["changed_at"] = time_text(endpoint.route_time);
    part["applied"] = applied_part(endpoint.applied);
    auto live = Json::array();
    for (const auto& [node, incarnation] : state.nodes) live.push_back(node.text);
    part["live_nodes"] = std::move(live);
    if (const auto* active = active_on(state, endpoint)) part["rollout"] = rollout_part(state, *active);
    part["queue"] = queue_part(state, endpoint);
    return part;
}

Json history_part(const ModelView& model) {
    auto list = Json::array();
    for (const auto& [version, published] : model.policies) {
        Json part{{"version", version}, {"position", published.position}, {"time", time_text(published.time)}};
        if (!published.actor.empty()) part["actor"] = published.actor;
        list.push_back(std::move(part));
    }
    return list;
}

}  // namespace

http::Response unknown_model() {
    return http::problem(404, "unknown_model", "No such model",
                         "The ledger knows no model with this name; look at GET /v1/models of the registry.");
}
http::Response unknown_endpoint() {
    return http::problem(404, "unknown_endpoint", "No such endpoint",
                         "No version was ever approved for an endpoint with this name; look at GET /v1/endpoints.");
}
http::Response unknown_rollout() {
    return http::problem(404, "unknown_rollout", "No such rollout",
                         "The ledger knows no rollout with this id; look at GET /v1/endpoints for the active ones.");
}

http::Response timeline_page(const State& state, const std::string& name) {
    const auto* model = model_of(state, name);
    if (!model) return unknown_model();
    Json page{{"model", name}, {"policy_version", model->policy_version()}, {"champion", model->champion}};
    auto versions = Json::array();
    for (const auto& [version, view] : model->versions)
        versions.push_back(version_part(state, Model{name}, version, view));
    page["versions"] = std::move(versions);
    std::uint64_t left_out = 0;
    auto entries = Json::array();
    for (const auto& [version, entry] : merged(*model, left_out)) {
        auto part = entry_part(*entry);
        if (version > 0) part["version"] = version;
        entries.push_back(std::move(part));
    }
    page["timeline"] = std::move(entries);
    page["left_out"] = left_out;
    return json_response(200, page);
}

http::Response timeline_page(const State& state, const std::string& name, const std::string& number) {
    const Model model{name};
    const auto version = number_from(number);
    if (!model_of(state, name)) return unknown_model();
    const auto* view = find(state, model, version);
    if (!view) return unknown_version();
    Json page{{"model", name}};
    page.update(version_part(state, model, version, *view));
    page["live"] = live_part(state, model, version);
    page["approval"] = approval_part(view->approval);
    if (const auto rollout = state.rollouts.find(view->rollout); rollout != state.rollouts.end())
        page["rollout"] = rollout_part(state, rollout->second);
    auto entries = Json::array();
    for (const auto& entry : view->timeline.entries) entries.push_back(entry_part(entry));
    page["timeline"] = std::move(entries);
    page["left_out"] = view->timeline.left_out;
    return json_response(200, page);
}

http::Response evidence_page(const State& state, const std::string& name, const std::string& number) {
    const Model model{name};
    const auto version = number_from(number);
    if (!model_of(state, name)) return unknown_model();
    const auto* view = find(state, model, version);
    if (!view) return unknown_version();
    Json page{{"model", name}, {"version", version}};
    page.update(standing_part(state, model, version));
    page["submitter"] = view->submitter.text;
    if (view->completion) page["completion"] = completion_part(*view->completion);
    page["evaluation"] = evaluation_part(view->evaluation);
    if (!view->evaluation.evidence.empty()) page["evidence"] = view->evaluation.evidence.text;
    page["approval"] = approval_part(view->approval);
    return json_response(200, page);
}

http::Response inbox_page(const State& state) {
    auto list = Json::array();
    for (const auto& which : state.inbox) {
        const auto* view = find(state, which.model, which.version);
        if (!view) continue;
        const auto& approval = view->approval;
        list.push_back({{"model", which.model.text},
                        {"version", which.version},
                        {"role", approval.role},
                        {"evidence", approval.evidence.text},
                        {"expires_at", time_text(approval.expires_at)},
                        {"requested_at", time_text(approval.time)},
                        {"submitter", view->submitter.text},
                        {"gates", gates_part(view->evaluation.gates)}});
    }
    return json_response(200, {{"reviews", std::move(list)}});
}

http::Response policy_page(const State& state, const std::string& name) {
    const auto* model = model_of(state, name);
    if (!model) return unknown_model();
    if (model->policies.empty())
        return http::problem(404, "no_policy", "No policy",
                             "This model has no policy yet; publish one with POST /v1/policies.");
    const auto& [version, published] = *model->policies.rbegin();
    Json page{{"model", name}, {"version", version}, {"published_at", time_text(published.time)}};
    if (!published.actor.empty()) page["actor"] = published.actor;
    page["policy"] = Json::parse(events::to_json(published.policy));
    page["history"] = history_part(*model);
    return json_response(200, page);
}

http::Response endpoints_page(const State& state) {
    auto list = Json::array();
    for (const auto& [name, endpoint] : state.endpoints) list.push_back(endpoint_part(state, name, endpoint));
    return json_response(200, {{"endpoints", std::move(list)}});
}

http::Response endpoint_page(const State& state, const std::string& name) {
    const auto at = state.endpoints.find(Endpoint{name});
    return at == state.endpoints.end() ? unknown_endpoint()
                                       : json_response(200, endpoint_part(state, at->first, at->second));
}

http::Response request_page(const State& state, const std::string& text) {
    const auto id = core::fact_id_from(text);
    const auto at = id ? state.requests.find(*id) : state.requests.end();
    if (at == state.requests.end()) return app::unknown_request();
    const auto& asked = at->second;
    Json page{{"id", text},
              {"fact", asked.fact},
              {"actor", asked.actor},
              {"position", asked.position},
              {"time", time_text(asked.time)},
              {"state", is_answered(asked) ? "answered" : "waiting"}};
    if (!asked.answer) return json_response(200, page);
    page["refused"] = asked.answer->refused;
    if (asked.answer->refused) page["reason"] = asked.answer->reason;
    page["answer"] = answer_part(*asked.answer);
    if (asked.conclusion) page["conclusion"] = answer_part(*asked.conclusion);
    return json_response(200, page);
}

}  // namespace sluice::console
