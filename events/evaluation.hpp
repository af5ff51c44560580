#pragma once
#include "events/policy.hpp"

// The numbers, and the verdict that rests on them.
namespace sluice::events {

/// Of one model on the policy's data set.
struct Scores {
    double auc = 0, log_loss = 0, accuracy = 0;
    SLUICE_FIELDS(Scores, auc, log_loss, accuracy)
};
struct ChampionScores {
    Version version = 0;
    Digest artifact;
    Scores scores;
    SLUICE_FIELDS(ChampionScores, version, artifact, scores)
};
/// The artifact's scores beside the trainer's own on the probe set.
struct ProbeParity {
    std::uint64_t rows = 0, different = 0;  ///< different: by more than 1e-4
    double max_difference = 0;
    SLUICE_FIELDS(ProbeParity, rows, different, max_difference)
};

struct EvaluationMeasured {
    Model model;
    Version version = 0;
    Digest artifact;
    std::uint32_t policy_version = 0;
    Digest dataset;
    std::uint64_t rows = 0, positives = 0;
    std::uint64_t non_finite = 0;  ///< rows whose score is no finite number
    Scores scores;
    std::optional<ChampionScores> champion;
    ProbeParity probe;
    std::string runtime;  ///< the scoring library and its version
    std::string subject() const { return about_version(model, version); }
    SLUICE_FACT(EvaluationMeasured, 1, "evaluator", observed,
                "the numbers from scoring that artifact on that data set, both by digest", model, version, artifact,
                policy_version, dataset, rows, positives, non_finite, scores, champion, probe, runtime)
};

struct EvaluationErrored {
    Model model;
    Version version = 0;
    std::uint32_t policy_version = 0;
    std::string code, detail;
    std::string subject() const { return about_version(model, version); }
    SLUICE_FACT(EvaluationErrored, 1, "evaluator", observed,
                "the artifact or the data set could not be scored, and why", model, version, policy_version, code,
                detail)
};

struct GateResult {
    std::string name, metric;
    double number = 0, threshold = 0;
    std::optional<double> champion;  ///< the champion's number, where the gate compares
    bool self_reported = false;
    bool passed = false;
    SLUICE_FIELDS(GateResult, name, metric, number, threshold, champion, self_reported, passed)
};

struct EvaluationPassed {
    Model model;
    Version version = 0;
    Digest artifact;
    Person submitter;
    std::uint32_t policy_version = 0;
    core::FactId measurement;
    std::vector<GateResult> gates;
    Digest evidence;  ///< what an approval binds: rules/evidence.hpp
    std::string subject() const { return about_version(model, version); }
    SLUICE_FACT(EvaluationPassed, 1, "evaluator", decided, "every gate of the policy passed", model, version, artifact,
                submitter, policy_version, measurement, gates, evidence)
};

struct EvaluationFailed {
    Model model;
    Version version = 0;
    std::uint32_t policy_version = 0;
    core::FactId measurement;
    std::vector<GateResult> gates;
    std::string subject() const { return about_version(model, version); }
    SLUICE_FACT(EvaluationFailed, 1, "evaluator", decided,
                "a gate of the policy failed: this version will not be served", model, version, policy_version,
                measurement, gates)
};

SLUICE_ENUM(CancelReason, newer_is_champion, newer_versions_wait, archived)

struct EvaluationCancelled {
    Model model;
    Version version = 0;
    CancelReason reason{};
    Version newer = 0;  ///< the version that made it moot; 0: none
    std::string subject() const { return about_version(model, version); }
    SLUICE_FACT(EvaluationCancelled, 1, "evaluator", decided, "an evaluation became moot before it was measured", model,
                version, reason, newer)
};

/// Effect: score the artifact, and the champion on the same rows. Columns in tensor order.
struct ScoredModel {
    Version version = 0;
    Digest artifact;
    std::vector<Column> columns;
    SLUICE_FIELDS(ScoredModel, version, artifact, columns)
};
struct RunEvaluation {
    Model model;
    ScoredModel challenger;
    Digest probe;
    std::uint32_t policy_version = 0;
    DatasetRule dataset;
    double threshold = 0.5;
    std::optional<ScoredModel> champion;
    static constexpr std::string_view name = "RunEvaluation";
    using Outcomes = std::variant<EvaluationMeasured, EvaluationErrored>;
    SLUICE_FIELDS(RunEvaluation, model, challenger, probe, policy_version, dataset, threshold, champion)
};

}  // namespace sluice::events
