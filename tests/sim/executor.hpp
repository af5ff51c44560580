#pragma once
#include "common/runtime/executor.hpp"

#include <map>

namespace sluice::tests {

/// One process's executor in virtual time, with its own idea of what time it is.
class VirtualExecutor final : public runtime::Executor {
public:
    VirtualExecutor(const core::Time& world, core::Time skew) : world_{world}, skew_{skew} {}

    core::Time now() override { return world_ + skew_; }
    void post(std::function<void()> work) override { after(std::chrono::milliseconds{0}, std::move(work)); }
    TimerId after(std::chrono::milliseconds delay, std::function<void()> work) override {
        due_.emplace(std::pair{world_ + delay.count(), ++last_}, std::move(work));
        return last_;
    }
    void cancel(TimerId timer) override {
        std::erase_if(due_, [&](const auto& each) { return each.first.second == timer; });
    }
    void watch_readable(int, std::function<void()>) override {}
    void unwatch(int) override {}
    void on_signal(std::vector<int>, std::function<void(int)>) override {}
    void run() override {}
    void stop() override {}

    /// What is due by now runs, in order; at most so much, so that work which posts work does not hang the world.
    void turn() {
        for (int left = 100; left > 0 && !due_.empty() && due_.begin()->first.first <= world_; --left) {
            auto work = std::move(due_.extract(due_.begin()).mapped());
            work();
        }
    }

private:
    const core::Time& world_;
    core::Time skew_;
    TimerId last_ = 0;
    std::map<std::pair<core::Time, TimerId>, std::function<void()>> due_;
};

}  // namespace sluice::tests
