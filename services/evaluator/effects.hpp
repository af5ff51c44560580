#pragma once
#include "common/app/scorer.hpp"
#include "common/runtime/artifacts.hpp"
#include "common/runtime/log.hpp"
#include "common/runtime/ports.hpp"
#include "services/evaluator/decider.hpp"

#include <map>
#include <optional>

namespace sluice::evaluator {

/// Scores models in child processes. A model's or a data set's fault is EvaluationErrored; what may pass (a machine out
/// of memory, a scorer that is not there) is tried again, with a pause that doubles up to a minute.
class Scoring final : public runtime::Effects<Decider> {
public:
    Scoring(runtime::Executor& executor, const runtime::Artifacts& artifacts, app::Scorer& scorer,
            const runtime::Log& log);
    ~Scoring() override;

    void begin(const core::FactId& id, const evaluator::Effects& effect) override;
    void cancel(const core::FactId& id) override;
    std::vector<Outcome> take_outcomes() override { return std::exchange(outcomes_, {}); }
    void on_news(std::function<void()> wake) override { wake_ = std::move(wake); }

    /// What keeps every evaluation from being scored just now; nothing while all is well.
    std::optional<core::Failure> trouble() const { return trouble_; }

private:
    struct Job {
        RunEvaluation what;
        std::optional<process::CancelHandle> child;
        runtime::Executor::TimerId timer = 0;
        std::chrono::milliseconds pause{500};
    };

    void start(const core::FactId& id);
    void finished(const core::FactId& id, const core::Result<app::EvaluateAnswer>& answer);
    void try_again(const core::FactId& id, const core::Failure& failure);
    void settle(const core::FactId& id, Decider::Inputs fact);

    runtime::Executor& executor_;
    const runtime::Artifacts& artifacts_;
    app::Scorer& scorer_;
    const runtime::Log& log_;
    std::map<core::FactId, Job> jobs_;
    std::vector<Outcome> outcomes_;
    std::function<void()> wake_;
    std::optional<core::Failure> trouble_;
};

}  // namespace sluice::evaluator
