#pragma once
#include "common/runtime/log.hpp"
#include "services/serving/loader.hpp"
#include "services/serving/reporter.hpp"

namespace sluice::serving {

/// What an endpoint does with its requests: a route with its versions in memory. A request that has begun with one
/// finishes with it.
struct Served {
    Plan plan;
    std::shared_ptr<const Resident> stable, canary;
};

/// Makes the ledger's routes this node's, each in one step and only with all that it needs in memory; else it is
/// refused and the old one goes on. The route before the current one stays in memory, so that traffic can return at
/// once.
class Residents {
public:
    Residents(Loader& loader, Reporter& reporter, const runtime::Log& log, runtime::Metrics& metrics)
        : loader_{loader}, reporter_{reporter}, log_{log}, metrics_{metrics} {}

    /// After each fold, once the ledger has been read to its end.
    void follow(const State& state);
    /// Nothing where no route was applied yet.
    std::shared_ptr<const Served> served(const Endpoint& endpoint) const;
    /// Has the ledger been read to its end once?
    bool following() const { return following_; }
    /// Every route that the ledger names is applied or refused.
    bool settled() const { return wanted_.empty(); }
    /// Called when a route was applied or refused; at most one.
    void on_settled(std::function<void()> observer) { observer_ = std::move(observer); }

private:
    struct Slot {
        Revision settled = 0;
        std::shared_ptr<const Served> now, before;
    };

    void go_on();
    void load(const Plan& plan, const Target& target);
    void apply(Plan plan);
    void refuse(const Route& route, const Refusal& refusal);
    std::shared_ptr<const Resident> in_memory(const std::optional<Target>& target) const;
    void settle(const Route& route, const char* outcome);

    Loader& loader_;
    Reporter& reporter_;
    const runtime::Log& log_;
    runtime::Metrics& metrics_;
    std::map<Endpoint, Slot> slots_;
    std::map<Endpoint, Plan> wanted_;                      // and not settled
    std::vector<std::shared_ptr<const Resident>> loaded_;  // for the plan in hand
    bool following_ = false;
    std::function<void()> observer_;
};

}  // namespace sluice::serving
