#include "services/evaluator/decider.hpp"

#include "tests/support/facts.hpp"
#include "tests/support/scenario.hpp"

namespace sluice::evaluator {
namespace {

using namespace tests;

const Model churn{"churn"};

ScoredModel scored(Version version) { return {version, artifact_of(version), {{"amount"}, {"hour"}}}; }

RunEvaluation runs(Version version, const Model& model = fraud, std::optional<ScoredModel> champion = {}) {
    return {model, scored(version), digest_of("probe"), 1, {digest_of("rows"), {"label"}}, 0.5, std::move(champion)};
}
RolloutPromoted promoted(Version version) {
    return {{{7, version}, endpoint, fraud, version}, artifact_of(version), {}, 0};
}
RolloutRolledBack rolled_back(Version version, Version to) {
    return {{{7, version}, endpoint, fraud, version}, {}, to, {}};
}

EvaluationMeasured measured(Version version, double auc = 0.9) {
    EvaluationMeasured fact;
    fact.model = fraud, fact.version = version, fact.artifact = artifact_of(version), fact.policy_version = 1;
    fact.dataset = digest_of("rows"), fact.rows = 1000, fact.positives = 10;
    fact.scores = {auc, 0.1, 0.99}, fact.probe = {200, 0, 0};
    return fact;
}

class Evaluator : public testing::Test, protected Scenario<Decider> {
protected:
    void given_policy(std::vector<GateRule> gates = policy_of().evaluation.gates, std::uint32_t version = 1) {
        auto policy = policy_of();
        policy.evaluation.gates = std::move(gates);
        given(PolicyPublished{version, policy});
    }
    void given_versions(Version from, Version to, const Model& model = fraud) {
        for (auto version = from; version <= to; ++version) given(registered(version, model));
    }
    /// Of the last measurement: the gate of this name.
    template <class Verdict> GateResult gate(const std::string& name) const {
        for (const auto& each : owed<Verdict>().gates)
            if (each.name == name) return each;
        ADD_FAILURE() << "no gate is called " << name;
        return {};
    }
    core::FactId run_of(Version version) const {
        for (const auto& [id, running] : state().running)
            if (running.which == ModelVersion{fraud, version}) return id;
        return {};
    }
};

TEST_F(Evaluator, scores_a_version_on_the_policys_rows) {
    given_policy();
    when(registered(1));
    then({});
    then_asks({runs(1)});
}

TEST_F(Evaluator, waits_until_there_is_a_policy) {
    when(registered(1));
    then_nothing();
    when(PolicyPublished{1, policy_of()});
    then_asks({runs(1)});
}

TEST_F(Evaluator, scores_a_version_once) {
    given_policy();
    given(registered(1));
    when(registered(1));
    then_nothing();
}

TEST_F(Evaluator, runs_so_many_at_once_and_no_more) {
    given_policy();
    given_versions(1, running_max);
    when(registered(running_max + 1));
    then_nothing();
    when(measured(1), run_of(1));
    then_asks({runs(running_max + 1)});
}

TEST_F(Evaluator, gives_a_storm_of_one_model_no_more_than_its_turn) {
    given_policy();
    given(PolicyPublished{1, policy_of(churn)});
    given_versions(1, 5);
    given(registered(1, churn));
    when(measured(1), run_of(1));
    then_asks({runs(1, churn)});
    when(measured(2), run_of(2));
    then_asks({runs(3)});
}

TEST_F(Evaluator, cancels_the_oldest_when_too_many_wait) {
    given_policy();
    given_versions(1, running_max + waiting_max);
    when(registered(running_max + waiting_max + 1));
    const Version oldest = running_max + 1;
    then({EvaluationCancelled{fraud, oldest, CancelReason::newer_versions_wait, running_max + waiting_max + 1}});
    then_withdraws({});
}

TEST_F(Evaluator, cancels_what_is_older_than_a_new_champion_whether_it_waits_or_runs) {
    given_policy();
    given_versions(1, 5);
    when(promoted(4));
    then({EvaluationCancelled{fraud, 1, CancelReason::newer_is_champion, 4},
          EvaluationCancelled{fraud, 2, CancelReason::newer_is_champion, 4},
          EvaluationCancelled{fraud, 3, CancelReason::newer_is_champion, 4}});
    then_withdraws({runs(1), runs(2)});
    then_asks({runs(4, fraud, scored(4)), runs(5, fraud, scored(4))});
}

TEST_F(Evaluator, leaves_other_models_alone_when_one_has_a_new_champion) {
    given(PolicyPublished{1, policy_of(churn)});
    given(registered(1, churn));
    when(promoted(2));
    then_nothing();
}

TEST_F(Evaluator, drops_an_archived_version_and_goes_on_with_the_next) {
    given_policy();
    given_versions(1, 3);
    when(ModelVersionArchived{fraud, 1, "wrong data"});
    then({EvaluationCancelled{fraud, 1, CancelReason::archived, 0}});
    then_withdraws({runs(1)});
    then_asks({runs(3)});
}

TEST_F(Evaluator, says_nothing_when_a_version_is_archived_that_neither_waits_nor_runs) {
    given_policy();
    when(ModelVersionArchived{fraud, 1, "wrong data"});
    then_nothing();
    given(registered(1));
    given(measured(1));
    when(ModelVersionArchived{fraud, 1, "wrong data"});
    then_nothing();
}

TEST_F(Evaluator, ignores_a_measurement_that_comes_after_it_was_cancelled) {
    given_policy();
    given(registered(1));
    const auto run = run_of(1);
    given(ModelVersionArchived{fraud, 1, "wrong data"});
    when(measured(1), run);
    then_nothing();
}

TEST_F(Evaluator, passes_a_version_with_what_an_approval_needs) {
    given_policy();
    given(registered(1));
    const auto measurement = when(measured(1));
    const auto passed = owed<EvaluationPassed>();
    EXPECT_EQ(passed.artifact, artifact_of(1));
    EXPECT_EQ(passed.submitter, ann);
    EXPECT_EQ(passed.policy_version, 1u);
    EXPECT_EQ(passed.measurement, measurement);
    EXPECT_TRUE(DigestText::fits(passed.evidence.text));
    EXPECT_EQ(gate<EvaluationPassed>("good enough"), (GateResult{"good enough", "auc", 0.9, 0.8, {}, false, true}));
}

TEST_F(Evaluator, fails_a_version_below_an_absolute_gate) {
    given_policy();
    given(registered(1));
    when(measured(1, 0.7));
    EXPECT_FALSE(owes<EvaluationPassed>());
    EXPECT_FALSE(gate<EvaluationFailed>("good enough").passed);
    EXPECT_TRUE(gate<EvaluationFailed>("probe parity").passed);
}

TEST_F(Evaluator, marks_a_gate_that_rests_on_the_trainers_word) {
    given_policy({{"trainer says so", "auc", 0.85, {}, {}, {}, true}});
    given(registered(1));
    when(measured(1, 0.5));
    EXPECT_EQ(gate<EvaluationPassed>("trainer says so"),
              (GateResult{"trainer says so", "auc", 0.9, 0.85, {}, true, true}));
}

TEST_F(Evaluator, compares_with_the_champion_on_the_same_rows) {
    given_policy({{"not worse", "auc", {}, {}, 0.05, Against::champion, {}}});
    given_versions(1, 1);
    given(promoted(1));
    when(registered(2));
    then_asks({runs(2, fraud, scored(1))});
    auto worse = measured(2, 0.8);
    worse.champion = ChampionScores{1, artifact_of(1), {0.9, 0.1, 0.99}};
    when(worse);
    const auto failed = gate<EvaluationFailed>("not worse");
    EXPECT_EQ(failed.champion, 0.9);
    EXPECT_EQ(failed.number, 0.8);
}

TEST_F(Evaluator, compares_with_what_serves_after_the_champion_was_rolled_back) {
    given_policy();
    given_versions(1, 2);
    given(promoted(1)), given(promoted(2)), given(rolled_back(2, 1));
    when(registered(3));
    then_asks({runs(3, fraud, scored(1))});
}

TEST_F(Evaluator, takes_the_later_promotion_for_the_champion_in_whatever_order_they_land) {
    given_policy();
    given_versions(1, 2);
    as_of(20), given(promoted(2));
    as_of(10), given(promoted(1));
    when(registered(3));
    then_asks({runs(3, fraud, scored(2))});
}

TEST_F(Evaluator, keeps_the_newest_policy_in_whatever_order_they_land) {
    auto newer = policy_of();
    newer.evaluation.threshold = 0.25;
    given(PolicyPublished{2, newer});
    given(PolicyPublished{1, policy_of()});
    when(registered(1));
    EXPECT_EQ(owed<RunEvaluation>().policy_version, 2u);
    EXPECT_EQ(owed<RunEvaluation>().threshold, 0.25);
}

TEST_F(Evaluator, refuses_a_model_whose_artifact_scores_otherwise_than_its_trainer_said) {
    given_policy();
    given(registered(1));
    auto converted_wrongly = measured(1);
    converted_wrongly.probe = {200, 180, 0.4};
    when(converted_wrongly);
    EXPECT_EQ(gate<EvaluationFailed>("probe parity").number, 0.9);
}

TEST_F(Evaluator, refuses_a_model_that_answers_no_finite_number) {
    given_policy();
    given(registered(1));
    auto silent = measured(1);
    silent.non_finite = 3;
    when(silent);
    EXPECT_EQ(gate<EvaluationFailed>("finite scores").number, 3);
}

TEST_F(Evaluator, decides_by_the_policy_of_when_it_asked) {
    given_policy();
    given(registered(1));
    given_policy({{"very good", "auc", 0.99, {}, {}, {}, {}}}, 2);
    when(measured(1));
    EXPECT_EQ(owed<EvaluationPassed>().policy_version, 1u);
    EXPECT_TRUE(gate<EvaluationPassed>("good enough").passed);
}

TEST_F(Evaluator, evaluates_again_by_the_newer_policy_when_an_approval_is_void_by_it) {
    given_policy();
    given(registered(1));
    given(measured(1));
    when(ApprovalVoided{fraud, 1, VoidReason::policy_changed, 2});
    then_asks({});
    auto policy = policy_of();
    when(PolicyPublished{2, policy});
    auto again = runs(1);
    again.policy_version = 2;
    then_asks({again});
    given(measured(1));
    EXPECT_EQ(owed<EvaluationPassed>().policy_version, 2u);
}

TEST_F(Evaluator, names_other_evidence_when_the_features_are_others) {
    given_policy();
    given(registered(1));
    auto other = registered(2);
    other.features = {{{"user"}, 2}};
    given(other);
    const auto same_numbers = measured(1);
    when(same_numbers, run_of(1));
    const auto first = owed<EvaluationPassed>().evidence;
    when(same_numbers, run_of(2));
    EXPECT_NE(owed<EvaluationPassed>().evidence, first);
}

TEST_F(Evaluator, goes_on_with_the_next_after_one_that_could_not_be_scored) {
    given_policy();
    given_versions(1, 3);
    when(EvaluationErrored{fraud, 1, 1, "artifact_broken", "it does not open"}, run_of(1));
    then({});
    then_asks({runs(3)});
}

}  // namespace
}  // namespace sluice::evaluator
