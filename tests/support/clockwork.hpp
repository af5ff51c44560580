#pragma once
#include "common/runtime/executor.hpp"

#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>

namespace sluice::support {

/// An executor whose time stands still until the test moves it. What other threads post, the test waits for.
class Clockwork final : public runtime::Executor {
public:
    core::Time now() override { return now_; }
    void post(std::function<void()> work) override {
        const std::scoped_lock hold{lock_};
        posted_.push_back(std::move(work));
        news_.notify_one();
    }
    TimerId after(std::chrono::milliseconds delay, std::function<void()> work) override {
        due_.emplace(std::pair{now_ + delay.count(), ++last_}, std::move(work));
        return last_;
    }
    void cancel(TimerId timer) override {
        std::erase_if(due_, [&](const auto& each) { return each.first.second == timer; });
    }

    /// Time passes: timers run when they are due, in their order.
    void pass(std::chrono::milliseconds time) {
        const auto until = now_ + time.count();
        while (!due_.empty() && due_.begin()->first.first <= until) {
            auto timer = due_.extract(due_.begin());
            now_ = timer.key().first;
            timer.mapped()();
        }
        now_ = until;
    }

    /// Runs what is posted, here, until it is so. False: it was not within half a minute, or nothing came any more.
    template <class Condition> bool until(Condition holds) {
        while (!holds()) {
            std::unique_lock hold{lock_};
            if (!news_.wait_for(hold, std::chrono::seconds{30}, [&] { return !posted_.empty(); })) return false;
            const auto work = std::move(posted_.front());
            posted_.pop_front();
            hold.unlock();
            work();
        }
        return true;
    }

    std::size_t timers() const { return due_.size(); }

    void watch_readable(int, std::function<void()>) override {}
    void unwatch(int) override {}
    void on_signal(std::vector<int>, std::function<void(int)>) override {}
    void run() override {}
    void stop() override {}

private:
    core::Time now_ = 0;
    TimerId last_ = 0;
    std::map<std::pair<core::Time, TimerId>, std::function<void()>> due_;
    std::mutex lock_;
    std::condition_variable news_;
    std::deque<std::function<void()>> posted_;
};

}  // namespace sluice::support
