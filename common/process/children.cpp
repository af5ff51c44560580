#include "common/process/children.hpp"

#include <system_error>

namespace sluice::process {

using core::Failure;

Children::~Children() {
    for (auto& [number, watch] : running_) watch.cancel.cancel();
    for (auto& [number, watch] : running_) watch.thread.join();
}

CancelHandle Children::start(Command command, Done done) {
    CancelHandle cancel;
    const auto refuse = [&](const std::string& what) {
        executor_.post([me = std::weak_ptr(me_), done, what] {
            if (!me.expired()) done(Failure::retryable(what, "try again when one has ended"));
        });
        return cancel;
    };
    if (running_.size() >= running_max_)
        return refuse(std::to_string(running_max_) + " child processes run already, which is the limit");

    const auto number = ++last_number_;
    const auto work = [&executor = executor_, me = std::weak_ptr(me_), command = std::move(command), cancel, number,
                       done] {
        executor.post([me, number, outcome = run(command, cancel), done]() mutable {
            if (const auto self = me.lock()) (*self)->finish(number, std::move(outcome), done);
        });
    };
    try {
        running_.emplace(number, Watch{cancel, std::thread{work}});
    } catch (const std::system_error&) {
        return refuse("this machine has no threads left to watch a child process");
    }
    return cancel;
}

void Children::finish(std::size_t number, core::Result<Outcome> outcome, const Done& done) {
    running_.at(number).thread.join();
    running_.erase(number);
    done(std::move(outcome));
}

}  // namespace sluice::process
