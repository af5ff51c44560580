#pragma once
#include "common/runtime/executor.hpp"
#include "common/runtime/log.hpp"
#include "common/runtime/metrics.hpp"
#include "common/runtime/streams.hpp"
#include "events/telemetry.hpp"
#include "services/monitor/decider.hpp"
#include "services/monitor/missing_rate.hpp"

#include <memory>

namespace sluice::monitor {

/// Reads what serving nodes say, and shows how much of the required features was missing. A window counts once; one
/// that cannot be read is counted and passed.
class Watch {
public:
    struct Parts {
        runtime::Executor& executor;
        runtime::Subscriber& telemetry;
        const State& state;  ///< what the ledger says, now and later
        runtime::Metrics& metrics;
        const runtime::Log& log;
    };

    explicit Watch(Parts parts);
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;

    /// After each fold: what is required from here on has its series at once.
    void follow();
    /// Nothing once all that was there at the start is counted.
    std::optional<core::Failure> unready() const;

private:
    static constexpr std::size_t batch_max = 500;

    void wake();
    void step();
    void take(const runtime::StreamRecord& record);
    bool is_news(const TelemetryWindow& window);
    void count(const FeatureCounts& counts, core::Time at);
    runtime::Counter& counter(const Model& model, const Column& feature, const char* status);

    Parts parts_;
    std::map<std::pair<Model, Column>, MissingRate> rates_;
    std::map<std::pair<Node, std::string>, std::uint64_t> heard_;  // the last sequence of a node's incarnation
    bool woken_ = false, said_unreadable_ = false;
    std::shared_ptr<Watch*> alive_ = std::make_shared<Watch*>(this);
};

}  // namespace sluice::monitor
