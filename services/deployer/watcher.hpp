#pragma once
#include "events/telemetry.hpp"
#include "services/deployer/decider.hpp"

#include <deque>
#include <optional>
#include <unordered_set>

// What the serving nodes say, condensed: who lives, who serves which revision, and how the arms of a rollout fare.
// Knows no clock and no Kafka: it is given windows with the broker's time, and asked with the time of now.
namespace sluice::deployer {

/// A measurement is reported at once where it matters, else after this long.
inline constexpr core::Time report_after_ms = 5000;
/// A fact names so many nodes at the most.
inline constexpr std::size_t nodes_named_max = 100;
/// So many rollouts are counted at the most; the oldest that nobody measures is forgotten.
inline constexpr std::size_t rollouts_max = 64;
/// And so many entities in each; further ones are not counted.
inline constexpr std::size_t entities_max = 2'000'000;

/// Counts each entity once in a rollout, over all nodes.
class EntityCounts {
public:
    explicit EntityCounts(std::size_t room = entities_max) : room_{room} {}

    void add(const ArmWindow& window);
    /// The counts of these revisions.
    std::vector<RevisionEvidence> evidence(std::vector<RevisionEvidence> revisions) const;

private:
    /// The first 8 bytes that serving nodes name an entity by, as a number.
    using Entities = std::unordered_set<std::uint64_t>;
    std::uint64_t count_new(Entities& known, const std::vector<std::string>& named) const;

    std::size_t room_;
    Entities seen_, failed_;
    std::map<Revision, std::pair<ArmCounts, ArmCounts>> counts_;  // stable, canary
};

class Watcher {
public:
    /// One window from sluice.telemetry, and where the topic goes on.
    void add(const TelemetryWindow& window, core::Time at, Coverage next);

    void ask(const core::FactId& id, WatchRoute effect) { routes_[id] = std::move(effect); }
    void ask(const core::FactId& id, MeasureCanary effect, core::Time now) { canaries_[id] = {std::move(effect), now}; }
    void cancel(const core::FactId& id) { routes_.erase(id), canaries_.erase(id); }
    bool has_questions() const { return !routes_.empty() || !canaries_.empty(); }

    struct Answer {
        core::FactId id;
        Decider::Inputs fact;
    };
    /// The questions that can be answered now.
    std::vector<Answer> take_answers(core::Time now);

    /// Nodes that live and are not in `known`, and nodes in `known` that do not live any more.
    std::vector<ServingNodeJoined> joined(const std::map<Node, std::string>& known, core::Time now) const;
    std::vector<ServingNodeLost> lost(const std::map<Node, std::string>& known, core::Time now) const;

    /// How long a node may be silent before it counts as lost; a route's own time holds for that route.
    static constexpr core::Time lost_after_ms = 10'000;

private:
    struct NodeView {
        std::string incarnation;
        core::Time last_heard = 0;
        bool stopping = false;
        std::map<Endpoint, Revision> applied;
        std::map<Endpoint, RefusedRoute> refused;
    };
    struct CanaryQuestion {
        MeasureCanary what;
        core::Time since = 0;
    };
    bool lives(const NodeView& node, core::Time now, core::Time silent_ms) const;
    std::optional<Decider::Inputs> answer(const WatchRoute& question, core::Time now) const;
    std::optional<CanaryMeasured> answer(const CanaryQuestion& question, core::Time now) const;
    bool is_measured(const core::FactId& rollout) const;
    EntityCounts& counts_of(const core::FactId& rollout);

    std::map<Node, NodeView> nodes_;
    std::map<core::FactId, EntityCounts> rollouts_;
    std::deque<core::FactId> oldest_;
    std::map<std::int32_t, std::uint64_t> coverage_;
    std::map<core::FactId, WatchRoute> routes_;
    std::map<core::FactId, CanaryQuestion> canaries_;
};

}  // namespace sluice::deployer
