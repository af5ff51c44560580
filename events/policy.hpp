#pragma once
#include "events/training.hpp"

// The rules for one model. Bounds, defaults and what goes with what: rules/policy.hpp.
namespace sluice::events {

struct DatasetRule {
    Digest digest;
    Column label;
    SLUICE_FIELDS(DatasetRule, digest, label)
};

SLUICE_ENUM(Against, nothing, champion)

/// Absolute (`at_least`, `at_most`), or against the champion (`max_drop`: how much worse it may be).
struct GateRule {
    std::string name, metric;
    std::optional<double> at_least, at_most, max_drop;
    std::optional<Against> against;
    std::optional<bool> self_reported;  ///< on a metric that the trainer declared
    SLUICE_FIELDS(GateRule, name, metric, at_least, at_most, max_drop, against, self_reported)
};

struct EvaluationRule {
    DatasetRule dataset;
    double threshold = 0.5;
    std::vector<GateRule> gates;
    SLUICE_FIELDS(EvaluationRule, dataset, threshold, gates)
};

SLUICE_ENUM(ApprovalMode, manual, automatic)

struct ApprovalRule {
    ApprovalMode mode{};
    std::optional<std::string> role;               ///< of the reviewer; manual only
    std::optional<std::uint32_t> expires_after_s;  ///< manual only; 7 days by default
    SLUICE_FIELDS(ApprovalRule, mode, role, expires_after_s)
};

enum class Strategy { all_at_once, canary };
constexpr auto names_of(Strategy) { return std::array<std::string_view, 2>{"all-at-once", "canary"}; }
SLUICE_ENUM(AssignmentUnit, entity, request)

struct StepRule {
    double weight_percent = 0;
    std::uint32_t bake_s = 0;        ///< from the moment at which every live node has applied the step
    std::uint32_t entities_min = 0;  ///< entities whose first request in the rollout so far went to the canary
    SLUICE_FIELDS(StepRule, weight_percent, bake_s, entities_min)
};

/// Error rates of the sequential judge; rules/judge.hpp has the formulas.
struct JudgeSettings {
    double alpha_rollback = 0.01, alpha_promote = 0.01;
    double margin = 2.0;    ///< a canary is worse if its error rate is at least this many times the stable one's …
    double p_floor = 0.01;  ///< … and at least this
    SLUICE_FIELDS(JudgeSettings, alpha_rollback, alpha_promote, margin, p_floor)
};

struct RolloutRule {
    Strategy strategy{};
    std::vector<StepRule> steps;  ///< canary only
    std::optional<JudgeSettings> judge;
    std::optional<AssignmentUnit> assignment;
    SLUICE_FIELDS(RolloutRule, strategy, steps, judge, assignment)
};

/// A feature view that the server completes: `key` names the request's field that holds the entity's key.
struct FeatureRule {
    View view;
    Column key;
    std::vector<Column> columns;
    std::optional<bool> request_wins;  ///< a value in the request stands before the stored one
    SLUICE_FIELDS(FeatureRule, view, key, columns, request_wins)
};

struct ServingRule {
    std::optional<Column> entity_key;
    std::optional<std::uint32_t> timeout_ms, node_lost_after_ms;
    std::vector<Column> required_features;
    std::vector<FeatureRule> features;
    SLUICE_FIELDS(ServingRule, entity_key, timeout_ms, node_lost_after_ms, required_features, features)
};

struct Policy {
    Model model;
    EvaluationRule evaluation;
    ApprovalRule approval;
    Endpoint endpoint;
    RolloutRule rollout;
    std::optional<ServingRule> serving;
    SLUICE_FIELDS(Policy, model, evaluation, approval, endpoint, rollout, serving)
};

struct PolicySubmitted {
    Policy policy;
    std::uint32_t expected_version = 0;  ///< the policy's version now; 0: there is none
    std::string subject() const { return about_model(policy.model); }
    SLUICE_FACT(PolicySubmitted, 1, "console", request, "somebody asks that these be the rules for a model", policy,
                expected_version)
};

struct PolicyPublished {
    std::uint32_t version = 0;
    Policy policy;
    std::string subject() const { return about_model(policy.model); }
    SLUICE_FACT(PolicyPublished, 1, "approver", decided, "these are the rules for a model from here on", version,
                policy)
};

struct PolicyRefused {
    Model model;
    std::vector<Problem> problems;
    std::string subject() const { return about_model(model); }
    SLUICE_FACT(PolicyRefused, 1, "approver", decided, "a policy was refused, and why", model, problems)
};

}  // namespace sluice::events
