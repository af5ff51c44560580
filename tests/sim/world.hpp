#pragma once
#include "services/listener/decider.hpp"
#include "services/registry/decider.hpp"
#include "tests/sim/traffic.hpp"

// Two of each room, jobs, people and requests, on one thread, from one seed, in virtual time: first faults, then
// health.
namespace sluice::tests {

/// The door through which people speak.
struct Voice {
    using Inputs = std::variant<events::PolicySubmitted, events::ReviewSubmitted, events::RolloutPauseRequested,
                                events::RolloutResumeRequested, events::RolloutAbortRequested,
                                events::RolloutAdvanceRequested, events::RollbackRequested>;
    using Outputs = std::variant<core::NoFact>;
    using Effects = std::variant<core::NoEffect>;
    struct State {
        core::Agenda<Outputs, Effects> agenda;
        SLUICE_FIELDS(State, agenda)
    };
    static constexpr std::string_view name = "console";
    static void evolve(State&, const core::Recorded<Inputs>&) {}
};

class World {
public:
    explicit World(std::uint64_t seed);

    /// The first invariant that was broken, in words; nothing if all held.
    std::optional<std::string> run();

    /// Of everything that was written and when.
    std::string trace_hash() const;
    const std::vector<core::Record>& records() const { return log_.records(); }

private:
    /// What somebody outside wants on the ledger; said again until it is there.
    template <class Decider> struct Wish {
        runtime::Saying<Decider> saying;
        core::Time since = 0;
    };
    template <class Decider> using Wishes = std::map<core::FactId, Wish<Decider>>;

    memory::Fate fate();
    Outside outside() { return {random_, now_, telemetry_}; }
    template <class Decider> void restart(Pair<Decider>& pair, Instance<Decider>& each);
    template <class Decider> void disturb(Pair<Decider>& pair);
    template <class Decider> void heal(Pair<Decider>& pair);
    template <class Decider> void step(Pair<Decider>& pair);
    template <class Decider> void check_live(Pair<Decider>& pair, const Instance<Decider>& each);
    template <class Decider> std::optional<std::string> unrest_of(const Pair<Decider>& pair) const;
    /// What still goes on; nothing when the world has come to rest.
    std::optional<std::string> unrest();
    template <class Visit> void each_pair(Visit visit);

    void faulty_turn();
    void healthy_turn(bool people_act);
    void jobs_and_people();
    void train();
    void publish_policy();
    void review();
    void steer();
    void move_alias();
    template <class Decider, class Fact> void wish(Wishes<Decider>& wishes, const std::string& actor, Fact fact);
    template <class Decider> void speak(Pair<Decider>& pair, Wishes<Decider>& wishes);
    void note_what_landed();
    void watch_nodes();
    void thaw_one();
    void broken(std::string what) {
        if (!broken_) broken_ = std::move(what);
    }

    Random random_;
    core::Time now_ = 1'000'000;
    bool healthy_ = false;
    std::optional<std::string> broken_;
    std::uint64_t wished_ = 0;
    int trained_ = 0;
    memory::Log log_;
    std::size_t noted_ = 0;
    std::set<core::FactId> landed_;
    std::vector<events::TelemetryWindow> telemetry_;
    Wishes<listener::Decider> trainings_;
    Wishes<registry::Decider> moves_;
    Wishes<Voice> voices_;
    Pair<listener::Decider> listeners_;
    Pair<registry::Decider> registries_;
    Pair<Voice> consoles_;
    Pair<evaluator::Decider> evaluators_;
    Pair<approver::Decider> approvers_;
    Pair<deployer::Decider> deployers_;
    std::array<Node, 2> nodes_{Node{"serving-1"}, Node{"serving-2"}};
};

/// What must hold of any ledger, told without deciders, windows or snapshots; nothing if all holds. `at_rest`: nothing
/// more is under way, so every request must have its answer and every rollout its end.
std::optional<std::string> broken_invariant(const std::vector<core::Record>& records, core::Position window,
                                            bool at_rest);

}  // namespace sluice::tests
