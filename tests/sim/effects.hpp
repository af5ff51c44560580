#pragma once
#include "common/runtime/alarms.hpp"
#include "common/runtime/ports.hpp"
#include "services/approver/effects.hpp"
#include "services/deployer/watcher.hpp"
#include "services/evaluator/decider.hpp"
#include "tests/sim/executor.hpp"
#include "tests/support/random.hpp"

// The outside world of the deciders that ask for something. What two instances observe differs, as it does outside.
namespace sluice::tests {

/// What a model is like, told by its artifact's digest.
enum class Quality { good, better, worse, fails_in_service, broken, does_not_load };
inline constexpr int qualities = 6;

inline events::Digest artifact_of(int number, Quality quality) {
    auto text = std::to_string(number) + "abcdef"[static_cast<int>(quality)];
    return {"sha256:" + std::string(64 - text.size(), '0') + text};
}
inline Quality quality_of(const events::Digest& artifact) { return static_cast<Quality>(artifact.text.back() - 'a'); }

/// What an instance is made with.
struct Outside {
    Random& random;
    const core::Time& now;
    const std::vector<events::TelemetryWindow>& telemetry;
};

/// What a decider needs of the outside, in the simulation: nothing, unless said otherwise below.
template <class Decider> class SimEffects final : public runtime::Effects<Decider> {
public:
    SimEffects(VirtualExecutor&, const Outside&) {}
    void begin(const core::FactId&, const typename Decider::Effects&) override {}
    void cancel(const core::FactId&) override {}
    std::vector<typename runtime::Effects<Decider>::Outcome> take_outcomes() override { return {}; }
    void on_news(std::function<void()>) override {}
};

/// The real alarm clock, in virtual time.
template <> class SimEffects<approver::Decider> final : public runtime::Effects<approver::Decider> {
public:
    SimEffects(VirtualExecutor& executor, const Outside&) : clock_{executor} {}
    void begin(const core::FactId& id, const approver::Effects& effect) override { clock_.begin(id, effect); }
    void cancel(const core::FactId& id) override { clock_.cancel(id); }
    std::vector<Outcome> take_outcomes() override { return clock_.take_outcomes(); }
    void on_news(std::function<void()> wake) override { clock_.on_news(std::move(wake)); }

private:
    approver::AlarmClock clock_;
};

/// Scores after a while, a little differently in each instance.
template <> class SimEffects<evaluator::Decider> final : public runtime::Effects<evaluator::Decider> {
public:
    SimEffects(VirtualExecutor& executor, const Outside& outside) : executor_{executor}, random_{outside.random} {}

    void begin(const core::FactId& id, const evaluator::Effects& effect) override {
        const auto& what = std::get<events::RunEvaluation>(effect);
        const auto wait = std::chrono::milliseconds{random_.below(300)};
        timers_[id] = executor_.after(wait, [this, id, what] { outcomes_.push_back({id, measured(what)}); });
    }
    void cancel(const core::FactId& id) override {
        if (const auto timer = timers_.extract(id); !timer.empty()) executor_.cancel(timer.mapped());
        std::erase_if(outcomes_, [&](const Outcome& each) { return each.id == id; });
    }
    std::vector<Outcome> take_outcomes() override { return std::exchange(outcomes_, {}); }
    void on_news(std::function<void()>) override {}

private:
    evaluator::Inputs measured(const events::RunEvaluation& what) {
        const auto& [version, artifact, columns] = what.challenger;
        if (quality_of(artifact) == Quality::broken)
            return events::EvaluationErrored{what.model, version, what.policy_version, "artifact_broken",
                                             "it does not open"};
        events::EvaluationMeasured fact;
        fact.model = what.model, fact.version = version, fact.artifact = artifact;
        fact.policy_version = what.policy_version, fact.dataset = what.dataset.digest;
        fact.rows = 1000, fact.positives = 10, fact.probe = {200, 0, 0};
        const double noise = static_cast<double>(random_.below(100)) / 10'000;
        fact.scores = {quality_of(artifact) == Quality::worse ? 0.6 : 0.9 - noise, 0.1, 0.99};
        return fact;
    }

    VirtualExecutor& executor_;
    Random& random_;
    std::map<core::FactId, runtime::Executor::TimerId> timers_;
    std::vector<Outcome> outcomes_;
};

/// The real watcher and the real alarms, over telemetry in memory.
template <> class SimEffects<deployer::Decider> final : public runtime::Effects<deployer::Decider> {
public:
    SimEffects(VirtualExecutor& executor, const Outside& outside)
        : executor_{executor}, telemetry_{outside.telemetry}, alarms_{executor} {}

    void begin(const core::FactId& id, const deployer::Effects& effect) override {
        if (const auto* wake = std::get_if<events::WakeAt>(&effect)) alarms_.set(id, wake->at.ms);
        if (const auto* route = std::get_if<events::WatchRoute>(&effect)) watcher_.ask(id, *route);
        if (const auto* canary = std::get_if<events::MeasureCanary>(&effect))
            watcher_.ask(id, *canary, executor_.now());
    }
    void cancel(const core::FactId& id) override { alarms_.cancel(id), watcher_.cancel(id); }
    std::vector<Outcome> take_outcomes() override {
        for (; read_ < telemetry_.size(); ++read_)
            watcher_.add(telemetry_[read_], telemetry_[read_].until.ms, {0, read_ + 1});
        std::vector<Outcome> outcomes;
        for (const auto& [id, at] : alarms_.take_rung())
            outcomes.push_back({id, events::DeadlinePassed{std::string(deployer::Decider::name), {at}}});
        for (auto& answer : watcher_.take_answers(executor_.now()))
            outcomes.push_back({answer.id, std::move(answer.fact)});
        return outcomes;
    }
    void on_news(std::function<void()>) override {}
    const deployer::Watcher& watcher() const { return watcher_; }

private:
    VirtualExecutor& executor_;
    const std::vector<events::TelemetryWindow>& telemetry_;
    std::size_t read_ = 0;
    runtime::Alarms alarms_;
    deployer::Watcher watcher_;
};

}  // namespace sluice::tests
