#pragma once
#include "common/app/door.hpp"
#include "events/codec.hpp"
#include "services/console/decider.hpp"

namespace sluice::console {

/// What people ask for: bodies become requests on the ledger.
class Acts {
public:
    Acts(app::Desk<Decider> desk, runtime::Executor& executor, std::string cell);

    void publish_policy(http::Actor actor, http::Request request, http::Respond respond);
    void review(http::Actor actor, http::Request request, http::Respond respond);
    void move_rollout(http::Actor actor, http::Request request, http::Respond respond);
    void move_endpoint(http::Actor actor, http::Request request, http::Respond respond);

    /// To be called after each fold.
    void look() { requests_.look(); }
    std::size_t waiting() const { return requests_.waiting(); }

private:
    const State& state() const { return desk_.state(); }
    /// What was asked first under this id; nothing where it is new.
    const Asked* known(const core::FactId& id) const;
    void move(app::Turn turn, const Endpoint& endpoint, const core::FactId& rollout, bool may_roll_back);
    template <class Fact> void submit(app::Turn turn, events::Decoded<Fact> decoded);

    app::Desk<Decider> desk_;
    app::Requests<Decider> requests_;
};

}  // namespace sluice::console
