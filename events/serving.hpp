#pragma once
#include "events/rollout.hpp"

// What the serving nodes report, condensed by the deployer; and what the deployer asks the outside for.
namespace sluice::events {

struct ServingNodeJoined {
    Node node;
    std::string incarnation;
    std::string subject() const { return "nodes/" + node.text; }
    SLUICE_FACT(ServingNodeJoined, 1, "deployer", observed, "a serving node has started", node, incarnation)
};

struct ServingNodeLost {
    Node node;
    std::string incarnation;
    bool stopped = false;  ///< it said that it stops; else it fell silent
    std::string subject() const { return "nodes/" + node.text; }
    SLUICE_FACT(ServingNodeLost, 1, "deployer", observed, "a serving node has stopped or fallen silent", node,
                incarnation, stopped)
};

struct RouteApplied {
    Endpoint endpoint;
    Revision revision = 0;
    std::vector<Node> nodes;
    std::string subject() const { return about_endpoint(endpoint); }
    SLUICE_FACT(RouteApplied, 1, "deployer", observed, "every live serving node does what the route says", endpoint,
                revision, nodes)
};

struct RouteRefused {
    Endpoint endpoint;
    Revision revision = 0;
    Node node;
    std::string code, detail;
    std::string subject() const { return about_endpoint(endpoint); }
    SLUICE_FACT(RouteRefused, 1, "deployer", observed, "a serving node could not load what the route names", endpoint,
                revision, node, code, detail)
};

/// Effect: say when every live node has applied this revision, or when one refuses it.
struct WatchRoute {
    Endpoint endpoint;
    Revision revision = 0;
    std::uint32_t node_lost_after_ms = 0;
    static constexpr std::string_view name = "WatchRoute";
    using Outcomes = std::variant<RouteApplied, RouteRefused>;
    SLUICE_FIELDS(WatchRoute, endpoint, revision, node_lost_after_ms)
};

/// Effect: count on, and report at once when the judge would change its verdict or the minimum is met, else after a
/// while.
struct MeasureCanary {
    RolloutRef of;
    std::uint32_t number = 0;
    Revision revision = 0;
    std::vector<RevisionEvidence> reported;  ///< what the last measurement said; empty counts for revisions yet to come
    std::uint64_t entities_min = 0;          ///< over all revisions; 0: met already
    JudgeSettings judge;
    static constexpr std::string_view name = "MeasureCanary";
    using Outcomes = std::variant<CanaryMeasured>;
    SLUICE_FIELDS(MeasureCanary, of, number, revision, reported, entities_min, judge)
};

}  // namespace sluice::events
