#pragma once
#include "common/runtime/alarms.hpp"
#include "common/runtime/ports.hpp"
#include "services/approver/decider.hpp"

namespace sluice::approver {

/// Wakes the approver when an approval expires.
class AlarmClock final : public runtime::Effects<Decider> {
public:
    explicit AlarmClock(runtime::Executor& executor) : alarms_{executor} {}

    void begin(const core::FactId& id, const approver::Effects& effect) override {
        alarms_.set(id, std::get<events::WakeAt>(effect).at.ms);
    }
    void cancel(const core::FactId& id) override { alarms_.cancel(id); }
    std::vector<Outcome> take_outcomes() override {
        std::vector<Outcome> rung;
        for (const auto& [id, at] : alarms_.take_rung())
            rung.push_back({id, events::DeadlinePassed{std::string(Decider::name), {at}}});
        return rung;
    }
    void on_news(std::function<void()> wake) override { alarms_.on_news(std::move(wake)); }

private:
    runtime::Alarms alarms_;
};

}  // namespace sluice::approver
