#include "services/monitor/watch.hpp"

#include "events/codec.hpp"

#include <utility>

namespace sluice::monitor {
namespace {

constexpr std::size_t incarnations_max = 10'000;

runtime::Labels labels_of(const Model& model, const Column& feature) {
    return {{"model", model.text}, {"feature", feature.text}};
}

}  // namespace

Watch::Watch(Parts parts) : parts_{parts} {
    parts_.telemetry.on_news([this] { wake(); });
    wake();
}

void Watch::follow() {
    for (const auto& [model, required] : parts_.state.required)
        for (const auto& feature : required.features)
            for (const auto* status : {"present", "missing"}) counter(model, feature, status);
}

std::optional<core::Failure> Watch::unready() const {
    if (parts_.telemetry.caught_up()) return std::nullopt;
    if (auto trouble = parts_.telemetry.trouble()) return trouble;
    return core::Failure::retryable("reading sluice.telemetry from its beginning", "wait until its end was reached");
}

void Watch::wake() {
    if (std::exchange(woken_, true)) return;
    parts_.executor.post([this, weak = std::weak_ptr(alive_)] {
        if (weak.expired()) return;
        woken_ = false;
        step();
    });
}

void Watch::step() {
    const auto records = parts_.telemetry.take(batch_max);
    for (const auto& record : records) take(record);
    if (records.size() == batch_max) wake();
}

void Watch::take(const runtime::StreamRecord& record) {
    const auto decoded = events::from_json<TelemetryWindow>(record.value);
    if (!decoded.value) {
        parts_.metrics.counter("sluice_monitor_unreadable_total", "telemetry windows that could not be read").add();
        if (!std::exchange(said_unreadable_, true))
            parts_.log.warning("a telemetry window cannot be read: " + decoded.problems.front().pointer + " " +
                                   decoded.problems.front().detail,
                               {{"partition", std::to_string(record.partition)},
                                {"offset", std::to_string(record.offset)},
                                {"advice", "run monitor and serving from the same build"}});
        return;
    }
    if (!is_news(*decoded.value)) return;
    for (const auto& counts : decoded.value->features) count(counts, decoded.value->until.ms);
}

/// A node's windows come in order, so what is not after the last one came before.
bool Watch::is_news(const TelemetryWindow& window) {
    if (heard_.size() > incarnations_max) heard_.clear();  // of nodes long gone, mostly
    auto& last = heard_[{window.node, window.incarnation}];
    return window.sequence > std::exchange(last, std::max(last, window.sequence));
}

void Watch::count(const FeatureCounts& counts, core::Time at) {
    const auto& [model, feature, present, missing] = counts;
    if (!is_required(parts_.state, model, feature)) return;
    counter(model, feature, "present").add(static_cast<double>(present));
    counter(model, feature, "missing").add(static_cast<double>(missing));
    auto& rate = rates_[{model, feature}];
    rate.add(at, present, missing);
    if (const auto ratio = rate.ratio())
        parts_.metrics
            .gauge("sluice_monitor_feature_missing_ratio",
                   "share of a required feature's values that was missing, of the last five minutes with requests",
                   labels_of(model, feature))
            .set(*ratio);
}

runtime::Counter& Watch::counter(const Model& model, const Column& feature, const char* status) {
    auto labels = labels_of(model, feature);
    labels["status"] = status;
    return parts_.metrics.counter("sluice_monitor_feature_values_total",
                                  "values of required features that reached models, or were missing", labels);
}

}  // namespace sluice::monitor
