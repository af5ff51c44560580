#pragma once
#include "common/runtime/alarms.hpp"
#include "common/runtime/metrics.hpp"
#include "common/runtime/ports.hpp"
#include "common/runtime/streams.hpp"
#include "services/deployer/watcher.hpp"

namespace sluice::deployer {

/// Feeds the watcher from sluice.telemetry, keeps the alarms, and says which serving nodes come and go. It reads the
/// topic from its beginning, so that a restart counts what was counted before, and answers nothing until it has caught
/// up.
class Watching final : public runtime::Effects<Decider> {
public:
    struct Observed {
        core::FactId id, cause;
        Decider::Inputs fact;
    };
    /// All outlive it.
    Watching(runtime::Executor& executor, runtime::Subscriber& telemetry, runtime::Metrics& metrics, std::string cell);
    ~Watching() override;

    void begin(const core::FactId& id, const deployer::Effects& effect) override;
    void cancel(const core::FactId& id) override;
    std::vector<Outcome> take_outcomes() override;
    void on_news(std::function<void()> wake) override;

    /// Nodes that joined or were lost, as against what the ledger says; again until the ledger says so too.
    std::vector<Observed> observed(const std::map<Node, KnownNode>& known);

    std::optional<core::Failure> unready() const;

private:
    void read();
    void tick();

    runtime::Executor& executor_;
    runtime::Subscriber& telemetry_;
    core::Writer writer_;
    runtime::Alarms alarms_;
    Watcher watcher_;
    std::function<void()> wake_;
    runtime::Executor::TimerId timer_ = 0;
    runtime::Counter& windows_;
    runtime::Counter& malformed_;
};

}  // namespace sluice::deployer
