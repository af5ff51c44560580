#include "services/listener/api/door.hpp"

#include "common/http/problem.hpp"

namespace sluice::listener {
namespace {

constexpr std::chrono::milliseconds upload_time_max{30 * 60'000};

}  // namespace

Door::Door(Parts parts)
    : parts_{std::move(parts)},
      asking_{parts_.desk, parts_.executor},
      quarantine_{parts_.publisher, parts_.metrics},
      events_{parts_.desk, asking_, parts_.artifacts, quarantine_, parts_.executor, parts_.metrics, parts_.cell},
      uploads_{parts_.desk,
               asking_,
               parts_.artifacts,
               parts_.executor,
               parts_.metrics,
               {parts_.cell, std::string(Decider::name), {}},
               parts_.upload_bytes_max} {}

http::Guard Door::ready_for(std::set<std::string> any_of_roles) const {
    return app::ready_for(parts_.tokens, std::move(any_of_roles), parts_.desk.unready);
}

void Door::open(http::Server& server) {
    http::Route events{"POST", "/v1/events", {}, Events::body_max, app::door_time_max};
    events.guard = ready_for({"trainer"});
    events.handler = http::guarded(parts_.tokens, {"trainer"}, [this](auto actor, auto request, auto respond) {
        events_.answer(std::move(actor), std::move(request), std::move(respond));
    });
    server.route(std::move(events));

    const std::set<std::string> uploaders{"trainer", "operator"};
    http::Route artifacts{"PUT", "/v1/artifacts", {}, parts_.upload_bytes_max, app::door_time_max};
    artifacts.guard = ready_for(uploaders);
    artifacts.sink = [this](const http::Request&) { return uploads_.sink(); };
    artifacts.body_time_max = upload_time_max;
    artifacts.handler = http::guarded(parts_.tokens, uploaders, [this](auto actor, auto request, auto respond) {
        uploads_.answer(std::move(actor), std::move(request), std::move(respond));
    });
    server.route(std::move(artifacts));

    http::Route requests{"GET", "/v1/requests/{id}", {}};
    requests.guard = ready_for({"trainer", "reviewer", "operator", "auditor"});
    requests.handler = [this](const http::Request& request, const http::Respond& respond) {
        answer_request(request, respond);
    };
    server.route(std::move(requests));
}

void Door::answer_request(const http::Request& request, const http::Respond& respond) const {
    const auto id = core::fact_id_from(request.path_params.at("id"));
    const auto& sent = parts_.desk.state().sent;
    const auto at = id ? sent.find(*id) : sent.end();
    if (at == sent.end())
        return respond(http::problem(404, "unknown_request", "Not in the ledger",
                                     "Nothing with this id has come to be; send it again with the same id, which is "
                                     "safe."));
    respond({200,
             {},
             "application/json; charset=utf-8",
             R"({"id":")" + core::to_text(*id) + R"(","position":)" + std::to_string(at->second.position) +
                 R"(,"state":"recorded"})"});
}

}  // namespace sluice::listener
