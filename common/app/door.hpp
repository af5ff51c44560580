#pragma once
#include "common/core/codec.hpp"
#include "common/core/content.hpp"
#include "common/http/auth.hpp"
#include "common/http/message.hpp"
#include "common/http/server.hpp"
#include "common/runtime/executor.hpp"
#include "common/runtime/loop.hpp"

#include <chrono>
#include <memory>

// What every door does alike: a request becomes a fact, and is answered when the state knows what became of it.
namespace sluice::app {

/// Longer than any patience, so that the door itself says what became of a request.
inline constexpr std::chrono::milliseconds door_time_max{75'000};

/// How long a request waits for its answer: X-Deadline-Ms, at most a minute; ten seconds where it is silent. Nothing
/// where it is no number of milliseconds.
std::optional<std::chrono::milliseconds> patience_of(const http::Request& request);
http::Response bad_deadline();

/// The request's traceparent, else that of the event it brings, else a new one.
std::string trace_of(const http::Request& request, const std::string& of_event = {});

/// (actor, door, Idempotency-Key); without a key it is an id that nobody else has. Nothing where the key is empty or
/// longer than 256 bytes.
std::optional<core::FactId> request_id(const http::Actor& actor, std::string_view door, const http::Request& request);
http::Response bad_key();

/// Where every door tells what became of a request.
std::string where(const core::FactId& id);
http::Response not_ready(const core::Failure& failure);
http::Response too_many_wait();
/// It may still come to be: the answer says where to ask.
http::Response answered_late(const core::FactId& id);
http::Response other_content(const core::FactId& id, const core::Hash& first);
http::Response unknown_request();
/// `errors` is a JSON array of problems by pointer.
http::Response malformed(const std::string& errors);
http::Response not_an_object();
http::Response no_reason();
/// The fact would be one that no reader takes.
http::Response not_sayable();

/// Asked before a body is read: a stranger's is not, nor one that nobody can record. `tokens` must outlive the server.
http::Guard ready_for(const http::Tokens& tokens, std::set<std::string> any_of_roles,
                      std::function<std::optional<core::Failure>()> unready);

/// One act of somebody on its way to an answer.
struct Turn {
    http::Actor actor;
    http::Request request;
    http::Respond respond;
    std::chrono::milliseconds patience{0};
    core::FactId id;
    std::string trace;
};
/// Reads deadline, key and trace; where one is malformed it answers so, and there is no turn.
std::optional<Turn> begin_turn(http::Actor actor, http::Request request, http::Respond respond, std::string_view door);

/// The service behind a door: what it knows, and its voice.
template <class Decider> struct Desk {
    std::function<const typename Decider::State&()> state;
    /// Nothing, or why it can answer nothing now.
    std::function<std::optional<core::Failure>()> unready;
    /// As Loop::say.
    std::function<bool(runtime::Saying<Decider>, typename runtime::Loop<Decider>::Settled)> say;
};
template <template <class> class Service, class Decider> Desk<Decider> desk_of(Service<Decider>& service) {
    Desk<Decider> desk;
    desk.state = [&service]() -> const auto& { return service.state(); };
    desk.unready = [&service] { return service.unready(); };
    desk.say = [&service](auto saying, auto settled) { return service.say(std::move(saying), std::move(settled)); };
    return desk;
}

/// What became of a wait. `joined`: somebody was waiting for the same id already. `late`: patience ran out; it may
/// still come to be.
enum class Heard { answered, joined, late };

/// Those who wait until the state knows an answer.
class Waiters {
public:
    using Done = std::function<void(Heard)>;
    /// Does the state know what became of this id?
    using Known = std::function<bool(const core::FactId&)>;

    static constexpr std::size_t waiting_max = 4096;

    Waiters(runtime::Executor& executor, Known known) : executor_{executor}, known_{std::move(known)} {}
    ~Waiters();
    Waiters(const Waiters&) = delete;
    Waiters& operator=(const Waiters&) = delete;

    bool has_room() const { return waiting_ < waiting_max; }
    /// Calls `done` once, later, on the executor's thread. Ask has_room() first.
    void add(const core::FactId& id, std::chrono::milliseconds patience, Done done);
    /// To be called after each fold.
    void look();
    std::size_t waiting() const { return waiting_; }

private:
    struct Waiter {
        Done done;
        runtime::Executor::TimerId timer = 0;
        Heard heard = Heard::answered;
    };
    void give_up(const core::FactId& id, std::uint64_t number);

    runtime::Executor& executor_;
    Known known_;
    std::map<core::FactId, std::map<std::uint64_t, Waiter>> waiters_;
    std::uint64_t next_ = 0;
    std::size_t waiting_ = 0;
};

/// Says requests, and answers each from the state: the same request twice is answered alike, from any instance.
template <class Decider> class Requests {
public:
    struct Parts {
        Desk<Decider> desk;
        runtime::Executor& executor;
        core::Codec<Decider> codec;
        std::string cell;
        /// What the first request with this id said; nothing where the state does not know it.
        std::function<const core::Hash*(const core::FactId&)> first;
        std::function<bool(const core::FactId&)> answered;
        /// Asked only where it is answered.
        std::function<http::Response(const core::FactId&)> answer;
    };

    explicit Requests(Parts parts) : parts_{std::move(parts)}, waiters_{parts_.executor, parts_.answered} {}

    void submit(Turn given, typename Decider::Inputs fact) {
        const auto content = core::content_of(fact);
        const auto turn = std::make_shared<Turn>(std::move(given));
        if (const auto* first = parts_.first(turn->id); first && *first != content)
            return turn->respond(other_content(turn->id, *first));
        if (parts_.answered(turn->id)) return turn->respond(parts_.answer(turn->id));
        if (!waiters_.has_room()) return turn->respond(too_many_wait());
        if (!parts_.first(turn->id)) {
            runtime::Saying<Decider> saying{turn->id, {}, turn->id, turn->actor.subject, turn->trace, std::move(fact)};
            if (!sayable(saying)) return turn->respond(not_sayable());
            if (!parts_.desk.say(std::move(saying), {})) return turn->respond(too_many_wait());
        }
        waiters_.add(turn->id, turn->patience, [this, turn, content](Heard heard) { reply(*turn, content, heard); });
    }

    void look() { waiters_.look(); }
    std::size_t waiting() const { return waiters_.waiting(); }

private:
    void reply(const Turn& turn, const core::Hash& content, Heard heard) const {
        if (heard == Heard::late) return turn.respond(answered_late(turn.id));
        const auto* first = parts_.first(turn.id);
        turn.respond(first && *first != content ? other_content(turn.id, *first) : parts_.answer(turn.id));
    }

    /// Whether every reader would take it. The ledger's own positions have yet to be stamped: they count with all
    /// their digits.
    bool sayable(const runtime::Saying<Decider>& said) const {
        constexpr auto longest = std::numeric_limits<core::Position>::max();
        const core::Stamp stamp{said.id,     {},
                                said.id,     longest,
                                longest,     parts_.executor.now(),
                                parts_.cell, std::string(Decider::name),
                                said.actor,  said.trace};
        auto draft = parts_.codec.write_observed(stamp, said.fact);
        if (draft.value.size() > core::value_size_max) return false;
        const auto read = parts_.codec.read({0, 0, std::move(draft.value)});
        return read && *read;
    }

    Parts parts_;
    Waiters waiters_;
};

}  // namespace sluice::app
