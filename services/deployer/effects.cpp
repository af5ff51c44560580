#include "services/deployer/effects.hpp"

#include "events/codec.hpp"

namespace sluice::deployer {
namespace {

// Silence makes no news: a node that is lost, and a measurement that is due, are found by looking.
constexpr std::chrono::milliseconds look_every{200};
constexpr std::size_t records_max = 1000;

}  // namespace

Watching::Watching(runtime::Executor& executor, runtime::Subscriber& telemetry, runtime::Metrics& metrics,
                   std::string cell)
    : executor_{executor},
      telemetry_{telemetry},
      writer_{std::move(cell), std::string(Decider::name), {}},
      alarms_{executor},
      windows_{metrics.counter("sluice_deployer_telemetry_windows_total", "telemetry windows read")},
      malformed_{metrics.counter("sluice_deployer_telemetry_malformed_total", "telemetry records that are no window")} {
    tick();
}

Watching::~Watching() { executor_.cancel(timer_); }

void Watching::begin(const core::FactId& id, const deployer::Effects& effect) {
    if (const auto* wake = std::get_if<events::WakeAt>(&effect)) alarms_.set(id, wake->at.ms);
    if (const auto* route = std::get_if<events::WatchRoute>(&effect)) watcher_.ask(id, *route);
    if (const auto* canary = std::get_if<events::MeasureCanary>(&effect)) watcher_.ask(id, *canary, executor_.now());
}

void Watching::cancel(const core::FactId& id) {
    alarms_.cancel(id);
    watcher_.cancel(id);
}

void Watching::on_news(std::function<void()> wake) {
    wake_ = std::move(wake);
    alarms_.on_news(wake_);
    telemetry_.on_news(wake_);
}

void Watching::tick() {
    timer_ = executor_.after(look_every, [this] {
        if (wake_) wake_();
        tick();
    });
}

void Watching::read() {
    const auto records = telemetry_.take(records_max);
    for (const auto& record : records) {
        const auto window = events::from_json<events::TelemetryWindow>(record.value);
        (window.value ? windows_ : malformed_).add();
        const Coverage next{record.partition, static_cast<std::uint64_t>(record.offset + 1)};
        if (window.value) watcher_.add(*window.value, record.appended_at, next);
    }
    if (records.size() == records_max && wake_) wake_();
}

std::vector<Watching::Outcome> Watching::take_outcomes() {
    read();
    std::vector<Outcome> outcomes;
    for (const auto& [id, at] : alarms_.take_rung())
        outcomes.push_back({id, events::DeadlinePassed{std::string(Decider::name), {at}}});
    if (!telemetry_.caught_up()) return outcomes;
    for (auto& answer : watcher_.take_answers(executor_.now())) outcomes.push_back({answer.id, std::move(answer.fact)});
    return outcomes;
}

std::vector<Watching::Observed> Watching::observed(const std::map<Node, KnownNode>& known) {
    std::vector<Observed> found;
    // While telemetry cannot be read, silence says nothing of a node.
    if (unready()) return found;
    std::map<Node, std::string> live;
    for (const auto& [name, node] : known)
        if (node.lives) live[name] = node.incarnation;
    for (auto& joined : watcher_.joined(live, executor_.now())) {
        // Whoever comes back after silence does so because of its loss: that is another fact than its first coming.
        const auto at = known.find(joined.node);
        const bool returns = at != known.end() && at->second.incarnation == joined.incarnation;
        const auto cause = returns ? at->second.since : core::FactId{};
        const auto slot = joined.node.text + "/" + joined.incarnation;
        found.push_back({core::derive(writer_, cause, ServingNodeJoined::name, slot), cause, std::move(joined)});
    }
    for (auto& lost : watcher_.lost(live, executor_.now())) {
        const auto cause = known.at(lost.node).since;
        found.push_back({core::derive(writer_, cause, ServingNodeLost::name), cause, std::move(lost)});
    }
    return found;
}

std::optional<core::Failure> Watching::unready() const {
    if (auto trouble = telemetry_.trouble()) return trouble;
    if (telemetry_.caught_up()) return std::nullopt;
    return core::Failure::retryable("reading the telemetry of before", "wait until it has caught up");
}

}  // namespace sluice::deployer
