#pragma once
#include "common/app/process.hpp"
#include "common/core/json_text.hpp"
#include "common/runtime/loop.hpp"

#include <memory>

namespace sluice::app {

/// The ledger of this process, on Kafka. Beside it the topics' settings are looked at, as soon as the broker answers:
/// where one is wrong the process says which, and ends.
std::unique_ptr<runtime::Ledger> open_ledger(Process& process);

/// One decider at work in a process: steps its loop whenever there is news, answers /readyz and /agenda, keeps metrics.
/// Says why when it stops; then it stays up, not ready.
template <class Decider> class Service {
public:
    using Loop = runtime::Loop<Decider>;

    Service(Process& process, runtime::Ledger& ledger, runtime::Effects<Decider>& effects, core::Codec<Decider> codec)
        : process_{process},
          ledger_{ledger},
          loop_{ledger, effects, std::move(codec), core::Folded<Decider>{process.settings().cell}} {
        ledger.on_news([this] { wake(); });
        effects.on_news([this] { wake(); });
        process.ready_when([this] { return unready(); });
        process.agenda_is([this] { return agenda(); });
        wake();
        tick();
    }

    Loop& loop() { return loop_; }
    const typename Decider::State& state() const { return loop_.folded().state; }
    core::Time now() { return process_.executor().now(); }

    /// After each step that folded something, and when the end was first reached; at most one observer. For what
    /// follows the state: routes, views, waiters.
    void on_folded(std::function<void()> observer) { observer_ = std::move(observer); }

    /// After each step; at most one observer. For what looks outside: it may say things to loop(), without waking.
    void on_step(std::function<void()> observer) { step_observer_ = std::move(observer); }

    /// Steps soon. Cheap to call often.
    void wake() {
        if (std::exchange(woken_, true)) return;
        process_.executor().post([this] {
            woken_ = false;
            step();
        });
    }

    /// As Loop::say, and wakes.
    bool say(runtime::Saying<Decider> saying, typename Loop::Settled settled) {
        const bool taken = loop_.say(std::move(saying), now(), std::move(settled));
        wake();
        return taken;
    }

    std::optional<core::Failure> unready() const {
        if (loop_.stopped()) return loop_.stopped();
        if (auto trouble = ledger_.trouble()) return trouble;
        if (!loop_.at_the_end() && !was_ready_)
            return core::Failure::retryable("folding the ledger: at position " + std::to_string(loop_.folded().next) +
                                                " of " + std::to_string(ledger_.end()),
                                            "wait until it has reached the end");
        if (!loop_.ready())
            return core::Failure::retryable("far behind the end of the ledger", "wait until it has caught up");
        return std::nullopt;
    }

private:
    // News wake the loop at once; this only catches what no news announces, such as an append to be tried again.
    static constexpr std::chrono::milliseconds tick_time{250};

    void step() {
        const auto before = loop_.folded().next;
        const bool was_ready = was_ready_;
        const bool more = loop_.step(now(), true);
        if (loop_.at_the_end()) was_ready_ = true;
        if (loop_.stopped() && !std::exchange(said_stopped_, true))
            process_.log().error(loop_.stopped()->what, {{"advice", loop_.stopped()->advice}});
        measure();
        if (observer_ && (loop_.folded().next != before || was_ready_ != was_ready)) observer_();
        if (step_observer_) step_observer_();
        if (more) wake();
    }

    void tick() {
        process_.executor().after(tick_time, [this] {
            wake();
            tick();
        });
    }

    void measure() {
        position_.set(static_cast<double>(loop_.folded().next));
        lag_.set(static_cast<double>(ledger_.end() - std::min(ledger_.end(), loop_.folded().next)));
        debts_.set(static_cast<double>(state().agenda.size()));
        const auto& counts = loop_.counts();
        records_.add(static_cast<double>(counts.records - measured_.records));
        echoes_.add(static_cast<double>(counts.echoes - measured_.echoes));
        appended_.add(static_cast<double>(counts.appended - measured_.appended));
        append_failures_.add(static_cast<double>(counts.append_failures - measured_.append_failures));
        measured_ = counts;
    }

    std::string agenda() const {
        std::string text = "[";
        for (const auto& [order, entry] : state().agenda.entries()) {
            const auto name = std::visit(
                [](const auto& kind) {
                    return std::visit([](const auto& debt) { return std::string(debt.name); }, kind);
                },
                entry.debt);
            if (text.size() > 1) text += ",";
            text += R"({"id":")" + core::to_text(entry.id) + R"(","cause":")" + core::to_text(entry.cause) +
                    R"(","basis":)" + std::to_string(entry.basis) + R"(,"owes":)" + core::json_string(name) +
                    R"(,"kind":")" + (entry.is_effect() ? "effect" : "fact") + "\"}";
            if (text.size() > agenda_size_max) break;
        }
        return text + "]";
    }

    static constexpr std::size_t agenda_size_max = 1024 * 1024;

    runtime::Counter& counter(const std::string& name, const std::string& help) {
        return process_.metrics().counter("sluice_" + process_.service() + "_" + name, help);
    }
    runtime::Gauge& gauge(const std::string& name, const std::string& help) {
        return process_.metrics().gauge("sluice_" + process_.service() + "_" + name, help);
    }

    Process& process_;
    runtime::Ledger& ledger_;
    Loop loop_;
    std::function<void()> observer_, step_observer_;
    bool woken_ = false, was_ready_ = false, said_stopped_ = false;
    runtime::LoopCounts measured_;
    runtime::Gauge& position_ = gauge("ledger_position", "records of the ledger that were folded");
    runtime::Gauge& lag_ = gauge("ledger_lag_records", "records of the ledger that are still to be folded");
    runtime::Gauge& debts_ = gauge("agenda_entries", "facts and effects that this service owes");
    runtime::Counter& records_ = counter("records_total", "records read from the ledger");
    runtime::Counter& echoes_ = counter("echoes_total", "records that repeated a fact");
    runtime::Counter& appended_ = counter("appended_total", "records sent to the ledger");
    runtime::Counter& append_failures_ = counter("append_failures_total", "appends that failed, or may have");
};

}  // namespace sluice::app
