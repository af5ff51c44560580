#pragma once
#include "common/process/child.hpp"
#include "common/runtime/executor.hpp"

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <thread>

namespace sluice::process {

/// Child processes that run while their owner goes on: each is watched by a thread of its own, and its outcome comes
/// back on the executor's thread. Not thread-safe: all calls from that thread. When this is destroyed its children are
/// killed, and nothing is called any more.
class Children {
public:
    using Done = std::function<void(core::Result<Outcome>)>;

    /// The executor must live as long.
    Children(runtime::Executor& executor, std::size_t running_max) : executor_{executor}, running_max_{running_max} {}
    ~Children();
    Children(const Children&) = delete;
    Children& operator=(const Children&) = delete;

    /// `done` is called exactly once, never from inside start(): with what run() returns, or with a retryable failure
    /// when `running_max` run already.
    CancelHandle start(Command command, Done done);

    std::size_t running() const { return running_.size(); }

private:
    struct Watch {
        CancelHandle cancel;
        std::thread thread;
    };
    void finish(std::size_t number, core::Result<Outcome> outcome, const Done& done);

    runtime::Executor& executor_;
    std::size_t running_max_;
    std::size_t last_number_ = 0;
    std::map<std::size_t, Watch> running_;
    std::shared_ptr<Children*> me_ = std::make_shared<Children*>(this);  ///< gone when this is
};

}  // namespace sluice::process
