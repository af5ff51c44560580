#pragma once
#include "events/rollout.hpp"

// What a serving node says on sluice.telemetry: windows, no facts.
namespace sluice::events {

struct AppliedRoute {
    Endpoint endpoint;
    Revision revision = 0;
    SLUICE_FIELDS(AppliedRoute, endpoint, revision)
};
struct RefusedRoute {
    Endpoint endpoint;
    Revision revision = 0;
    std::string code, detail;
    SLUICE_FIELDS(RefusedRoute, endpoint, revision, code, detail)
};

SLUICE_ENUM(Arm, stable, canary)

/// One arm of one route revision. Entities are 64-bit keyed digests in hex: assignment_hash of the salt and the key.
/// `first_*` lists hold entities that this node saw for the first time in the rollout; the deployer counts each once.
struct ArmWindow {
    Endpoint endpoint;
    core::FactId rollout;
    Revision revision = 0;
    Arm arm{};
    Version version = 0;
    std::uint64_t requests = 0, errors = 0;
    double latency_ms_sum = 0;
    std::vector<std::string> first_ok, first_failed, first_errors;
    std::uint64_t overflow = 0;  ///< first requests or errors that found no room in the window; never used
    SLUICE_FIELDS(ArmWindow, endpoint, rollout, revision, arm, version, requests, errors, latency_ms_sum, first_ok,
                  first_failed, first_errors, overflow)
};
struct FeatureCounts {
    Model model;
    Column feature;
    std::uint64_t present = 0, missing = 0;
    SLUICE_FIELDS(FeatureCounts, model, feature, present, missing)
};
struct TelemetryWindow {
    Node node;
    std::string incarnation;
    std::uint64_t sequence = 0;
    core::Instant from, until;
    bool stopping = false;
    std::vector<AppliedRoute> applied;
    std::vector<RefusedRoute> refused;
    std::vector<ArmWindow> arms;
    std::vector<FeatureCounts> features;
    SLUICE_FIELDS(TelemetryWindow, node, incarnation, sequence, from, until, stopping, applied, refused, arms, features)
};

/// At most so many entities of each list in one window of one arm.
inline constexpr std::size_t first_requests_max = 2048;
inline constexpr std::size_t first_errors_max = 256;

}  // namespace sluice::events
