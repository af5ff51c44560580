#pragma once
#include "common/memory/ledger.hpp"
#include "common/runtime/loop.hpp"
#include "events/codec.hpp"
#include "services/approver/decider.hpp"
#include "services/deployer/decider.hpp"
#include "services/evaluator/decider.hpp"
#include "services/registry/decider.hpp"
#include "tests/support/facts.hpp"

#include <iomanip>
#include <sstream>

// The inner rooms over one ledger in memory, with the real loop and the real codec; what they ask of the outside is
// answered by the story.
namespace sluice::tests {

/// Keeps what was asked for, in that order, until somebody answers.
template <class Decider> class ByHand final : public runtime::Effects<Decider> {
public:
    void begin(const core::FactId& id, const typename Decider::Effects& effect) override {
        cancel(id);
        asked_.emplace_back(id, effect);
    }
    void cancel(const core::FactId& id) override {
        std::erase_if(asked_, [&](const auto& each) { return each.first == id; });
    }
    std::vector<typename runtime::Effects<Decider>::Outcome> take_outcomes() override {
        return std::exchange(outcomes_, {});
    }
    void on_news(std::function<void()>) override {}

    /// `answer` turns an effect of this kind into its outcome, or into nothing: then it stays asked.
    template <class Effect, class Answer> void answer(Answer answer) {
        std::erase_if(asked_, [&](const auto& each) {
            const auto* effect = std::get_if<Effect>(&each.second);
            auto outcome = effect ? answer(*effect) : std::nullopt;
            if (outcome) outcomes_.push_back({each.first, *std::move(outcome)});
            return outcome.has_value();
        });
    }

private:
    std::vector<std::pair<core::FactId, typename Decider::Effects>> asked_;
    std::vector<typename runtime::Effects<Decider>::Outcome> outcomes_;
};

template <class Decider> struct Room {
    explicit Room(memory::Log& log) : ledger{log} {}
    memory::Ledger ledger;
    ByHand<Decider> effects;
    runtime::Loop<Decider> loop{ledger, effects, events::codec<Decider>(), core::Folded<Decider>{"story"}};
};

/// What a person would add in speaking of it: who gets how much of the traffic, or why.
template <class Fact> std::string remark(const Fact& fact) {
    if constexpr (std::is_same_v<Fact, events::RouteChanged>) {
        const auto& route = fact.route;
        const auto share = [](const auto& target, std::uint32_t basis_points) {
            const auto to = target ? "version " + std::to_string(target->version) : "nobody";
            return std::to_string(basis_points / 100) + " % to " + to;
        };
        if (!route.canary) return share(route.stable, 10'000);
        return share(route.stable, 10'000 - route.canary_weight_bp) + ", " +
               share(route.canary, route.canary_weight_bp);
    } else if constexpr (requires { core::name_of(fact.verdict); }) {
        return std::string(core::name_of(fact.verdict));
    } else if constexpr (requires { core::name_of(fact.reason); }) {
        return std::string(core::name_of(fact.reason));
    } else {
        return {};
    }
}

class Told {
public:
    /// A heading in the text.
    void then(const std::string& heading) { text_ << (text_.tellp() > 0 ? "\n" : "") << heading << "\n"; }

    /// What came in by a door, without an answer yet …
    template <class Fact> void heard(const Fact& fact, const std::string& actor) {
        core::Stamp stamp;
        stamp.id = stamp.correlation = {1, ++heard_};
        stamp.seen = log_.records().size(), stamp.time = now_;
        stamp.cell = "story", stamp.service = std::string(Fact::writer), stamp.actor = actor;
        log_.put(events::write(stamp, fact).value);
    }
    /// … and with all that follows from it.
    template <class Fact> void says(const std::string& actor, const Fact& fact) { heard(fact, actor), rest(); }

    void completes(events::Version version, double auc) {
        trained(version, auc);
        rest();
    }
    void trained(events::Version version, double auc) {
        events::TrainingCompleted done;
        done.model = fraud, done.run.id = {"run-" + std::to_string(version)};
        done.artifact = {artifact_of(version), 100}, done.code.commit = {"0123abc"};
        done.data.digest = digest_of("training data"), done.environment = {digest_of("environment")};
        done.probe = {digest_of("probe")}, done.signature.inputs = {{{"amount"}, "double"}};
        aucs_[done.artifact.digest] = auc;
        heard(done, "trainer-1");
    }
    void reviews(events::Version version, events::ReviewDecision decision, const std::string& comment) {
        const auto& open = approver_.loop.folded().state.open.at({fraud, version});
        says("reviewer-1", events::ReviewSubmitted{fraud, version, decision, comment, open.evidence, {"reviewer"}});
    }
    void approves(events::Version version) { reviews(version, events::ReviewDecision::approve, "looks right"); }

    /// The canary answers so many new entities, and nine times as many are answered well by the stable version.
    void canary_serves(std::uint64_t entities, std::uint64_t failed = 0) {
        deployer_.effects.answer<events::MeasureCanary>([&](const events::MeasureCanary& asked) {
            auto evidence = asked.reported;
            evidence.back().canary = {entities, failed, failed};
            evidence.back().stable = {9 * entities, 0, 0};
            return std::optional<deployer::Inputs>{
                events::CanaryMeasured{asked.of, asked.number, asked.revision, evidence, {{0, entities}}}};
        });
        rest();
    }
    void seconds_pass(core::Time seconds) {
        now_ += 1000 * seconds;
        ring(approver_), ring(deployer_);
        rest();
    }
    const events::RolloutRef& rollout() const {
        return deployer_.loop.folded().state.endpoints.at(endpoint).active->of;
    }

    std::string text() { return tell(), text_.str(); }

private:
    /// Until nobody has more to say.
    void rest() {
        for (std::size_t before = 0; before != log_.records().size() + 1;) {
            before = log_.records().size() + 1;
            step(registry_), step(evaluator_), step(approver_), step(deployer_);
            answer();
            step(evaluator_), step(deployer_);
        }
        tell();
    }
    template <class Decider> void step(Room<Decider>& room) {
        room.loop.step(now_, true);
        if (room.loop.stopped()) throw std::runtime_error(room.loop.stopped()->text());
    }
    void answer() {
        evaluator_.effects.answer<events::RunEvaluation>(
            [&](const auto& asked) { return std::optional<evaluator::Inputs>{measured(asked)}; });
        deployer_.effects.answer<events::WatchRoute>([&](const auto& asked) {
            return std::optional<deployer::Inputs>{
                events::RouteApplied{asked.endpoint, asked.revision, {{"node-1"}, {"node-2"}}}};
        });
    }
    events::EvaluationMeasured measured(const events::RunEvaluation& asked) const {
        events::EvaluationMeasured fact;
        fact.model = asked.model, fact.version = asked.challenger.version, fact.artifact = asked.challenger.artifact;
        fact.policy_version = asked.policy_version, fact.dataset = asked.dataset.digest;
        fact.rows = 1000, fact.positives = 10, fact.probe = {200, 0, 0};
        fact.scores = {aucs_.at(fact.artifact), 0.1, 0.99};
        if (asked.champion)
            fact.champion = events::ChampionScores{
                asked.champion->version, asked.champion->artifact, {aucs_.at(asked.champion->artifact), 0.1, 0.99}};
        return fact;
    }
    template <class Decider> void ring(Room<Decider>& room) {
        room.effects.template answer<events::WakeAt>([&](const events::WakeAt& asked) {
            using Inputs = typename Decider::Inputs;
            if (asked.at.ms > now_) return std::optional<Inputs>{};
            return std::optional<Inputs>{events::DeadlinePassed{std::string(Decider::name), asked.at}};
        });
    }
    /// One line for each fact: where it stands, what it is, whom it is about, whose act it was, and why.
    void tell() {
        for (; told_ < log_.records().size(); ++told_) {
            const auto parsed = events::parse(log_.records()[told_].value);
            if (!parsed) throw std::runtime_error(parsed.failure().text());
            const auto fact = events::read_as<events::AllFacts>(*parsed);
            if (!fact || !*fact) throw std::runtime_error(parsed->type + " cannot be read");
            const auto& actor = parsed->head.actor;
            const auto why = std::visit([](const auto& one) { return remark(one); }, **fact);
            text_ << std::right << std::setw(4) << told_ << "  " << std::left << std::setw(24) << parsed->name << " "
                  << parsed->subject << (actor.empty() ? "" : ", by " + actor) << (why.empty() ? "" : ": " + why)
                  << "\n";
        }
    }

    memory::Log log_;
    Room<registry::Decider> registry_{log_};
    Room<evaluator::Decider> evaluator_{log_};
    Room<approver::Decider> approver_{log_};
    Room<deployer::Decider> deployer_{log_};
    std::map<events::Digest, double> aucs_;
    core::Time now_ = 1'000'000;
    std::uint64_t heard_ = 0;
    std::size_t told_ = 0;
    std::ostringstream text_;
};

}  // namespace sluice::tests
