#include "services/serving/api/door.hpp"

#include "common/http/problem.hpp"
#include "common/http/text.hpp"
#include "services/serving/api/invocation.hpp"

namespace sluice::serving {
namespace {

using http::problem;

/// The longest time that a policy may give a model, and some.
constexpr std::chrono::milliseconds answer_time_max{65'000};

bool is_json(const http::Request& request) {
    const auto type = request.header("content-type");
    return type && http::lower(http::trimmed(type->substr(0, type->find(';')))) == "application/json";
}

http::Response mistaken(const Mistake& mistake) {
    return problem(400, mistake.code, "The request's rows cannot be read", mistake.detail);
}

std::variant<Asked, http::Response> read(const http::Request& request) {
    if (!is_json(request))
        return problem(415, "unsupported_media_type", "The body is no JSON",
                       "Send it as Content-Type: application/json.");
    std::optional<std::string> entity;
    if (const auto key = request.header("sluice-entity-key"); key && !key->empty()) entity = *key;
    if (entity && entity->size() > Scoring::entity_size_max)
        return mistaken({"malformed", "Sluice-Entity-Key is longer than " + std::to_string(Scoring::entity_size_max) +
                                          " bytes; send a shorter key"});
    auto rows = read_invocation(request.body);
    if (const auto* mistake = std::get_if<Mistake>(&rows)) return mistaken(*mistake);
    return Asked{Endpoint{request.path_params.at("endpoint")}, std::get<Table>(std::move(rows)), std::move(entity)};
}

}  // namespace

void open_door(http::Server& server, const http::Tokens& tokens, Scoring& scoring) {
    server.route({.method = "POST",
                  .pattern = "/v1/endpoints/{endpoint}/invocations",
                  .handler =
                      [&scoring](const http::Request& request, const http::Respond& respond) {
                          auto asked = read(request);
                          if (const auto* refused = std::get_if<http::Response>(&asked)) return respond(*refused);
                          scoring.score(std::get<Asked>(asked),
                                        [respond](const Answer& answer) { respond(write_answer(answer)); });
                      },
                  .body_max = body_bytes_max,
                  .handler_time_max = answer_time_max,
                  .guard = http::require(tokens, {"application"})});
}

}  // namespace sluice::serving
