#pragma once
#include "common/app/door.hpp"
#include "services/listener/decider.hpp"

namespace sluice::listener {

using Desk = app::Desk<Decider>;

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

    Asking(const Desk& desk, runtime::Executor& executor);

    /// Calls `done` once, later, on the executor's thread. False: too many wait; it will not be called.
    bool ask(runtime::Saying<Decider> saying, std::chrono::milliseconds patience, Done done);
    /// To be called after each fold.
    void look() { waiters_.look(); }
    std::size_t waiting() const { return waiters_.waiting(); }

private:
    const Desk& desk_;
    app::Waiters waiters_;
};

}  // namespace sluice::listener
