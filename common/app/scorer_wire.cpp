#include "common/app/scorer_wire.hpp"

#include <nlohmann/json.hpp>

namespace sluice::app {
namespace {

using core::Failure;
using core::Result;
using nlohmann::json;

/// Texts may come from a model file, in any encoding.
std::string text_of(const json& value) { return value.dump(-1, ' ', false, json::error_handler_t::replace); }

template <class T> Result<T> decoded(std::string_view text, T (*from)(const json&)) try {
    return from(json::parse(text));
} catch (const json::exception& error) {
    return Failure::poison(std::string("not a message between a service and its sluice-scorer: ") + error.what(),
                           "run both from the same build");
}

json model_json(const ModelFile& model) {
    return {{"artifact", model.artifact}, {"artifact_digest", model.artifact_digest}, {"columns", model.columns}};
}

ModelFile model_of(const json& value) {
    return {value.at("artifact"), value.at("artifact_digest"), value.at("columns")};
}

json request_json(const EvaluateRequest& request) {
    auto value = model_json(request.model);
    value.update({{"mode", "evaluate"},
                  {"dataset", request.dataset},
                  {"dataset_digest", request.dataset_digest},
                  {"label", request.label},
                  {"threshold", request.threshold},
                  {"probe", request.probe},
                  {"probe_digest", request.probe_digest}});
    if (request.champion) value["champion"] = model_json(*request.champion);
    return value;
}

json request_json(const WarmRequest& request) {
    auto value = model_json(request.model);
    value.update({{"mode", "warm"}, {"rows", request.rows}});
    return value;
}

ScorerRequest request_of(const json& value) {
    if (value.at("mode") == "warm") return WarmRequest{model_of(value), value.at("rows")};
    EvaluateRequest request{model_of(value),       value.at("dataset"), value.at("dataset_digest"), value.at("label"),
                            value.at("threshold"), value.at("probe"),   value.at("probe_digest"),   {}};
    if (value.contains("champion")) request.champion = model_of(value.at("champion"));
    return request;
}

Refused refused_of(const json& value) { return {value.at("code"), value.at("detail")}; }

Probed probed_of(const json& value) { return {value.at("rows"), value.at("different"), value.at("max_difference")}; }

EvaluateAnswer evaluated_of(const json& value) {
    if (!value.at("ok").get<bool>()) return refused_of(value);
    Evaluated answer{value.at("rows"),
                     value.at("positives"),
                     value.at("metrics"),
                     value.at("non_finite"),
                     {},
                     probed_of(value.at("probe")),
                     value.at("batch_rows"),
                     value.at("runtime")};
    if (value.contains("champion")) answer.champion = value.at("champion").at("metrics").get<Metrics>();
    return answer;
}

WarmAnswer warmed_of(const json& value) {
    if (!value.at("ok").get<bool>()) return refused_of(value);
    return Warmed{value.at("width"),  value.at("open_us"),  value.at("first_us"),
                  value.at("one_us"), value.at("batch_us"), value.at("runtime")};
}

}  // namespace

std::string encode(const ScorerRequest& request) {
    return text_of(std::visit([](const auto& each) { return request_json(each); }, request));
}

std::string encode(const Evaluated& answer) {
    const auto& probe = answer.probe;
    json value{
        {"ok", true},
        {"rows", answer.rows},
        {"positives", answer.positives},
        {"metrics", answer.metrics},
        {"non_finite", answer.non_finite},
        {"probe", {{"rows", probe.rows}, {"different", probe.different}, {"max_difference", probe.max_difference}}},
        {"batch_rows", answer.batch_rows},
        {"runtime", answer.runtime}};
    if (answer.champion) value["champion"] = {{"metrics", *answer.champion}};
    return text_of(value);
}

std::string encode(const Warmed& answer) {
    return text_of({{"ok", true},
                    {"width", answer.width},
                    {"open_us", answer.open_us},
                    {"first_us", answer.first_us},
                    {"one_us", answer.one_us},
                    {"batch_us", answer.batch_us},
                    {"runtime", answer.runtime}});
}

std::string encode(const Refused& answer) {
    return text_of({{"ok", false}, {"code", answer.code}, {"detail", answer.detail}});
}

Result<ScorerRequest> decode_request(std::string_view text) { return decoded(text, request_of); }
Result<EvaluateAnswer> decode_evaluated(std::string_view text) { return decoded(text, evaluated_of); }
Result<WarmAnswer> decode_warmed(std::string_view text) { return decoded(text, warmed_of); }

}  // namespace sluice::app
