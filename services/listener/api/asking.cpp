#include "services/listener/api/asking.hpp"

namespace sluice::listener {

Asking::Asking(const Desk& desk, runtime::Executor& executor)
    : desk_{desk}, waiters_{executor, [&desk](const core::FactId& id) { return desk.state().sent.contains(id); }} {}

bool Asking::ask(runtime::Saying<Decider> saying, std::chrono::milliseconds patience, Done done) {
    const auto id = saying.id;
    if (!waiters_.has_room() || !desk_.say(std::move(saying), {})) return false;
    waiters_.add(id, patience, [this, id, done = std::move(done)](app::Heard heard) {
        if (heard == app::Heard::late) return done(std::nullopt);
        done(Answer{desk_.state().sent.at(id), heard == app::Heard::joined});
    });
    return true;
}

}  // namespace sluice::listener
