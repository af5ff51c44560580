#include "services/registry/api/door.hpp"

#include "common/core/json_text.hpp"
#include "common/json/members.hpp"
#include "events/request.hpp"
#include "services/registry/api/pages.hpp"

#include <charconv>

namespace sluice::registry {
namespace {

/// As JSON text; what is no number is no version.
std::string version_text(const std::string& text) {
    Version version = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), version);
    return std::to_string(error == std::errc{} && end == text.data() + text.size() ? version : 0);
}

bool is_blank(const std::string& text) { return text.find_first_not_of(" \t\r\n") == std::string::npos; }

}  // namespace

Door::Door(Parts parts)
    : parts_{std::move(parts)},
      requests_{{
          .desk = parts_.desk,
          .executor = parts_.executor,
          .codec = events::codec<Decider>(),
          .cell = parts_.cell,
          .first = [this](const core::FactId& id) -> const core::Hash* {
              const auto* answer = known(id);
              return answer ? &answer->asked : nullptr;
          },
          .answered = [this](const core::FactId& id) { return known(id) && is_on_the_ledger(*known(id)); },
          .answer = [this](const core::FactId& id) { return answer_to(id, *known(id)); },
      }} {}

const Answer* Door::known(const core::FactId& id) const {
    const auto at = state().answers.find(id);
    return at == state().answers.end() ? nullptr : &at->second;
}

void Door::get(http::Server& server, const std::string& path, Page page) {
    http::Route route{"GET", path, {}};
    route.guard = app::ready_for(parts_.tokens, {"auditor", "reviewer", "operator"}, parts_.desk.unready);
    route.handler = [this, page = std::move(page)](const http::Request& request, const http::Respond& respond) {
        respond(page(state(), request.path_params));
    };
    server.route(std::move(route));
}

void Door::act(http::Server& server, const std::string& method, const std::string& path,
               std::function<void(app::Turn)> work) {
    http::Route route{method, path, {}, 64 * 1024, app::door_time_max};
    route.guard = app::ready_for(parts_.tokens, {"operator"}, parts_.desk.unready);
    route.handler =
        http::guarded(parts_.tokens, {"operator"}, [work = std::move(work)](auto actor, auto request, auto respond) {
            auto turn = app::begin_turn(std::move(actor), std::move(request), std::move(respond), Decider::name);
            if (turn) work(*std::move(turn));
        });
    server.route(std::move(route));
}

void Door::open(http::Server& server) {
    get(server, "/v1/models", [](auto& state, auto&) { return models_page(state); });
    get(server, "/v1/models/{model}", [](auto& state, auto& path) { return model_page(state, path.at("model")); });
    get(server, "/v1/models/{model}/versions/{version}",
        [](auto& state, auto& path) { return version_page(state, path.at("model"), path.at("version")); });
    get(server, "/v1/requests/{id}", [this](auto&, auto& path) {
        const auto id = core::fact_id_from(path.at("id"));
        const auto* answer = id ? known(*id) : nullptr;
        return answer ? request_page(*id, *answer, is_on_the_ledger(*answer)) : app::unknown_request();
    });
    act(server, "PUT", "/v1/models/{model}/aliases/{alias}", [this](auto turn) { move_alias(std::move(turn)); });
    act(server, "POST", "/v1/models/{model}/versions/{version}/archive",
        [this](auto turn) { archive(std::move(turn)); });
}

void Door::move_alias(app::Turn turn) {
    auto body = json::members_of(turn.request.body);
    if (!body) return turn.respond(app::not_an_object());
    const auto& path = turn.request.path_params;
    if (!Model::tag::fits(path.at("model"))) return turn.respond(unknown_model());
    auto decoded = events::request_from<AliasMoveRequested>(
        *std::move(body),
        {{"model", core::json_string(path.at("model"))}, {"alias", core::json_string(path.at("alias"))}});
    if (!decoded.value) return turn.respond(app::malformed(events::to_json(decoded.problems)));
    requests_.submit(std::move(turn), *std::move(decoded.value));
}

void Door::archive(app::Turn turn) {
    auto body = json::members_of(turn.request.body);
    if (!body) return turn.respond(app::not_an_object());
    const auto reason = body->find("reason");
    if (reason == body->end() || is_blank(json::text_of(reason->second).value_or("")))
        return turn.respond(app::no_reason());
    const auto& path = turn.request.path_params;
    if (!Model::tag::fits(path.at("model"))) return turn.respond(unknown_model());
    auto decoded = events::request_from<ArchiveRequested>(
        *std::move(body),
        {{"model", core::json_string(path.at("model"))}, {"version", version_text(path.at("version"))}});
    if (!decoded.value) return turn.respond(app::malformed(events::to_json(decoded.problems)));
    requests_.submit(std::move(turn), *std::move(decoded.value));
}

}  // namespace sluice::registry
