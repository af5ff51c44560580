#pragma once
#include "events/telemetry.hpp"

#include <map>
#include <unordered_set>

namespace sluice::serving {

using namespace events;

/// Gathers what a node will say of itself and of its requests. An entity is listed once per rollout as a first request,
/// and once as a first error, and only on routes that have both arms: there it is evidence.
class Windows {
public:
    struct Limits {
        std::size_t entities_max = 500'000;  ///< of one rollout; further ones are counted as overflow
        std::size_t bytes_max = 90'000;      ///< of one window, about
    };

    Windows(Node node, std::string incarnation, core::Time now)
        : Windows{std::move(node), std::move(incarnation), now, Limits{}} {}
    Windows(Node node, std::string incarnation, core::Time now, Limits limits)
        : node_{std::move(node)}, incarnation_{std::move(incarnation)}, limits_{limits}, since_{now} {}

    /// What is in force is said in every window from here on.
    void applied(const Route& route);
    void refused(const Route& route, std::string code, std::string detail);

    void count(const Route& route, Arm arm, std::uint64_t entity, bool failed, double latency_ms);
    void count_feature(const Model& model, const Column& feature, std::uint64_t present, std::uint64_t missing);

    /// Take before the next count: the window is as large as it may be.
    bool full() const { return entity_bytes_ >= limits_.bytes_max - entity_bytes_reserve || list_full_; }

    /// Closes the window. More than one where it would be too large; at least one.
    std::vector<TelemetryWindow> take(core::Time now, bool stopping);

private:
    static constexpr std::size_t entity_bytes = 19;  // 16 digits, quotes and a comma
    static constexpr std::size_t entity_bytes_reserve = 2048;

    struct Seen {
        Endpoint endpoint;
        std::unordered_set<std::uint64_t> requests, errors;
    };
    struct InForce {
        Revision applied = 0;
        std::optional<RefusedRoute> refused;
    };
    using ArmKey = std::tuple<core::FactId, Revision, Arm>;

    void list_firsts(ArmWindow& window, Seen& seen, std::uint64_t entity, bool failed);
    bool is_first(std::unordered_set<std::uint64_t>& seen, std::uint64_t entity, ArmWindow& window) const;
    void list(std::vector<std::string>& entities, std::size_t max, std::uint64_t entity, ArmWindow& window);

    Node node_;
    std::string incarnation_;
    Limits limits_;
    core::Time since_;
    std::uint64_t sequence_ = 0;
    std::map<Endpoint, InForce> in_force_;
    std::map<core::FactId, Seen> seen_;  // by rollout
    std::map<ArmKey, ArmWindow> arms_;
    std::map<std::pair<Model, Column>, FeatureCounts> features_;
    std::size_t entity_bytes_ = 0;
    bool list_full_ = false;
};

}  // namespace sluice::serving
