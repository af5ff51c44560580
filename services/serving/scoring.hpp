#pragma once
#include "services/serving/features.hpp"
#include "services/serving/meters.hpp"
#include "services/serving/residents.hpp"

namespace sluice::serving {

/// A request for scores, by whatever protocol it came.
struct Asked {
    Endpoint endpoint;
    Table rows;  ///< at least one
    std::optional<std::string>
        entity;  ///< where the protocol names it; else the policy says which field of the first row
};

/// Which version had the request.
struct Assigned {
    ModelVersion version;
    Revision revision = 0;
    Arm arm{};
    bool own_entity = false;  ///< the request is an entity of its own: no key, or the policy assigns by request
};

/// Why there are no scores, as HTTP says it.
struct Trouble {
    int status = 500;
    std::string code, title, detail;
    bool retry = false;  ///< later, or elsewhere
};

struct Answer {
    std::optional<Assigned> assigned;
    std::variant<std::vector<float>, Trouble> outcome;
};

/// Assigns each request to a version, completes its features and scores it, all of its rows by the same version. Not
/// thread-safe: all calls from the executor's thread, and so are the answers.
///
/// What the version does wrong (an error, a score that is no finite number, too slow) counts as its error in telemetry;
/// what the client does wrong counts nowhere.
class Scoring {
public:
    static constexpr std::size_t entity_size_max = 256;

    /// `state` is what the ledger says, now and later.
    Scoring(runtime::Executor& executor, const State& state, const Residents& residents, const FeatureSource& features,
            Reporter& reporter, Meters& meters);
    ~Scoring();
    Scoring(const Scoring&) = delete;
    Scoring& operator=(const Scoring&) = delete;

    /// `done` is called exactly once, now or later, but not after this is gone.
    void score(Asked asked, std::function<void(Answer)> done);

private:
    using Clock = Resident::Clock;
    using Outcome = std::variant<std::vector<float>, Trouble>;
    struct Line;
    struct Pending {
        Endpoint endpoint;
        std::shared_ptr<const Served> served;
        Rules rules;
        Assigned assigned;
        std::uint64_t entity = 0;
        Clock::time_point started;
        runtime::Executor::TimerId timer = 0;
        std::function<void(Answer)> done;

        const Target& target() const {
            return assigned.arm == Arm::canary ? *served->plan.canary : *served->plan.stable;
        }
        const Resident& resident() const { return assigned.arm == Arm::canary ? *served->canary : *served->stable; }
    };

    Trouble nobody_there(const Endpoint& endpoint, bool route_applied) const;
    Pending assign(std::shared_ptr<const Served> served, const Asked& asked);
    Outcome values_for(const Pending& pending, const Asked& asked);
    Trouble unmet(const Pending& pending, const Mistake& mistake);
    void hand_over(Pending pending, std::vector<float> values, std::size_t rows);
    std::optional<Pending> take(std::uint64_t number);
    void scored(std::uint64_t number, Resident::Scores scores);
    void timed_out(std::uint64_t number);
    void finish(const Pending& pending, Outcome outcome);

    runtime::Executor& executor_;
    const State& state_;
    const Residents& residents_;
    const FeatureSource& features_;
    Reporter& reporter_;
    Meters& meters_;
    std::map<std::uint64_t, Pending> pending_;
    std::uint64_t next_number_ = 1;
    std::string own_keys_;  ///< how keys of this node's own making begin
    std::shared_ptr<Line> line_;
};

}  // namespace sluice::serving
