#pragma once
#include "common/runtime/executor.hpp"
#include "common/runtime/metrics.hpp"
#include "services/serving/windows.hpp"

#include <deque>
#include <functional>

namespace sluice::serving {

/// Sends the node's windows: one a second at least, at once when a route was applied or refused, and soon after an
/// error that a rollout's judge must hear of.
class Reporter {
public:
    static constexpr std::chrono::milliseconds heartbeat{1000};
    static constexpr std::chrono::milliseconds between_errors{50};
    static constexpr std::size_t waiting_max = 256;  ///< windows; the oldest are dropped

    /// Takes one window as JSON; false: not now, it will be offered again.
    using Send = std::function<bool(const std::string& window)>;

    Reporter(runtime::Executor& executor, runtime::Metrics& metrics, Windows windows, Send send);
    ~Reporter() { fall_silent(); }
    Reporter(const Reporter&) = delete;
    Reporter& operator=(const Reporter&) = delete;

    void applied(const Route& route);
    void refused(const Route& route, std::string code, std::string detail);
    void count(const Route& route, Arm arm, std::uint64_t entity, bool failed, double latency_ms);
    void count_feature(const Model& model, const Column& feature, std::uint64_t present, std::uint64_t missing) {
        windows_.count_feature(model, feature, present, missing);
    }

    /// The last window: the node stops.
    void stop();

private:
    void fall_silent();
    void beat();
    void report(bool stopping = false);
    void report_error();

    runtime::Executor& executor_;
    Windows windows_;
    Send send_;
    std::deque<std::string> waiting_;
    runtime::Executor::TimerId beat_ = 0, pause_ = 0;
    bool pausing_ = false, errors_waiting_ = false;
    runtime::Counter& sent_;
    runtime::Counter& dropped_;
};

}  // namespace sluice::serving
