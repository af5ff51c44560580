#pragma once
#include "common/runtime/executor.hpp"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <stdexcept>

namespace sluice::support {

/// An executor for what only posts: each call that was posted, from whatever thread, runs when the test says so.
class Inbox final : public runtime::Executor {
public:
    void post(std::function<void()> work) override {
        const std::scoped_lock hold{lock_};
        posted_.push_back(std::move(work));
        news_.notify_one();
    }

    /// Waits for the next call and runs it here.
    void run_one() {
        std::unique_lock hold{lock_};
        news_.wait(hold, [&] { return !posted_.empty(); });
        const auto work = std::move(posted_.front());
        posted_.pop_front();
        hold.unlock();
        work();
    }

    bool empty() {
        const std::scoped_lock hold{lock_};
        return posted_.empty();
    }

    TimerId after(std::chrono::milliseconds, std::function<void()>) override { return refuse<TimerId>(); }
    void cancel(TimerId) override { refuse<void>(); }
    void watch_readable(int, std::function<void()>) override { refuse<void>(); }
    void unwatch(int) override { refuse<void>(); }
    void on_signal(std::vector<int>, std::function<void(int)>) override { refuse<void>(); }
    void run() override { refuse<void>(); }
    void stop() override { refuse<void>(); }
    core::Time now() override { return refuse<core::Time>(); }

private:
    template <class T> T refuse() { throw std::logic_error("an inbox only takes what is posted"); }

    std::mutex lock_;
    std::condition_variable news_;
    std::deque<std::function<void()>> posted_;
};

}  // namespace sluice::support
