#pragma once
#include "events/fact.hpp"

// What training jobs said.
namespace sluice::events {

struct Artifact {
    Digest digest;
    std::uint64_t size = 0;
    SLUICE_FIELDS(Artifact, digest, size)
};
struct Named {
    Digest digest;
    SLUICE_FIELDS(Named, digest)
};
struct TrainingRun {
    Run id;
    core::Instant started_at, finished_at;
    SLUICE_FIELDS(TrainingRun, id, started_at, finished_at)
};
struct Code {
    std::string repository;
    Commit commit;
    bool dirty = false;
    SLUICE_FIELDS(Code, repository, commit, dirty)
};
struct TrainingData {
    std::string name, snapshot;
    Digest digest;
    SLUICE_FIELDS(TrainingData, name, snapshot, digest)
};
struct FeatureView {
    View view;
    std::uint32_t version = 0;
    SLUICE_FIELDS(FeatureView, view, version)
};
/// A named column of a model; `type` as MLflow names it (double, float, long, …).
struct SignatureColumn {
    Column name;
    std::string type;
    SLUICE_FIELDS(SignatureColumn, name, type)
};
/// `inputs` in the order of the tensor's columns.
struct Signature {
    std::vector<SignatureColumn> inputs, outputs;
    SLUICE_FIELDS(Signature, inputs, outputs)
};
struct Metric {
    std::string name;
    double value = 0;
    std::optional<std::string> slice;
    SLUICE_FIELDS(Metric, name, value, slice)
};
struct Sweep {
    std::string id;
    std::uint32_t trials = 0, best = 0;
    SLUICE_FIELDS(Sweep, id, trials, best)
};

struct TrainingCompleted {
    Model model;
    TrainingRun run;
    Artifact artifact;
    Code code;
    TrainingData data;
    std::vector<std::int64_t> seeds;
    Named environment;
    std::vector<FeatureView> features;
    Signature signature;
    std::vector<Metric> metrics;
    std::map<std::string, std::string> parameters;
    std::string owner, job;
    Named probe;
    std::optional<Named> reference;
    std::optional<Sweep> sweep;
    std::string subject() const { return about_model(model); }
    SLUICE_FACT(TrainingCompleted, 1, "listener", observed,
                "a training job has completed, and its completion is complete and checked", model, run, artifact, code,
                data, seeds, environment, features, signature, metrics, parameters, owner, job, probe, reference, sweep)
};

/// Where something is wrong in what came in, and what: never a value.
struct Problem {
    std::string pointer, code, detail;
    SLUICE_FIELDS(Problem, pointer, code, detail)
};

struct TrainingRefused {
    std::string event_source, event_id, event_type;
    Digest content;  ///< of the bytes that came in; the slot of this fact's id
    std::vector<Problem> problems;
    std::string subject() const { return "services/listener"; }
    SLUICE_FACT(TrainingRefused, 1, "listener", observed,
                "a job's event was incomplete or wrong; corrected and sent again with the same id it is taken",
                event_source, event_id, event_type, content, problems)
};

struct TrainingStarted {
    Model model;
    Run run;
    std::string job;
    std::string subject() const { return about_model(model); }
    SLUICE_FACT(TrainingStarted, 1, "listener", observed, "a training job has started", model, run, job)
};

struct TrainingFailed {
    Model model;
    Run run;
    std::string job, reason;
    std::string subject() const { return about_model(model); }
    SLUICE_FACT(TrainingFailed, 1, "listener", observed, "a training job has failed", model, run, job, reason)
};

struct ArtifactStored {
    Artifact artifact;
    std::string subject() const { return "ledger"; }
    SLUICE_FACT(ArtifactStored, 1, "listener", observed, "these bytes are in the artifact store", artifact)
};

}  // namespace sluice::events
