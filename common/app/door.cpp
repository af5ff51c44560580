#include "common/app/door.hpp"

#include "common/core/sha256.hpp"
#include "common/http/problem.hpp"

#include <algorithm>
#include <charconv>
#include <random>

namespace sluice::app {
namespace {

constexpr std::chrono::milliseconds patience_default{10'000};
constexpr std::chrono::milliseconds patience_max{60'000};
constexpr std::size_t key_size_max = 256;

bool is_hex(std::string_view text) { return text.find_first_not_of("0123456789abcdef") == text.npos; }
bool is_zero(std::string_view text) { return text.find_first_not_of('0') == text.npos; }

/// W3C Trace Context, version 00.
bool is_traceparent(std::string_view text) {
    if (text.size() != 55 || !text.starts_with("00-") || text[35] != '-' || text[52] != '-') return false;
    const auto trace = text.substr(3, 32), span = text.substr(36, 16), flags = text.substr(53);
    return is_hex(trace) && is_hex(span) && is_hex(flags) && !is_zero(trace) && !is_zero(span);
}

std::string random_bytes(std::size_t count) {
    std::random_device random;
    std::string bytes;
    for (std::size_t i = 0; i < count; ++i) bytes += static_cast<char>(random() & 0xFF);
    return bytes;
}

std::string id_member(const core::FactId& id) { return "\"id\":\"" + core::to_text(id) + "\""; }

}  // namespace

std::optional<std::chrono::milliseconds> patience_of(const http::Request& request) {
    const auto text = request.header("x-deadline-ms");
    if (!text) return patience_default;
    std::uint32_t ms = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), ms);
    if (error != std::errc{} || end != text->data() + text->size() || ms == 0) return std::nullopt;
    return std::min(std::chrono::milliseconds{ms}, patience_max);
}

http::Response bad_deadline() {
    return http::problem(400, "bad_deadline", "Not a deadline",
                         "X-Deadline-Ms is not a whole number of milliseconds above 0; correct it or leave it out.");
}

std::string trace_of(const http::Request& request, const std::string& of_event) {
    const auto of_request = request.header("traceparent").value_or("");
    if (is_traceparent(of_request)) return std::string(of_request);
    if (is_traceparent(of_event)) return of_event;
    return "00-" + core::hex(random_bytes(16)) + "-" + core::hex(random_bytes(8)) + "-01";
}

std::optional<core::FactId> request_id(const http::Actor& actor, std::string_view door, const http::Request& request) {
    const auto key = request.header("idempotency-key");
    if (!key) return core::external_id(actor.subject, door, random_bytes(32));
    if (key->empty() || key->size() > key_size_max) return std::nullopt;
    return core::external_id(actor.subject, door, *key);
}

http::Response bad_key() {
    return http::problem(400, "bad_idempotency_key", "Not a key",
                         "Idempotency-Key has no character or more than 256; give a UUID, or leave the header out.");
}

std::string where(const core::FactId& id) { return "/v1/requests/" + core::to_text(id); }

http::Response not_ready(const core::Failure& failure) {
    return http::retry_later("not_ready", "Not ready", failure.text());
}

http::Response too_many_wait() {
    return http::retry_later("too_many_wait", "Too many wait",
                             "Too many requests wait for the ledger; send the same again in a moment.");
}

http::Response answered_late(const core::FactId& id) {
    auto response = http::problem(504, "late", "No answer in time",
                                  "The ledger has not given an answer yet; ask for it at Location, or send the same "
                                  "again: it joins this one.",
                                  id_member(id));
    response.headers.emplace_back("Location", where(id));
    return response;
}

http::Response other_content(const core::FactId& id, const core::Hash& first) {
    return http::problem(409, "other_content", "This key was used for other content",
                         "Something else was asked under this Idempotency-Key, with content digest " +
                             core::digest_text(first) + "; send what is new under a key of its own.",
                         id_member(id) + ",\"first_digest\":\"" + core::digest_text(first) + "\"");
}

http::Response unknown_request() {
    return http::problem(404, "unknown_request", "Not in the ledger",
                         "No request with this id has come to be; send it again with the same Idempotency-Key, which "
                         "is safe.");
}

http::Response malformed(const std::string& errors) {
    return http::problem(422, "malformed", "Malformed",
                         "The body is incomplete or wrong; correct what `errors` names and send it again.",
                         "\"errors\":" + errors);
}

http::Response not_an_object() {
    return http::problem(400, "malformed_json", "Not a JSON object",
                         "The body is no JSON object in UTF-8 (RFC 8259), names a member twice, or nests too deep; "
                         "correct it.");
}

http::Response no_reason() {
    return http::problem(422, "no_reason", "No reason",
                         "Whoever reads the ledger later wants to know why; give a reason.",
                         R"("errors":[{"pointer":"/reason","code":"missing","detail":"give a reason"}])");
}

http::Response not_sayable() {
    return http::problem(422, "not_sayable", "Too large for the ledger",
                         "As a fact this would be larger than " + std::to_string(core::value_size_max) +
                             " bytes, or hold what no reader takes; make it smaller.");
}

http::Guard ready_for(const http::Tokens& tokens, std::set<std::string> any_of_roles,
                      std::function<std::optional<core::Failure>()> unready) {
    return [&tokens, roles = std::move(any_of_roles),
            unready = std::move(unready)](const http::Request& head) -> std::optional<http::Response> {
        if (auto refusal = http::refuse(tokens, roles, head)) return refusal;
        if (const auto failure = unready()) return not_ready(*failure);
        return std::nullopt;
    };
}

std::optional<Turn> begin_turn(http::Actor actor, http::Request request, http::Respond respond, std::string_view door) {
    const auto patience = patience_of(request);
    if (!patience) return respond(bad_deadline()), std::nullopt;
    const auto id = request_id(actor, door, request);
    if (!id) return respond(bad_key()), std::nullopt;
    auto trace = trace_of(request);
    return Turn{std::move(actor), std::move(request), std::move(respond), *patience, *id, std::move(trace)};
}

Waiters::~Waiters() {
    for (const auto& [id, waiters] : waiters_)
        for (const auto& [number, waiter] : waiters) executor_.cancel(waiter.timer);
}

void Waiters::add(const core::FactId& id, std::chrono::milliseconds patience, Done done) {
    const auto number = next_++;
    const auto timer = executor_.after(patience, [this, id, number] { give_up(id, number); });
    auto& waiters = waiters_[id];
    waiters.emplace(number, Waiter{std::move(done), timer, waiters.empty() ? Heard::answered : Heard::joined});
    ++waiting_;
}

void Waiters::look() {
    std::vector<Waiter> told;
    std::erase_if(waiters_, [&](auto& entry) {
        if (!known_(entry.first)) return false;
        for (auto& [number, waiter] : entry.second) told.push_back(std::move(waiter));
        return true;
    });
    waiting_ -= told.size();
    for (auto& waiter : told) {
        executor_.cancel(waiter.timer);
        waiter.done(waiter.heard);
    }
}

void Waiters::give_up(const core::FactId& id, std::uint64_t number) {
    const auto waiters = waiters_.find(id);
    if (waiters == waiters_.end()) return;
    auto late = waiters->second.extract(number);
    if (late.empty()) return;
    if (waiters->second.empty()) waiters_.erase(waiters);
    --waiting_;
    late.mapped().done(Heard::late);
}

}  // namespace sluice::app
