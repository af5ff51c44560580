#include "tests/vocabulary/sample.hpp"

#include "events/codec.hpp"
#include "tests/vocabulary/schema.hpp"

#include <fstream>
#include <stdexcept>

namespace sluice::vocabulary::detail {
namespace {

using namespace events;

template <class T> T one_of(const std::map<std::string_view, T>& known, std::string_view field, T other) {
    const auto found = known.find(field);
    return found == known.end() ? other : found->second;
}

GateRule absolute(std::string name, std::string metric, double at_least) {
    return {std::move(name), std::move(metric), at_least, {}, {}, {}, {}};
}

}  // namespace

std::string text(std::string_view field) {
    static const std::map<std::string_view, std::string> known{
        {"comment", "Scores hold up abroad; ≥ 0.88 on every slice."},
        {"reason", "error rate of the canary is being looked at"},
        {"role", "reviewer"},
        {"roles", "reviewer"},
        {"job", "fraud-training"},
        {"owner", "risk-models"},
        {"service", "approver"},
        {"name", "good enough"},
        {"metric", "auc"},
        {"metrics", "auc"},
        {"slice", "abroad"},
        {"pointer", "/data/artifact/digest"},
        {"code", "missing"},
        {"detail", "this member is required"},
        {"event_source", "/examples/fraud"},
        {"event_id", "completed-7"},
        {"event_type", "io.sluice.training.completed.v1"},
        {"repository", "sluice/examples/fraud"},
        {"runtime", "onnxruntime 1.26.0"},
        {"incarnation", "5f0c2a9be7d14c33"},
        {"salt", "fraud/3"},
        {"type", "double"},
        {"first_ok", "00c5a1e37b9f2d48"},
        {"first_failed", "7be20495d3aa16fc"},
        {"first_errors", "7be20495d3aa16fc"},
    };
    return one_of<std::string>(known, field, std::string(field));
}

std::string label(std::string_view field) {
    static const std::map<std::string_view, std::string> known{
        {"submitter", "trainer-1"}, {"reviewer", "reviewer-1"}, {"alias", "blessed"},  {"run", "2026-01-31-nightly"},
        {"node", "serving-1"},      {"nodes", "serving-1"},     {"label", "is_fraud"}, {"feature", "amount"},
    };
    return one_of<std::string>(known, field, std::string(field));
}

core::Time moment(std::string_view field) {
    const auto noon = *core::from_rfc3339("2026-01-31T12:00:00Z");
    return field == "expires_at" || field == "at" ? noon + 7 * 86'400'000ll : noon;
}

double number(std::string_view field) {
    static const std::map<std::string_view, double> known{
        {"auc", 0.9125},         {"log_loss", 0.0434287}, {"accuracy", 0.9875},       {"max_difference", 1.5e-07},
        {"weight_percent", 10},  {"canary_weight", 0.1},  {"log_e_rollback", -1.625}, {"log_e_promote", 4.75},
        {"latency_ms_sum", 512},
    };
    return one_of(known, field, 0.5);
}

std::uint64_t count(std::string_view field) {
    static const std::map<std::string_view, std::uint64_t> known{
        {"version", 7},
        {"previous", 6},
        {"newer", 8},
        {"stable", 6},
        {"to", 6},
        {"expected", 6},
        {"revision", 3},
        {"expected_revision", 3},
        {"policy_version", 2},
        {"expected_version", 1},
        {"size", 874},
        {"rows", 20000},
        {"positives", 412},
        {"non_finite", 0},
        {"different", 0},
        {"canary_weight_bp", 1000},
        {"number", 4},
        {"canary_entities", 318},
        {"step", 1},
        {"first_requests", 318},
        {"first_request_errors", 2},
        {"first_errors", 2},
        {"partition", 0},
        {"next", 9071},
        {"overflow", 0},
        {"requests", 640},
        {"errors", 2},
        {"present", 640},
        {"missing", 12},
        {"sequence", 41},
    };
    return one_of<std::uint64_t>(known, field, 1);
}

Policy policy() {
    Policy policy;
    policy.model = {"fraud"}, policy.endpoint = {"fraud"};
    policy.evaluation = {{{core::digest_of("dataset")}, {"is_fraud"}}, 0.5, {absolute("good enough", "auc", 0.8)}};
    policy.evaluation.gates.push_back(absolute("the trainer agrees", "auc", 0.8));
    policy.evaluation.gates.back().self_reported = true;
    policy.evaluation.gates.push_back({"not worse than the champion", "auc", {}, {}, 0.05, Against::champion, {}});
    policy.approval = {ApprovalMode::manual, "reviewer", 604'800};
    policy.rollout = {
        Strategy::canary, {{10, 3, 300}, {50, 3, 300}}, JudgeSettings{0.01, 0.01, 2, 0.02}, AssignmentUnit::entity};
    policy.serving = ServingRule{Column{"user_id"},
                                 1000,
                                 5000,
                                 {{"amount"}, {"merchant_risk"}},
                                 {{{"merchant"}, {"merchant_code"}, {{"merchant_risk"}}, true}}};
    return policy;
}

Signature signature() {
    return {{{{"amount"}, "double"}, {{"merchant_risk"}, "double"}, {{"hour"}, "double"}}, {{{"score"}, "double"}}};
}

std::vector<GateResult> gates() {
    return {{"good enough", "auc", 0.9125, 0.8, {}, false, true},
            {"the trainer agrees", "auc", 0.91, 0.8, {}, true, true},
            {"not worse than the champion", "auc", 0.9125, 0.8313, 0.8813, false, true}};
}

Route route() {
    const auto stable = RouteTarget{6, {core::digest_of("champion")}},
               canary = RouteTarget{7, {core::digest_of("artifact")}};
    return {{"fraud"}, 3,    {"fraud"}, sample<core::FactId>("rollout"), stable,
            canary,    1000, "fraud/3", AssignmentUnit::entity};
}

ChampionScores champion() { return {6, {core::digest_of("champion")}, {0.8813, 0.0519, 0.9844}}; }

std::vector<RevisionEvidence> evidence() {
    return {{2, 0.1, {2871, 11, 9}, {318, 2, 2}}, {3, 0.5, {140, 0, 0}, {151, 1, 1}}};
}

TrainingCompleted completion() {
    const std::string path = std::string(SLUICE_SOURCE_DIR) + "/examples/fraud/first/completion.json";
    std::ifstream file(path);
    const auto body = Json::parse(file, nullptr, false);
    if (!body.is_object()) throw std::runtime_error(path + " cannot be read");
    auto decoded = from_json<TrainingCompleted>(body.value("data", Json()).dump());
    if (!decoded.value) throw std::runtime_error(path + " is no completion: " + decoded.problems.front().pointer);
    return *std::move(decoded.value);
}

}  // namespace sluice::vocabulary::detail
