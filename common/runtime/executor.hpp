#pragma once
#include "common/core/time.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <vector>

namespace sluice::runtime {

/// The one thread on which a process works: everything that waits hangs here, and every callback runs inside run(), one
/// at a time, never inside the call that asked for it. All calls belong on that thread (or before run()), but post()
/// and stop(), which any thread may call. An exception from a callback leaves run().
class Executor {
public:
    using TimerId = std::uint64_t;
    virtual ~Executor() = default;

    /// Runs `work` soon, after what was posted before it. From any thread.
    virtual void post(std::function<void()> work) = 0;

    /// Runs `work` once, not before `delay` has passed on a steady clock.
    virtual TimerId after(std::chrono::milliseconds delay, std::function<void()> work) = 0;
    /// After this the timer's work will not run. A timer that has fired, or was never set, is ignored.
    virtual void cancel(TimerId timer) = 0;

    /// Runs `work` while `fd` (a pipe, socket or eventfd; not a regular file) has something to read: again and again
    /// until it was read empty or unwatched. One watch per descriptor, a new one replaces the old. The caller owns `fd`
    /// and unwatches before closing it.
    virtual void watch_readable(int fd, std::function<void()> work) = 0;
    virtual void unwatch(int fd) = 0;

    /// Runs `work` with the signal's number each time that one of these arrives; they no longer end the process.
    virtual void on_signal(std::vector<int> signals, std::function<void(int)> work) = 0;

    /// Works until stop(), also while there is nothing to do; returns at once where stop() came first. May be called
    /// again.
    virtual void run() = 0;
    virtual void stop() = 0;

    /// The wall clock.
    virtual core::Time now() = 0;
};

}  // namespace sluice::runtime
