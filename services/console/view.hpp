#pragma once
#include "common/core/envelope.hpp"
#include "common/core/sha256.hpp"
#include "events/catalogue.hpp"

#include <deque>
#include <map>
#include <set>

// The parts of the console's state: regular values, folded from the ledger and from nothing else.
namespace sluice::console {

using namespace events;

/// One line of a version's story.
struct Entry {
    core::FactId id, cause;
    core::Position position = 0;
    core::Instant time;
    std::string fact, text, actor;
    SLUICE_FIELDS(Entry, id, cause, position, time, fact, text, actor)
};
/// In ledger order. Of a judge who goes on looking only the latest look is kept.
struct Timeline {
    static constexpr std::size_t entries_max = 500;
    std::deque<Entry> entries;
    std::uint64_t left_out = 0;  ///< older entries beyond the bound
    SLUICE_FIELDS(Timeline, entries, left_out)
};

struct Completion {
    core::FactId id;
    core::Position position = 0;
    core::Instant time;
    TrainingCompleted what;
    SLUICE_FIELDS(Completion, id, position, time, what)
};

SLUICE_ENUM(EvaluationStage, none, measured, passed, failed, errored, cancelled)
struct EvaluationView {
    EvaluationStage stage{};
    core::FactId id;  ///< of the verdict
    std::uint32_t policy_version = 0;
    std::optional<EvaluationMeasured> measured;
    std::vector<GateResult> gates;
    Digest evidence;     ///< what an approval binds; empty until passed
    std::string detail;  ///< why it errored or was cancelled
    SLUICE_FIELDS(EvaluationView, stage, id, policy_version, measured, gates, evidence, detail)
};

/// `closed`: archived, or void because the policy changed, before anybody decided.
SLUICE_ENUM(ApprovalStage, none, open, granted, denied, expired, closed)
struct ApprovalView {
    ApprovalStage stage{};
    core::FactId id;                         ///< of the fact that made it so
    core::Position as_of = 0, position = 0;  ///< of its cause, and its own
    core::Instant time;
    std::string role;
    Digest evidence;
    core::Instant expires_at;
    bool automatic = false;
    std::string reviewer, comment;
    SLUICE_FIELDS(ApprovalView, stage, id, as_of, position, time, role, evidence, expires_at, automatic, reviewer,
                  comment)
};

struct VersionView {
    core::FactId registration;
    core::Instant registered_at;
    Run run;
    Person submitter;
    Artifact artifact;
    std::optional<Completion> completion;
    EvaluationView evaluation;
    ApprovalView approval;
    core::FactId rollout;         ///< the last one; none: never queued
    std::string rollout_refused;  ///< why an approved version got none
    bool archived = false;
    Timeline timeline;
    SLUICE_FIELDS(VersionView, registration, registered_at, run, submitter, artifact, completion, evaluation, approval,
                  rollout, rollout_refused, archived, timeline)
};

struct PublishedPolicy {
    core::Position position = 0;
    core::Instant time;
    std::string actor;
    Policy policy;
    SLUICE_FIELDS(PublishedPolicy, position, time, actor, policy)
};

using RunAndArtifact = std::pair<Run, Digest>;
struct ModelView {
    std::map<std::uint32_t, PublishedPolicy> policies;  ///< by version
    std::map<Version, VersionView> versions;
    std::map<RunAndArtifact, Version> runs;
    std::map<RunAndArtifact, Completion> unregistered;  ///< completions that are not numbered yet
    Version champion = 0;
    core::Position crowned = 0;  ///< where the cause of the last crowning stands
    Timeline timeline;           ///< what is about no version
    std::uint32_t policy_version() const { return policies.empty() ? 0 : policies.rbegin()->first; }
    SLUICE_FIELDS(ModelView, policies, versions, runs, unregistered, champion, crowned, timeline)
};

struct Judgement {
    std::uint32_t number = 0;
    double log_e_rollback = 0, log_e_promote = 0;
    std::uint64_t canary_entities = 0;
    Verdict verdict{};
    SLUICE_FIELDS(Judgement, number, log_e_rollback, log_e_promote, canary_entities, verdict)
};

//   queued ─▶ running ─▶ promoted ─▶ rolled back (by an operator)
//      │         └─▶ rolled back, aborted
//      └─▶ superseded
/// In the order in which they may follow each other: the facts may land out of order, and a stage never goes back.
SLUICE_ENUM(RolloutStage, queued, running, promoted, rolled_back, aborted, superseded)
struct RolloutView {
    RolloutRef of;
    RolloutStage stage{};
    core::Position queued_at = 0;
    std::uint32_t policy_version = 0;
    Strategy strategy{};
    Version stable = 0;           ///< what it is compared with; 0: no control arm
    std::vector<StepRule> steps;  ///< of the policy when it started
    std::uint32_t step = 0;       ///< from 1; 0: it has none
    bool paused = false, baked = false;
    core::Position paused_as_of = 0;  ///< where the last request to pause or resume stands
    core::FactId applied_by;          ///< the RouteApplied of this step; none: not every node serves it yet
    core::Instant bakes_until;
    std::uint32_t measured = 0;  ///< measurements so far
    std::vector<RevisionEvidence> evidence;
    std::optional<Judgement> judged;
    std::string note;  ///< why it stands as it does, in words
    bool has_control_arm() const { return strategy == Strategy::canary && stable > 0; }
    SLUICE_FIELDS(RolloutView, of, stage, queued_at, policy_version, strategy, stable, steps, step, paused, baked,
                  paused_as_of, applied_by, bakes_until, measured, evidence, judged, note)
};

struct Applied {
    Revision revision = 0;
    core::Instant time;
    std::vector<Node> nodes;
    SLUICE_FIELDS(Applied, revision, time, nodes)
};
struct EndpointView {
    Route route;  ///< revision 0: nothing was ever routed
    core::Position route_position = 0;
    core::Instant route_time;
    Applied applied;
    std::set<core::FactId> open;  ///< rollouts that are queued or running
    SLUICE_FIELDS(EndpointView, route, route_position, route_time, applied, open)
};

/// The fact that answers a request.
struct Answer {
    core::FactId id;
    std::string fact;
    core::Position position = 0;
    core::Instant time;
    bool refused = false;
    std::string reason;        ///< of a refusal: its code
    std::uint32_t number = 0;  ///< a policy's version, or the route's revision when it was refused
    std::vector<Problem> problems;
    SLUICE_FIELDS(Answer, id, fact, position, time, refused, reason, number, problems)
};
/// What somebody asked for, and what came of it.
struct Asked {
    std::string fact, actor;
    core::Position position = 0;
    core::Instant time;
    core::Hash content{};
    Model model;
    Version version = 0;
    Endpoint endpoint;
    core::FactId rollout;
    std::uint32_t expected = 0;  ///< the policy version that a policy was to follow
    std::optional<Answer> answer;
    std::optional<Answer> conclusion;  ///< of a review that counts: granted or denied
    SLUICE_FIELDS(Asked, fact, actor, position, time, content, model, version, endpoint, rollout, expected, answer,
                  conclusion)
};

}  // namespace sluice::console
