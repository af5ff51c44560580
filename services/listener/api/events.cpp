#include "services/listener/api/events.hpp"

#include "common/http/problem.hpp"
#include "services/listener/api/content.hpp"

#include <limits>

namespace sluice::listener {

/// One event on its way to an answer.
struct Events::Turn {
    http::Actor actor;
    http::Request request;
    http::Respond respond;
    std::chrono::milliseconds patience{0};
    CloudEvent event = {};
    core::FactId id = {};
    std::string trace = {};
};

namespace {

std::string id_and_position(const core::FactId& id, core::Position position) {
    return R"("id":")" + core::to_text(id) + R"(","position":)" + std::to_string(position);
}

Refusal unknown_type() {
    return {422,
            "unknown_type",
            "Type not known",
            "Events of this type are not taken; known are " + known_types() + ".",
            {{"/type", "unknown_value", "give one of: " + known_types()}}};
}

Refusal incomplete(std::vector<Problem> problems) {
    return {422, "incomplete", "Event incomplete",
            "The event is incomplete or wrong; correct what `errors` names and send it again with the same id.",
            std::move(problems)};
}

Refusal other_content(const core::Hash& first) {
    return {409, "other_content", "This id was used for other content",
            "Something else was recorded under this source and id, with content digest " + core::digest_text(first) +
                "; send what is new under an id of its own."};
}

Problem too_large() {
    return {"/data", "too_large",
            "the fact would be larger than " + std::to_string(core::value_size_max) +
                " bytes: put large evidence into the artifact store and name it by digest"};
}

/// A batch's answers, in the order of its events, each with the status that it would have had alone.
std::string listed(const std::vector<http::Response>& answers) {
    std::string text;
    for (const auto& answer : answers)
        text += (text.empty() ? "" : ",") + (R"({"status":)" + std::to_string(answer.status)) + R"(,"answer":)" +
                answer.body + "}";
    return "{\"answers\":[" + text + "]}";
}

}  // namespace

Events::Events(const Desk& desk, Asking& asking, const runtime::Artifacts& artifacts, Quarantine& quarantine,
               runtime::Executor& executor, runtime::Metrics& metrics, std::string cell)
    : desk_{desk},
      asking_{asking},
      artifacts_{artifacts},
      quarantine_{quarantine},
      executor_{executor},
      metrics_{metrics},
      writer_{std::move(cell), std::string(Decider::name), {}} {}

void Events::answer(http::Actor actor, http::Request request, http::Respond respond) {
    if (is_batch(request))
        answer_batch(actor, request, std::move(respond));
    else
        answer_one(std::move(actor), std::move(request), std::move(respond));
}

void Events::answer_batch(const http::Actor& actor, const http::Request& request, http::Respond respond) {
    auto unpacked = unpack_batch(request);
    if (const auto* refusal = std::get_if<Refusal>(&unpacked))
        return turn_away(std::make_shared<Turn>(Turn{actor, request, std::move(respond)}), *refusal);
    auto& events = std::get<0>(unpacked);
    if (events.empty()) return respond({200, {}, "application/json; charset=utf-8", listed({})});
    auto answers = std::make_shared<std::vector<http::Response>>(events.size());
    auto left = std::make_shared<std::size_t>(events.size());
    for (std::size_t i = 0; i < events.size(); ++i)
        answer_one(actor, std::move(events[i]), [=](http::Response answer) {
            (*answers)[i] = std::move(answer);
            if (--*left == 0) respond({200, {}, "application/json; charset=utf-8", listed(*answers)});
        });
}

void Events::answer_one(http::Actor actor, http::Request request, http::Respond respond) {
    const auto patience = app::patience_of(request);
    auto turn = std::make_shared<Turn>(Turn{std::move(actor), std::move(request), std::move(respond)});
    if (!patience) return reply(turn, "malformed", app::bad_deadline());
    turn->patience = *patience;
    auto read = read_event(turn->request);
    if (const auto* refusal = std::get_if<Refusal>(&read)) return turn_away(turn, *refusal);
    turn->event = std::get<CloudEvent>(std::move(read));
    turn->id = core::external_id(turn->actor.subject, turn->event.source, turn->event.id);
    turn->trace = app::trace_of(turn->request, turn->event.trace);
    consider(turn);
}

/// An id that is known is answered first: what it named may have left the store since.
void Events::consider(const TurnPtr& turn) {
    auto content = read_content(turn->event.type, turn->event.data);
    if (!content) return turn_away(turn, unknown_type());
    const auto& sent = desk_.state().sent;
    if (const auto at = sent.find(turn->id); at != sent.end()) return recognise(turn, at->second, content->value, 200);
    if (!content->value) return refuse(turn, std::move(content->problems));
    if (auto problems = not_in_store(*content->value); !problems.empty()) return refuse(turn, std::move(problems));
    record(turn, *std::move(content->value));
}

void Events::record(const TurnPtr& turn, Inputs fact) {
    auto said = saying(*turn, turn->id, fact);
    if (!fits(said)) return refuse(turn, {too_large()});
    const bool taken = asking_.ask(std::move(said), turn->patience,
                                   [this, turn, fact = std::move(fact)](const std::optional<Asking::Answer>& answer) {
                                       if (!answer) return reply(turn, "late", app::answered_late(turn->id));
                                       recognise(turn, answer->sent, fact, answer->joined ? 200 : 202);
                                   });
    if (!taken) reply(turn, "unavailable", app::too_many_wait());
}

void Events::recognise(const TurnPtr& turn, const Sent& first, const std::optional<Inputs>& fact, int status_if_same) {
    const auto body = id_and_position(turn->id, first.position);
    if (!fact || content_of(*fact) != first.content)
        return turn_away(turn, other_content(first.content),
                         body + R"(,"first_digest":")" + core::digest_text(first.content) + "\"");
    http::Response response{status_if_same, {{"Location", app::where(turn->id)}}};
    response.body = "{" + body + "}";
    reply(turn, status_if_same == 202 ? "recorded" : "repeated", std::move(response));
}

/// The refusal is in the ledger before its sender hears of it. The same content is refused once.
void Events::refuse(const TurnPtr& turn, std::vector<Problem> problems) {
    const auto& event = turn->event;
    const Digest content{core::digest_of(event.type + "\n" + event.data)};
    const auto id = core::derive(writer_, turn->id, TrainingRefused::name, content.text);
    const auto refusal = incomplete(problems);
    const auto& sent = desk_.state().sent;
    if (const auto at = sent.find(id); at != sent.end())
        return turn_away(turn, refusal, "\"refusal\":{" + id_and_position(id, at->second.position) + "}");

    auto said = saying(*turn, id, TrainingRefused{event.source, event.id, event.type, content, std::move(problems)});
    while (!fits(said)) {
        auto& listed = std::get<TrainingRefused>(said.fact).problems;
        listed.resize(listed.size() / 2);
    }
    const bool taken = asking_.ask(
        std::move(said), turn->patience, [this, turn, id, refusal](const std::optional<Asking::Answer>& answer) {
            if (!answer) return reply(turn, "late", app::answered_late(id));
            turn_away(turn, refusal, "\"refusal\":{" + id_and_position(id, answer->sent.position) + "}");
        });
    if (!taken) reply(turn, "unavailable", app::too_many_wait());
}

void Events::turn_away(const TurnPtr& turn, const Refusal& refusal, const std::string& extension) {
    quarantine_.keep(turn->actor, turn->request, refusal, executor_.now());
    reply(turn, refusal.code, to_response(refusal, extension));
}

void Events::reply(const TurnPtr& turn, std::string_view outcome, http::Response response) {
    metrics_
        .counter("sluice_listener_events_total", "events of jobs, by what became of them",
                 {{"outcome", std::string(outcome)}})
        .add();
    turn->respond(std::move(response));
}

std::vector<Problem> Events::not_in_store(const Inputs& fact) const {
    const auto* done = std::get_if<TrainingCompleted>(&fact);
    if (!done) return {};
    std::vector<Problem> problems;
    const auto check = [&](const Digest& digest, const std::string& pointer) {
        const auto size = artifacts_.size(digest.text);
        if (!size) problems.push_back({pointer, "not_in_store", "PUT it to /v1/artifacts first"});
        return size;
    };
    const auto size = check(done->artifact.digest, "/data/artifact/digest");
    if (size && *size != done->artifact.size)
        problems.push_back({"/data/artifact/size", "other_size", "the file with this digest has another size"});
    check(done->probe.digest, "/data/probe/digest");
    if (done->reference) check(done->reference->digest, "/data/reference/digest");
    return problems;
}

runtime::Saying<Decider> Events::saying(const Turn& turn, const core::FactId& id, Inputs fact) const {
    return {id, {}, id == turn.id ? id : core::FactId{}, turn.actor.subject, turn.trace, std::move(fact)};
}

/// The ledger's own positions have yet to be stamped: they count with all their digits.
bool Events::fits(const runtime::Saying<Decider>& said) const {
    constexpr auto longest = std::numeric_limits<core::Position>::max();
    const core::Stamp stamp{said.id,         {},           said.id,         longest,    longest,
                            executor_.now(), writer_.cell, writer_.service, said.actor, said.trace};
    return events::write_any(stamp, said.fact).value.size() <= core::value_size_max;
}

}  // namespace sluice::listener
