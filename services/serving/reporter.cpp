#include "services/serving/reporter.hpp"

#include "events/codec.hpp"

namespace sluice::serving {

Reporter::Reporter(runtime::Executor& executor, runtime::Metrics& metrics, Windows windows, Send send)
    : executor_{executor},
      windows_{std::move(windows)},
      send_{std::move(send)},
      sent_{metrics.counter("sluice_serving_telemetry_windows_total", "telemetry windows sent")},
      dropped_{metrics.counter("sluice_serving_telemetry_dropped_total",
                               "telemetry windows dropped because Kafka took none for too long")} {
    beat();
}

void Reporter::stop() {
    fall_silent();
    report(true);
}

void Reporter::fall_silent() {
    executor_.cancel(beat_);
    executor_.cancel(pause_);
}

void Reporter::applied(const Route& route) {
    windows_.applied(route);
    report();
}

void Reporter::refused(const Route& route, std::string code, std::string detail) {
    windows_.refused(route, std::move(code), std::move(detail));
    report();
}

void Reporter::count(const Route& route, Arm arm, std::uint64_t entity, bool failed, double latency_ms) {
    windows_.count(route, arm, entity, failed, latency_ms);
    if (windows_.full()) report();
    if (failed && route.stable && route.canary) report_error();
}

void Reporter::beat() {
    report();
    beat_ = executor_.after(heartbeat, [this] { beat(); });
}

// The first error goes out at once, those of the next moment together.
void Reporter::report_error() {
    if (pausing_) {
        errors_waiting_ = true;
        return;
    }
    report();
    pausing_ = true;
    pause_ = executor_.after(between_errors, [this] {
        pausing_ = false;
        if (std::exchange(errors_waiting_, false)) report_error();
    });
}

void Reporter::report(bool stopping) {
    for (const auto& window : windows_.take(executor_.now(), stopping)) waiting_.push_back(events::to_json(window));
    while (waiting_.size() > waiting_max) {
        waiting_.pop_front();
        dropped_.add();
    }
    while (!waiting_.empty() && send_(waiting_.front())) {
        waiting_.pop_front();
        sent_.add();
    }
}

}  // namespace sluice::serving
