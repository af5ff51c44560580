#pragma once
#include "common/runtime/artifacts.hpp"
#include "services/listener/api/asking.hpp"
#include "services/listener/api/cloud_event.hpp"
#include "services/listener/api/quarantine.hpp"

namespace sluice::listener {

/// POST /v1/events. Answers 202 when the event's fact is in the ledger, 200 where it was there already, 409 where
/// something else was said under its id, 422 where it is incomplete and TrainingRefused is in the ledger.
class Events {
public:
    static constexpr std::size_t body_max = 256 * 1024;

    Events(const Desk& desk, Asking& asking, const runtime::Artifacts& artifacts, Quarantine& quarantine,
           runtime::Executor& executor, runtime::Metrics& metrics, std::string cell);

    void answer(http::Actor actor, http::Request request, http::Respond respond);

private:
    struct Turn;
    using TurnPtr = std::shared_ptr<Turn>;

    void answer_batch(const http::Actor& actor, const http::Request& request, http::Respond respond);
    void answer_one(http::Actor actor, http::Request request, http::Respond respond);
    void consider(const TurnPtr& turn);
    void record(const TurnPtr& turn, Inputs fact);
    void recognise(const TurnPtr& turn, const Sent& first, const std::optional<Inputs>& fact, int status_if_same);
    void refuse(const TurnPtr& turn, std::vector<Problem> problems);
    void turn_away(const TurnPtr& turn, const Refusal& refusal, const std::string& extension = {});
    void reply(const TurnPtr& turn, std::string_view outcome, http::Response response);

    std::vector<Problem> not_in_store(const Inputs& fact) const;
    runtime::Saying<Decider> saying(const Turn& turn, const core::FactId& id, Inputs fact) const;
    bool fits(const runtime::Saying<Decider>& saying) const;

    const Desk& desk_;
    Asking& asking_;
    const runtime::Artifacts& artifacts_;
    Quarantine& quarantine_;
    runtime::Executor& executor_;
    runtime::Metrics& metrics_;
    core::Writer writer_;
};

}  // namespace sluice::listener
