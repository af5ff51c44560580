#include "services/registry/api/pages.hpp"

#include "common/http/problem.hpp"

#include <nlohmann/json.hpp>

#include <charconv>

namespace sluice::registry {
namespace {

using Json = nlohmann::ordered_json;

http::Response json_response(const Json& body) { return {200, {}, "application/json; charset=utf-8", body.dump()}; }

/// As far as the registry itself knows.
std::string_view stage_of(const ModelState& model, Version number, const Registered& version) {
    if (version.archived) return "archived";
    return model.champion == number ? "champion" : "registered";
}

Json version_part(const ModelState& model, Version number, const Registered& version) {
    auto aliases = Json::array();
    for (const auto& [alias, points_at] : model.aliases)
        if (points_at == number) aliases.push_back(alias.text);
    return {{"version", number},
            {"stage", stage_of(model, number, version)},
            {"run", version.run.text},
            {"submitter", version.submitter.text},
            {"artifact", {{"digest", version.artifact.digest.text}, {"size", version.artifact.size}}},
            {"completion", core::to_text(version.completion)},
            {"registered_at", core::rfc3339(version.registered_at.ms)},
            {"aliases", std::move(aliases)}};
}

Json model_part(const Model& name, const ModelState& model) {
    auto aliases = Json::object();
    for (const auto& [alias, points_at] : model.aliases) aliases[alias.text] = points_at;
    return {{"model", name.text},
            {"id", core::to_text(model.id)},
            {"latest", model.versions.empty() ? 0 : model.versions.rbegin()->first},
            {"champion", model.champion},
            {"aliases", std::move(aliases)}};
}

const ModelState* model_of(const State& state, const std::string& name) {
    const auto at = state.models.find(Model{name});
    return at == state.models.end() ? nullptr : &at->second;
}

struct Says {
    int status = 409;
    std::string_view title, detail;
};
Says says(RegistryRefusal reason) {
    switch (reason) {
        case RegistryRefusal::unknown_model:
            return {404, "No such model", "No version of it was ever completed; look at GET /v1/models."};
        case RegistryRefusal::unknown_version:
            return {404, "No such version",
                    "The model has no version with this number; look at GET /v1/models/{model}."};
        case RegistryRefusal::archived_version:
            return {409, "Archived", "The version is archived and takes part in nothing; choose another."};
        case RegistryRefusal::live_version:
            return {409, "The champion", "The version is champion; promote another or roll back before archiving it."};
        case RegistryRefusal::alias_has_moved:
            return {409, "The alias has moved",
                    "It does not point at `expected`; look where it points, then ask again."};
        case RegistryRefusal::alias_is_reserved:
            return {409, "Reserved", "Only a rollout moves the alias champion; promote the version instead."};
    }
    return {};
}

}  // namespace

http::Response unknown_model() {
    const auto known = says(RegistryRefusal::unknown_model);
    return http::problem(known.status, "unknown_model", known.title, known.detail);
}
http::Response unknown_version() {
    const auto known = says(RegistryRefusal::unknown_version);
    return http::problem(known.status, "unknown_version", known.title, known.detail);
}

http::Response models_page(const State& state) {
    auto list = Json::array();
    for (const auto& [name, model] : state.models) list.push_back(model_part(name, model));
    return json_response({{"models", std::move(list)}});
}

http::Response model_page(const State& state, const std::string& name) {
    const auto* model = model_of(state, name);
    if (!model) return unknown_model();
    auto page = model_part(Model{name}, *model);
    auto versions = Json::array();
    for (const auto& [number, version] : model->versions) versions.push_back(version_part(*model, number, version));
    page["versions"] = std::move(versions);
    return json_response(page);
}

http::Response version_page(const State& state, const std::string& name, const std::string& text) {
    const auto* model = model_of(state, name);
    if (!model) return unknown_model();
    Version number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool whole = error == std::errc{} && end == text.data() + text.size();
    const auto at = whole ? model->versions.find(number) : model->versions.end();
    if (at == model->versions.end()) return unknown_version();
    Json page{{"model", name}};
    page.update(version_part(*model, number, at->second));
    return json_response(page);
}

http::Response request_page(const core::FactId& id, const Answer& answer, bool settled) {
    Json page{{"id", core::to_text(id)}, {"state", settled ? "answered" : "waiting"}};
    if (!settled) return json_response(page);
    page["refused"] = answer.refused.has_value();
    if (answer.refused) page["reason"] = core::name_of(*answer.refused);
    page["answer"] = {{"id", core::to_text(answer.fact)}};
    return json_response(page);
}

http::Response answer_to(const core::FactId& id, const Answer& answer) {
    const Json body{{"id", core::to_text(id)}, {"answer", {{"id", core::to_text(answer.fact)}}}};
    if (!answer.refused) return json_response(body);
    const auto known = says(*answer.refused);
    const auto text = body.dump();
    return http::problem(known.status, core::name_of(*answer.refused), known.title, known.detail,
                         text.substr(1, text.size() - 2));
}

}  // namespace sluice::registry
