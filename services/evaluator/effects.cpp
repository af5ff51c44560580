#include "services/evaluator/effects.hpp"

#include <algorithm>

namespace sluice::evaluator {
namespace {

constexpr std::chrono::milliseconds pause_max{60'000};
// A fact has room for this much of an explanation.
constexpr std::size_t detail_size_max = 2000;

EvaluationErrored errored(const RunEvaluation& what, std::string code, const std::string& detail) {
    return {what.model, what.challenger.version, what.policy_version, std::move(code),
            detail.substr(0, detail_size_max)};
}

Scores scores(const app::Metrics& metrics) {
    const auto number = [&](const char* name) {
        const auto found = metrics.find(name);
        return found == metrics.end() ? 0.0 : found->second;
    };
    return {number("auc"), number("log_loss"), number("accuracy")};
}

EvaluationMeasured measured(const RunEvaluation& what, const app::Evaluated& answer) {
    EvaluationMeasured fact{what.model,
                            what.challenger.version,
                            what.challenger.artifact,
                            what.policy_version,
                            what.dataset.digest,
                            answer.rows,
                            answer.positives,
                            answer.non_finite,
                            scores(answer.metrics),
                            std::nullopt,
                            {answer.probe.rows, answer.probe.different, answer.probe.max_difference},
                            "onnxruntime " + answer.runtime + ", batches of " + std::to_string(answer.batch_rows)};
    if (what.champion && answer.champion)
        fact.champion = ChampionScores{what.champion->version, what.champion->artifact, scores(*answer.champion)};
    return fact;
}

/// Finds files in the store; the first digest that is not there makes it a refusal.
class Files {
public:
    explicit Files(const runtime::Artifacts& artifacts) : artifacts_{artifacts} {}

    std::string path(const Digest& digest, const std::string& whose) {
        const auto path = artifacts_.path_of(digest.text);
        if (path && artifacts_.has(digest.text)) return *path;
        if (!missing_)
            missing_ = app::Refused{whose + "_missing", digest.text +
                                                            " is not in the artifact store; upload it with PUT "
                                                            "/v1/artifacts at the listener, then complete the "
                                                            "training again with a new run id"};
        return {};
    }
    app::ModelFile model(const ScoredModel& model, const std::string& whose) {
        app::ModelFile file{path(model.artifact, whose), model.artifact.text, {}};
        for (const auto& column : model.columns) file.columns.push_back(column.text);
        return file;
    }
    const std::optional<app::Refused>& missing() const { return missing_; }

private:
    const runtime::Artifacts& artifacts_;
    std::optional<app::Refused> missing_;
};

app::EvaluateRequest request(const RunEvaluation& what, Files& files) {
    app::EvaluateRequest request;
    request.model = files.model(what.challenger, "artifact");
    request.dataset = files.path(what.dataset.digest, "dataset");
    request.dataset_digest = what.dataset.digest.text;
    request.label = what.dataset.label.text;
    request.threshold = what.threshold;
    request.probe = files.path(what.probe, "probe");
    request.probe_digest = what.probe.text;
    if (what.champion) request.champion = files.model(*what.champion, "champion");
    return request;
}

}  // namespace

Scoring::Scoring(runtime::Executor& executor, const runtime::Artifacts& artifacts, app::Scorer& scorer,
                 const runtime::Log& log)
    : executor_{executor}, artifacts_{artifacts}, scorer_{scorer}, log_{log} {}

Scoring::~Scoring() {
    for (auto& [id, job] : jobs_) executor_.cancel(job.timer);
}

void Scoring::begin(const core::FactId& id, const evaluator::Effects& effect) {
    const auto [at, is_new] = jobs_.try_emplace(id);
    if (!is_new) return;
    at->second.what = std::get<RunEvaluation>(effect);
    start(id);
}

void Scoring::cancel(const core::FactId& id) {
    const auto job = jobs_.find(id);
    if (job == jobs_.end()) return;
    executor_.cancel(job->second.timer);
    if (job->second.child) job->second.child->cancel();
    jobs_.erase(job);
}

void Scoring::start(const core::FactId& id) {
    auto& job = jobs_.at(id);
    Files files(artifacts_);
    const auto wanted = request(job.what, files);
    if (files.missing()) return settle(id, errored(job.what, files.missing()->code, files.missing()->detail));
    log_.info("scoring", {{"model", job.what.model.text}, {"version", std::to_string(job.what.challenger.version)}});
    job.child = scorer_.evaluate(wanted, [this, id](const auto& answer) { finished(id, answer); });
}

void Scoring::finished(const core::FactId& id, const core::Result<app::EvaluateAnswer>& answer) {
    const auto job = jobs_.find(id);
    if (job == jobs_.end()) return;
    const auto& what = job->second.what;
    if (!answer && answer.failure().kind != core::Failure::Kind::poison) return try_again(id, answer.failure());
    trouble_.reset();
    if (!answer) return settle(id, errored(what, "artifact_crashed", answer.failure().text()));
    if (const auto* refused = std::get_if<app::Refused>(&*answer))
        return settle(id, errored(what, refused->code, refused->detail));
    settle(id, measured(what, std::get<app::Evaluated>(*answer)));
}

void Scoring::try_again(const core::FactId& id, const core::Failure& failure) {
    auto& job = jobs_.at(id);
    if (failure.kind == core::Failure::Kind::fatal) trouble_ = failure;
    log_.warning(failure.what, {{"advice", failure.advice}, {"model", job.what.model.text}});
    job.child.reset();
    job.timer = executor_.after(job.pause, [this, id] { start(id); });
    job.pause = std::min(2 * job.pause, pause_max);
}

void Scoring::settle(const core::FactId& id, Decider::Inputs fact) {
    jobs_.erase(id);
    outcomes_.push_back({id, std::move(fact)});
    if (wake_) wake_();
}

}  // namespace sluice::evaluator
