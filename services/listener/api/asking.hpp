#pragma once
#include "common/runtime/executor.hpp"
#include "common/runtime/loop.hpp"
#include "services/listener/decider.hpp"

namespace sluice::listener {

/// The service behind the routes: what it knows, and its voice.
struct Desk {
    std::function<const State&()> state;
    /// Nothing, or why it can answer nothing now.
    std::function<std::optional<core::Failure>()> unready;
    /// As Loop::say.
    std::function<bool(runtime::Saying<Decider>, runtime::Loop<Decider>::Settled)> say;
};

/// Says facts, and tells whoever waits for them. One fact is said once, however many wait for it.
class Asking {
public:
    /// What became of a fact.
    struct Answer {
        Sent sent;            ///< of the first record with its id, which may say otherwise
        bool joined = false;  ///< somebody was waiting for this id already
    };
    /// Nothing: patience ran out. The fact may still come to be.
    using Done = std::function<void(std::optional<Answer>)>;

    static constexpr std::size_t waiting_max = 4096;

    Asking(const Desk& desk, runtime::Executor& executor) : desk_{desk}, executor_{executor} {}
    ~Asking();
    Asking(const Asking&) = delete;
    Asking& operator=(const Asking&) = delete;

    /// Calls `done` once, later, on the executor's thread. False: too many wait; it will not be called.
    bool ask(runtime::Saying<Decider> saying, std::chrono::milliseconds patience, Done done);
    std::size_t waiting() const { return waiting_; }

private:
    struct Waiter {
        Done done;
        runtime::Executor::TimerId timer = 0;
        bool joined = false;
    };
    using Waiters = std::map<std::uint64_t, Waiter>;

    void settle(const runtime::Loop<Decider>::Incoming& incoming);
    void give_up(const core::FactId& id, std::uint64_t number);

    const Desk& desk_;
    runtime::Executor& executor_;
    std::map<core::FactId, Waiters> said_;  // said and not yet read back, also when nobody waits any more
    std::uint64_t next_ = 0;
    std::size_t waiting_ = 0;
};

}  // namespace sluice::listener
