#include "services/console/api/parts.hpp"

#include "services/console/standing.hpp"

#include <nlohmann/json.hpp>

namespace sluice::console {

using Json = nlohmann::ordered_json;

namespace {

void add_text(Json& into, const char* name, const std::string& text) {
    if (!text.empty()) into[name] = text;
}
std::string time_text(core::Instant time) { return core::rfc3339(time.ms); }

Json arm(const ArmCounts& counts) {
    return {{"first_requests", counts.first_requests},
            {"first_request_errors", counts.first_request_errors},
            {"first_errors", counts.first_errors}};
}

Json evidence_part(const std::vector<RevisionEvidence>& evidence) {
    auto list = Json::array();
    for (const auto& each : evidence)
        list.push_back({{"revision", each.revision},
                        {"canary_weight", each.canary_weight},
                        {"stable", arm(each.stable)},
                        {"canary", arm(each.canary)}});
    return list;
}

Json steps_part(const std::vector<StepRule>& steps) {
    auto list = Json::array();
    for (const auto& step : steps)
        list.push_back(
            {{"weight_percent", step.weight_percent}, {"bake_s", step.bake_s}, {"entities_min", step.entities_min}});
    return list;
}

Json judgement_part(const Judgement& judged) {
    return {{"number", judged.number},
            {"log_e_rollback", judged.log_e_rollback},
            {"log_e_promote", judged.log_e_promote},
            {"canary_entities", judged.canary_entities},
            {"verdict", core::name_of(judged.verdict)}};
}

}  // namespace

Json entry_part(const Entry& entry) {
    Json part{
        {"position", entry.position}, {"time", time_text(entry.time)}, {"fact", entry.fact}, {"text", entry.text}};
    add_text(part, "actor", entry.actor);
    part["id"] = core::to_text(entry.id);
    if (!entry.cause.is_none()) part["cause"] = core::to_text(entry.cause);
    return part;
}

Json gates_part(const std::vector<GateResult>& gates) {
    auto list = Json::array();
    for (const auto& gate : gates) {
        Json part{{"name", gate.name}, {"metric", gate.metric}, {"number", gate.number}, {"threshold", gate.threshold}};
        if (gate.champion) {
            part["champion"] = *gate.champion;
            part["difference"] = gate.number - *gate.champion;
        }
        part["self_reported"] = gate.self_reported;
        part["passed"] = gate.passed;
        list.push_back(std::move(part));
    }
    return list;
}

Json approval_part(const ApprovalView& approval) {
    Json part{{"state", core::name_of(approval.stage)}};
    if (approval.stage == ApprovalStage::none) return part;
    part["id"] = core::to_text(approval.id);
    part["position"] = approval.position;
    part["time"] = time_text(approval.time);
    add_text(part, "role", approval.role);
    add_text(part, "evidence", approval.evidence.text);
    if (approval.expires_at.ms != 0) part["expires_at"] = time_text(approval.expires_at);
    if (approval.stage == ApprovalStage::granted) part["automatic"] = approval.automatic;
    add_text(part, "reviewer", approval.reviewer);
    add_text(part, "comment", approval.comment);
    return part;
}

Json rollout_part(const State& state, const RolloutView& rollout) {
    Json part{{"id", core::to_text(rollout.of.rollout)}, {"endpoint", rollout.of.endpoint.text},
              {"model", rollout.of.model.text},          {"version", rollout.of.version},
              {"state", core::name_of(rollout.stage)},   {"policy_version", rollout.policy_version}};
    if (rollout.stage != RolloutStage::queued) part["strategy"] = core::name_of(rollout.strategy);
    if (rollout.stable > 0) part["compared_with"] = rollout.stable;
    if (rollout.step > 0) part["step"] = rollout.step;
    part["steps"] = steps_part(rollout.steps);
    part["paused"] = rollout.paused;
    part["baked"] = rollout.baked;
    if (rollout.bakes_until.ms != 0) part["bakes_until"] = time_text(rollout.bakes_until);
    if (rollout.step > 0) {
        const auto entities = entities_of(rollout);
        part["entities"] = entities.counted;
        part["entities_min"] = entities.wanted;
    }
    if (rollout.judged) part["judgement"] = judgement_part(*rollout.judged);
    part["evidence"] = evidence_part(rollout.evidence);
    add_text(part, "note", rollout.note);
    add_text(part, "waits", why_it_waits(state, rollout));
    return part;
}

Json answer_part(const Answer& answer) {
    return {{"id", core::to_text(answer.id)},
            {"fact", answer.fact},
            {"position", answer.position},
            {"time", time_text(answer.time)}};
}

http::Response json_response(int status, const Json& body) {
    return {status, {}, "application/json; charset=utf-8", body.dump()};
}

}  // namespace sluice::console
