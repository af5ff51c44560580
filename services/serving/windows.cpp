#include "services/serving/windows.hpp"

namespace sluice::serving {
namespace {

constexpr std::size_t detail_size_max = 500;

std::string hex(std::uint64_t value) {
    std::string text(16, '0');
    for (auto at = text.rbegin(); at != text.rend(); ++at, value >>= 4) *at = "0123456789abcdef"[value & 15];
    return text;
}

// About as many bytes as these take in JSON.
std::size_t size_of(const AppliedRoute& route) { return 40 + route.endpoint.text.size(); }
std::size_t size_of(const RefusedRoute& route) {
    return 70 + route.endpoint.text.size() + route.code.size() + 2 * route.detail.size();
}
std::size_t size_of(const FeatureCounts& counts) { return 90 + counts.model.text.size() + counts.feature.text.size(); }
std::size_t size_of(const ArmWindow& arm) {
    return 300 + arm.endpoint.text.size() +
           19 * (arm.first_ok.size() + arm.first_failed.size() + arm.first_errors.size());
}

/// Fills one window after the other.
class Packer {
public:
    Packer(TelemetryWindow blank, std::size_t bytes_max) : blank_{std::move(blank)}, bytes_max_{bytes_max} { next(); }

    template <class T> void add(std::vector<T> TelemetryWindow::*list, T item) {
        const auto size = size_of(item);
        if (bytes_ > 0 && bytes_ + size > bytes_max_) next();
        bytes_ += size;
        (windows_.back().*list).push_back(std::move(item));
    }
    std::vector<TelemetryWindow> take() { return std::move(windows_); }

private:
    void next() {
        windows_.push_back(blank_);
        bytes_ = 0;
    }

    TelemetryWindow blank_;
    std::size_t bytes_max_, bytes_ = 0;
    std::vector<TelemetryWindow> windows_;
};

}  // namespace

void Windows::applied(const Route& route) {
    in_force_[route.endpoint] = {route.revision, std::nullopt};
    std::erase_if(
        seen_, [&](const auto& each) { return each.second.endpoint == route.endpoint && each.first != route.rollout; });
}

void Windows::refused(const Route& route, std::string code, std::string detail) {
    if (detail.size() > detail_size_max) detail.resize(detail_size_max);
    in_force_[route.endpoint].refused = {route.endpoint, route.revision, std::move(code), std::move(detail)};
}

void Windows::count(const Route& route, Arm arm, std::uint64_t entity, bool failed, double latency_ms) {
    auto& window = arms_[{route.rollout, route.revision, arm}];
    const auto& target = arm == Arm::canary ? route.canary : route.stable;
    window.endpoint = route.endpoint, window.rollout = route.rollout, window.revision = route.revision;
    window.arm = arm, window.version = target ? target->version : 0;
    ++window.requests;
    window.errors += failed ? 1 : 0;
    window.latency_ms_sum += latency_ms;
    if (!route.stable || !route.canary) return;
    auto& seen = seen_[route.rollout];
    seen.endpoint = route.endpoint;
    list_firsts(window, seen, entity, failed);
}

void Windows::list_firsts(ArmWindow& window, Seen& seen, std::uint64_t entity, bool failed) {
    if (is_first(seen.requests, entity, window))
        list(failed ? window.first_failed : window.first_ok, first_requests_max, entity, window);
    if (failed && is_first(seen.errors, entity, window)) list(window.first_errors, first_errors_max, entity, window);
}

bool Windows::is_first(std::unordered_set<std::uint64_t>& seen, std::uint64_t entity, ArmWindow& window) const {
    if (seen.size() < limits_.entities_max) return seen.insert(entity).second;
    if (!seen.contains(entity)) ++window.overflow;
    return false;
}

void Windows::list(std::vector<std::string>& entities, std::size_t max, std::uint64_t entity, ArmWindow& window) {
    if (entities.size() >= max) {
        ++window.overflow;
        return;
    }
    entities.push_back(hex(entity));
    entity_bytes_ += entity_bytes;
    list_full_ = list_full_ || entities.size() == max;
}

void Windows::count_feature(const Model& model, const Column& feature, std::uint64_t present, std::uint64_t missing) {
    auto& counts = features_[{model, feature}];
    counts.model = model, counts.feature = feature;
    counts.present += present;
    counts.missing += missing;
}

std::vector<TelemetryWindow> Windows::take(core::Time now, bool stopping) {
    Packer packer({node_, incarnation_, 0, {since_}, {now}, stopping, {}, {}, {}, {}}, limits_.bytes_max);
    for (const auto& [endpoint, what] : in_force_)
        if (what.applied > 0) packer.add(&TelemetryWindow::applied, AppliedRoute{endpoint, what.applied});
    for (const auto& [endpoint, what] : in_force_)
        if (what.refused) packer.add(&TelemetryWindow::refused, *what.refused);
    for (auto& [key, arm] : arms_) packer.add(&TelemetryWindow::arms, std::move(arm));
    for (auto& [key, counts] : features_) packer.add(&TelemetryWindow::features, std::move(counts));
    auto windows = packer.take();
    for (auto& window : windows) window.sequence = ++sequence_;
    arms_.clear(), features_.clear();
    entity_bytes_ = 0, list_full_ = false, since_ = now;
    return windows;
}

}  // namespace sluice::serving
