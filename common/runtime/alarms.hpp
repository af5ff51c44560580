#pragma once
#include "common/core/fact_id.hpp"
#include "common/runtime/executor.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace sluice::runtime {

/// The alarms that deciders set: which have rung? Ids of agenda entries, times by the executor's wall clock.
class Alarms {
public:
    explicit Alarms(Executor& executor) : executor_{executor} {}
    ~Alarms() { executor_.cancel(timer_); }
    Alarms(const Alarms&) = delete;
    Alarms& operator=(const Alarms&) = delete;

    void set(const core::FactId& id, core::Time at) {
        at_[id] = at;
        arm();
    }
    void cancel(const core::FactId& id) { at_.erase(id); }
    void on_news(std::function<void()> wake) { wake_ = std::move(wake); }

    /// Each alarm that has rung, once, with the time for which it was set.
    std::vector<std::pair<core::FactId, core::Time>> take_rung() {
        std::vector<std::pair<core::FactId, core::Time>> rung;
        const auto now = executor_.now();
        std::erase_if(at_, [&](const auto& alarm) {
            if (alarm.second > now) return false;
            rung.push_back(alarm);
            return true;
        });
        if (!rung.empty()) arm();
        return rung;
    }

private:
    static constexpr core::Time wait_ms_max = 60'000;  // the wall clock may be set meanwhile

    void arm() {
        executor_.cancel(timer_);
        if (at_.empty()) return;
        const auto next = std::ranges::min_element(at_, {}, [](const auto& alarm) { return alarm.second; })->second;
        const auto wait = std::clamp<core::Time>(next - executor_.now(), 0, wait_ms_max);
        timer_ = executor_.after(std::chrono::milliseconds{wait}, [this] {
            if (wake_) wake_();
            arm_unless_due();
        });
    }

    /// What is due waits to be taken; only what lies ahead needs another timer.
    void arm_unless_due() {
        const auto now = executor_.now();
        if (std::ranges::none_of(at_, [&](const auto& alarm) { return alarm.second <= now; })) arm();
    }

    Executor& executor_;
    std::map<core::FactId, core::Time> at_;
    Executor::TimerId timer_ = 0;
    std::function<void()> wake_;
};

}  // namespace sluice::runtime
