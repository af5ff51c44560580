#pragma once
#include "events/approval.hpp"

// Every step of moving traffic, with its evidence.
namespace sluice::events {

struct RouteTarget {
    Version version = 0;
    Digest artifact;
    SLUICE_FIELDS(RouteTarget, version, artifact)
};

/// What a serving node does with an endpoint's requests. `salt` keeps an entity on its side within one rollout.
struct Route {
    Endpoint endpoint;
    Revision revision = 0;
    Model model;
    core::FactId rollout;
    std::optional<RouteTarget> stable;
    std::optional<RouteTarget> canary;
    std::uint32_t canary_weight_bp = 0;  ///< basis points: 10000 is all
    std::string salt;
    AssignmentUnit assignment{};
    SLUICE_FIELDS(Route, endpoint, revision, model, rollout, stable, canary, canary_weight_bp, salt, assignment)
};

/// Which rollout a fact is about.
struct RolloutRef {
    core::FactId rollout;  ///< the id of its RolloutQueued
    Endpoint endpoint;
    Model model;
    Version version = 0;
    SLUICE_FIELDS(RolloutRef, rollout, endpoint, model, version)
    std::string about() const { return about_version(model, version); }
};

struct RolloutQueued {
    Endpoint endpoint;
    Model model;
    Version version = 0;
    Digest artifact;
    std::uint32_t policy_version = 0;
    std::string subject() const { return about_version(model, version); }
    SLUICE_FACT(RolloutQueued, 1, "deployer", decided,
                "an approved version waits for its endpoint; the id is the rollout's", endpoint, model, version,
                artifact, policy_version)
};

SLUICE_ENUM(RolloutRefusal, older_than_live, older_than_queued, already_live, archived, no_policy)

struct RolloutRefused {
    Endpoint endpoint;
    Model model;
    Version version = 0;
    RolloutRefusal reason{};
    Version newer = 0;
    std::string subject() const { return about_version(model, version); }
    SLUICE_FACT(RolloutRefused, 1, "deployer", decided, "an approved version gets no rollout, and why", endpoint, model,
                version, reason, newer)
};

struct RolloutStarted {
    RolloutRef of;
    Strategy strategy{};
    Version stable = 0;  ///< what it is compared with; 0: a first version, which has no control arm
    std::string subject() const { return of.about(); }
    SLUICE_FACT(RolloutStarted, 1, "deployer", decided, "a rollout has its endpoint from here on", of, strategy, stable)
};

struct RouteChanged {
    Route route;
    std::string subject() const { return about_endpoint(route.endpoint); }
    SLUICE_FACT(RouteChanged, 1, "deployer", decided, "this is the endpoint's route from here on", route)
};

/// Entities, counted once in a rollout over all nodes.
struct ArmCounts {
    std::uint64_t first_requests = 0;        ///< entities whose first request in the rollout this arm answered
    std::uint64_t first_request_errors = 0;  ///< … with an error
    std::uint64_t first_errors = 0;          ///< entities whose first error in the rollout came from this arm
    SLUICE_FIELDS(ArmCounts, first_requests, first_request_errors, first_errors)
};
struct RevisionEvidence {
    Revision revision = 0;
    double canary_weight = 0;  ///< the probability that an entity was assigned to the canary
    ArmCounts stable, canary;
    SLUICE_FIELDS(RevisionEvidence, revision, canary_weight, stable, canary)
};
/// How far into a partition of sluice.telemetry the counts rest.
struct Coverage {
    std::int32_t partition = 0;
    std::uint64_t next = 0;
    SLUICE_FIELDS(Coverage, partition, next)
};

struct CanaryMeasured {
    RolloutRef of;
    std::uint32_t number = 0;                ///< of this rollout's measurements, from 1
    Revision revision = 0;                   ///< of the route when it was measured
    std::vector<RevisionEvidence> evidence;  ///< cumulative, per revision
    std::vector<Coverage> coverage;
    std::string subject() const { return of.about(); }
    SLUICE_FACT(CanaryMeasured, 1, "deployer", observed,
                "cumulative counts per revision and arm, and what they rest on", of, number, revision, evidence,
                coverage)
};

SLUICE_ENUM(Verdict, keep_going, roll_back, promote)

struct RolloutJudged {
    RolloutRef of;
    std::uint32_t number = 0;
    double log_e_rollback = 0, log_e_promote = 0;
    std::uint64_t canary_entities = 0;
    Verdict verdict{};
    std::string subject() const { return of.about(); }
    SLUICE_FACT(RolloutJudged, 1, "deployer", decided, "what the sequential judge says of a measurement", of, number,
                log_e_rollback, log_e_promote, canary_entities, verdict)
};

struct RolloutAdvanced {
    RolloutRef of;
    std::uint32_t step = 0;  ///< from 1
    double weight_percent = 0;
    std::string subject() const { return of.about(); }
    SLUICE_FACT(RolloutAdvanced, 1, "deployer", decided, "a rollout takes its next step", of, step, weight_percent)
};

struct RolloutPaused {
    RolloutRef of;
    std::string reason;
    std::string subject() const { return of.about(); }
    SLUICE_FACT(RolloutPaused, 1, "deployer", decided, "a rollout stays where it is until it is resumed", of, reason)
};

struct RolloutResumed {
    RolloutRef of;
    std::string reason;
    std::string subject() const { return of.about(); }
    SLUICE_FACT(RolloutResumed, 1, "deployer", decided, "a paused rollout goes on", of, reason)
};

SLUICE_ENUM(PromoteReason, judged_not_worse, no_control_arm, all_at_once, operator_decided)

struct RolloutPromoted {
    RolloutRef of;
    Digest artifact;
    PromoteReason reason{};
    Version previous = 0;
    std::string subject() const { return of.about(); }
    SLUICE_FACT(RolloutPromoted, 1, "deployer", decided, "this version is champion and takes all traffic", of, artifact,
                reason, previous)
};

SLUICE_ENUM(RollbackReason, judged_worse, route_refused, operator_decided)

struct RolloutRolledBack {
    RolloutRef of;
    RollbackReason reason{};
    Version to = 0;  ///< 0: nothing serves
    std::string detail;
    std::string subject() const { return of.about(); }
    SLUICE_FACT(RolloutRolledBack, 1, "deployer", decided, "this version takes no more traffic", of, reason, to, detail)
};

struct RolloutAborted {
    RolloutRef of;
    std::string reason;
    Version to = 0;
    std::string subject() const { return of.about(); }
    SLUICE_FACT(RolloutAborted, 1, "deployer", decided, "a person ended a rollout before its verdict", of, reason, to)
};

SLUICE_ENUM(SupersedeReason, newer_is_live, newer_is_queued, archived)

struct RolloutSuperseded {
    RolloutRef of;
    SupersedeReason reason{};
    Version newer = 0;
    std::string subject() const { return of.about(); }
    SLUICE_FACT(RolloutSuperseded, 1, "deployer", decided, "a queued rollout became moot before it started", of, reason,
                newer)
};

/// What the requests of an operator name: `expected_revision` guards against acting on what has moved.
struct RolloutPauseRequested {
    Endpoint endpoint;
    core::FactId rollout;
    std::string reason;
    std::optional<Revision> expected_revision;
    std::string subject() const { return about_endpoint(endpoint); }
    SLUICE_FACT(RolloutPauseRequested, 1, "console", request, "an operator asks to pause", endpoint, rollout, reason,
                expected_revision)
};

struct RolloutResumeRequested {
    Endpoint endpoint;
    core::FactId rollout;
    std::string reason;
    std::optional<Revision> expected_revision;
    std::string subject() const { return about_endpoint(endpoint); }
    SLUICE_FACT(RolloutResumeRequested, 1, "console", request, "an operator asks to resume", endpoint, rollout, reason,
                expected_revision)
};

struct RolloutAbortRequested {
    Endpoint endpoint;
    core::FactId rollout;
    std::string reason;
    std::optional<Revision> expected_revision;
    std::string subject() const { return about_endpoint(endpoint); }
    SLUICE_FACT(RolloutAbortRequested, 1, "console", request, "an operator asks to end a rollout", endpoint, rollout,
                reason, expected_revision)
};

struct RolloutAdvanceRequested {
    Endpoint endpoint;
    core::FactId rollout;
    bool all = false;  ///< all remaining steps at once: promote
    std::string reason;
    std::optional<Revision> expected_revision;
    std::string subject() const { return about_endpoint(endpoint); }
    SLUICE_FACT(RolloutAdvanceRequested, 1, "console", request,
                "an operator asks for the next step, or for all of them", endpoint, rollout, all, reason,
                expected_revision)
};

struct RollbackRequested {
    Endpoint endpoint;
    std::string reason;
    std::optional<Revision> expected_revision;
    std::string subject() const { return about_endpoint(endpoint); }
    SLUICE_FACT(RollbackRequested, 1, "console", request,
                "an operator asks that the endpoint serve what it served before the last promotion", endpoint, reason,
                expected_revision)
};

SLUICE_ENUM(RolloutRequestRefusal, unknown_endpoint, no_such_rollout, not_running, already_paused, not_paused,
            revision_has_moved, rollout_is_running, nothing_to_roll_back_to)

struct RolloutRequestRefused {
    Endpoint endpoint;
    RolloutRequestRefusal reason{};
    Revision revision = 0;  ///< the route's revision when it was refused
    std::string subject() const { return about_endpoint(endpoint); }
    SLUICE_FACT(RolloutRequestRefused, 1, "deployer", decided, "an operator's request was refused, and why", endpoint,
                reason, revision)
};

}  // namespace sluice::events
