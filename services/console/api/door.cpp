#include "services/console/api/door.hpp"

#include "services/console/api/pages.hpp"

namespace sluice::console {

void Door::post(http::Server& server, const std::string& path, const std::string& role, Act act) {
    http::Route route{"POST", path, {}, 64 * 1024, app::door_time_max};
    route.guard = app::ready_for(parts_.tokens, {role}, parts_.desk.unready);
    route.handler = http::guarded(parts_.tokens, {role}, [this, act](auto actor, auto request, auto respond) {
        (acts_.*act)(std::move(actor), std::move(request), std::move(respond));
    });
    server.route(std::move(route));
}

void Door::get(http::Server& server, const std::string& path, Page page) {
    http::Route route{"GET", path, {}};
    route.guard = app::ready_for(parts_.tokens, {"auditor", "reviewer", "operator"}, parts_.desk.unready);
    route.handler = [this, page = std::move(page)](const http::Request& request, const http::Respond& respond) {
        respond(page(parts_.desk.state(), request.path_params));
    };
    server.route(std::move(route));
}

void Door::open(http::Server& server) {
    post(server, "/v1/policies", "operator", &Acts::publish_policy);
    post(server, "/v1/reviews", "reviewer", &Acts::review);
    post(server, "/v1/rollouts/{id}/requests", "operator", &Acts::move_rollout);
    post(server, "/v1/endpoints/{endpoint}/requests", "operator", &Acts::move_endpoint);

    get(server, "/v1/requests/{id}", [](auto& state, auto& path) { return request_page(state, path.at("id")); });
    get(server, "/v1/timeline/{model}", [](auto& state, auto& path) { return timeline_page(state, path.at("model")); });
    get(server, "/v1/timeline/{model}/{version}",
        [](auto& state, auto& path) { return timeline_page(state, path.at("model"), path.at("version")); });
    get(server, "/v1/evidence/{model}/{version}",
        [](auto& state, auto& path) { return evidence_page(state, path.at("model"), path.at("version")); });
    get(server, "/v1/reviews", [](auto& state, auto&) { return inbox_page(state); });
    get(server, "/v1/policies/{model}", [](auto& state, auto& path) { return policy_page(state, path.at("model")); });
    get(server, "/v1/endpoints", [](auto& state, auto&) { return endpoints_page(state); });
    get(server, "/v1/endpoints/{endpoint}",
        [](auto& state, auto& path) { return endpoint_page(state, path.at("endpoint")); });
}

}  // namespace sluice::console
