#pragma once
#include "rules/assignment.hpp"
#include "services/serving/decider.hpp"
#include "tests/sim/room.hpp"

#include <cstdio>
#include <set>

namespace sluice::tests {

/// A serving node and the requests that reach it: the real decider says what may be served, the model's quality what
/// comes of it.
class Node {
public:
    explicit Node(std::string name) : name_{std::move(name)} {}

    void start(memory::Log& log, const Outside& outside, std::size_t batch) {
        instance_.start(log, decoded_, {}, outside, 0, batch);
        incarnation_ = std::to_string(++starts_);
        applied_.clear(), seen_.clear(), failed_.clear();
    }

    /// Follows the ledger, answers some requests, and says so.
    void turn(Random& random, core::Time now, std::vector<events::TelemetryWindow>& telemetry) {
        if (instance_.frozen) return;
        instance_.step();
        events::TelemetryWindow window{{name_}, incarnation_, ++sequence_, {now}, {now}, false, {}, {}, {}, {}};
        for (const auto& [endpoint, route] : instance_.state().routes) {
            const auto plan = serving::plan_of(instance_.state(), route);
            if (const auto* refusal = std::get_if<serving::Refusal>(&plan)) {
                window.refused.push_back({endpoint, route.revision, refusal->code, refusal->detail});
            } else if (loads(route.stable) && loads(route.canary)) {
                applied_[endpoint] = route;
            } else {
                window.refused.push_back({endpoint, route.revision, "artifact_broken", "it does not open here"});
            }
        }
        for (const auto& [endpoint, route] : applied_) {
            window.applied.push_back({endpoint, route.revision});
            answer(random, route, window);
        }
        telemetry.push_back(std::move(window));
    }

    Instance<serving::Decider>& instance() { return instance_; }

private:
    static bool loads(const std::optional<events::RouteTarget>& target) {
        return !target || quality_of(target->artifact) != Quality::does_not_load;
    }

    void answer(Random& random, const events::Route& route, events::TelemetryWindow& window) {
        if (!route.stable || !route.canary) return;
        events::ArmWindow stable{route.endpoint,
                                 route.rollout,
                                 route.revision,
                                 events::Arm::stable,
                                 route.stable->version,
                                 0,
                                 0,
                                 0,
                                 {},
                                 {},
                                 {},
                                 0};
        auto canary = stable;
        canary.arm = events::Arm::canary, canary.version = route.canary->version;
        for (int i = 0; i < 10; ++i) {
            const auto entity = rules::assignment_hash(route.salt, "user " + std::to_string(random.below(3000)));
            const bool is_canary = rules::to_canary(entity, route.canary_weight_bp);
            const auto& target = is_canary ? *route.canary : *route.stable;
            const bool fails =
                quality_of(target.artifact) == Quality::fails_in_service ? random.one_in(2) : random.one_in(500);
            count(is_canary ? canary : stable, route.rollout, entity, fails);
        }
        window.arms.push_back(std::move(stable));
        window.arms.push_back(std::move(canary));
    }

    void count(events::ArmWindow& arm, const core::FactId& rollout, std::uint64_t entity, bool fails) {
        char text[17];
        std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(entity));
        ++arm.requests, arm.errors += fails;
        if (seen_[rollout].insert(entity).second) (fails ? arm.first_failed : arm.first_ok).push_back(text);
        if (fails && failed_[rollout].insert(entity).second) arm.first_errors.push_back(text);
    }

    std::string name_, incarnation_;
    int starts_ = 0;
    std::uint64_t sequence_ = 0;
    Decoded<serving::Decider> decoded_;
    Instance<serving::Decider> instance_;
    std::map<events::Endpoint, events::Route> applied_;
    std::map<core::FactId, std::set<std::uint64_t>> seen_, failed_;
};

}  // namespace sluice::tests
