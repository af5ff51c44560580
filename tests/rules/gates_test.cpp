#include "rules/gates.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace sluice::rules {
namespace {

using namespace events;

EvaluationMeasured measured(double auc = 0.9) {
    EvaluationMeasured fact;
    fact.scores = {auc, 0.2, 0.95};
    fact.rows = 1000, fact.probe = {200, 0, 0};
    return fact;
}
EvaluationMeasured beside_champion(double auc, double champion_auc) {
    auto fact = measured(auc);
    fact.champion = ChampionScores{1, {}, {champion_auc, 0.2, 0.95}};
    return fact;
}
/// The verdict on one gate of the policy, after the two built-in ones.
GateResult verdict(const EvaluationMeasured& fact, const GateRule& gate, const std::vector<Metric>& declared = {}) {
    return gates_of(fact, declared, {{}, 0.5, {gate}}).at(2);
}

const GateRule at_least{"good enough", "auc", 0.8, {}, {}, {}, {}};
const GateRule at_most{"calibrated", "log_loss", {}, 0.3, {}, {}, {}};
const GateRule trainer_says{"trainer says so", "recall", 0.5, {}, {}, {}, true};
const GateRule not_worse{"not worse", "auc", {}, {}, 0.05, Against::champion, {}};

TEST(Gates, say_the_number_and_the_threshold) {
    EXPECT_EQ(verdict(measured(0.9), at_least), (GateResult{"good enough", "auc", 0.9, 0.8, {}, false, true}));
    EXPECT_EQ(verdict(measured(), at_most), (GateResult{"calibrated", "log_loss", 0.2, 0.3, {}, false, true}));
}

TEST(Gates, pass_at_their_very_bound) {
    EXPECT_TRUE(verdict(measured(0.8), at_least).passed);
    EXPECT_FALSE(verdict(measured(0.79), at_least).passed);
    auto fact = measured();
    fact.scores.log_loss = 0.3;
    EXPECT_TRUE(verdict(fact, at_most).passed);
    fact.scores.log_loss = 0.31;
    EXPECT_FALSE(verdict(fact, at_most).passed);
}

TEST(Gates, read_each_measured_metric) {
    EXPECT_EQ(verdict(measured(), {"a", "accuracy", 0.9, {}, {}, {}, {}}).number, 0.95);
}

TEST(Gates, fail_on_a_measurement_that_is_no_number) {
    EXPECT_FALSE(verdict(measured(std::numeric_limits<double>::quiet_NaN()), at_least).passed);
}

TEST(Gates, on_the_trainers_own_metric_are_marked) {
    EXPECT_EQ(verdict(measured(), trainer_says, {{"recall", 0.6, {}}}),
              (GateResult{"trainer says so", "recall", 0.6, 0.5, {}, true, true}));
}

TEST(Gates, on_the_trainers_own_metric_do_not_take_the_measured_one_of_that_name) {
    const GateRule gate{"trainer says so", "auc", 0.8, {}, {}, {}, true};
    EXPECT_FALSE(verdict(measured(0.9), gate, {{"auc", 0.7, {}}}).passed);
}

TEST(Gates, fail_where_the_trainer_did_not_declare_the_metric) {
    EXPECT_FALSE(verdict(measured(), trainer_says).passed);
    const GateRule at_most_zero{"few false alarms", "alarms", {}, 5, {}, {}, true};
    EXPECT_FALSE(verdict(measured(), at_most_zero).passed);
}

TEST(Gates, do_not_take_a_slice_for_the_whole) {
    EXPECT_FALSE(verdict(measured(), trainer_says, {{"recall", 0.9, "country=CH"}}).passed);
}

TEST(Gates, against_the_champion_say_both_numbers) {
    const auto gate = verdict(beside_champion(0.875, 0.9), not_worse);
    EXPECT_TRUE(gate.passed);
    EXPECT_EQ(gate.number, 0.875);
    EXPECT_EQ(gate.champion, 0.9);
    EXPECT_DOUBLE_EQ(gate.threshold, 0.85);
    EXPECT_FALSE(verdict(beside_champion(0.84, 0.9), not_worse).passed);
}

TEST(Gates, against_the_champion_turn_round_where_less_is_better) {
    const GateRule gate{"not worse", "log_loss", {}, {}, 0.25, Against::champion, {}};
    auto fact = beside_champion(0.9, 0.9);
    fact.champion->scores.log_loss = 0.5;
    fact.scores.log_loss = 0.75;
    EXPECT_TRUE(verdict(fact, gate).passed);
    fact.scores.log_loss = 0.76;
    EXPECT_FALSE(verdict(fact, gate).passed);
}

TEST(Gates, against_the_champion_pass_where_there_is_none) {
    const auto gate = verdict(measured(0.1), not_worse);
    EXPECT_TRUE(gate.passed);
    EXPECT_EQ(gate.champion, std::nullopt);
}

TEST(Gates, of_every_policy_begin_with_probe_parity) {
    auto fact = measured();
    fact.probe = {1000, 1, 0.2};
    EXPECT_EQ(gates_of(fact, {}, {}).at(0),
              (GateResult{"probe parity", "probe_different_share", 0.001, 0.001, {}, false, true}));
    fact.probe = {1000, 2, 0.2};
    EXPECT_FALSE(gates_of(fact, {}, {}).at(0).passed);
}

TEST(Gates, take_an_empty_probe_for_no_proof) {
    auto fact = measured();
    fact.probe = {0, 0, 0};
    EXPECT_FALSE(gates_of(fact, {}, {}).at(0).passed);
}

TEST(Gates, of_every_policy_want_finite_scores) {
    auto fact = measured();
    EXPECT_TRUE(gates_of(fact, {}, {}).at(1).passed);
    fact.non_finite = 1;
    EXPECT_EQ(gates_of(fact, {}, {}).at(1), (GateResult{"finite scores", "non_finite_rows", 1, 0, {}, false, false}));
}

TEST(Gates, must_all_pass) {
    EXPECT_TRUE(all_passed(gates_of(measured(), {}, {{}, 0.5, {at_least, at_most}})));
    EXPECT_FALSE(all_passed(gates_of(measured(0.5), {}, {{}, 0.5, {at_least, at_most}})));
}

}  // namespace
}  // namespace sluice::rules
