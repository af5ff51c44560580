#include "tests/services/deployer/rollout_scenario.hpp"

namespace sluice::deployer {
namespace {

using Steps = RolloutScenario;

TEST_F(Steps, of_a_first_version_are_one_all_traffic_at_once) {
    given_policy();
    when(granted(1));
    const auto of = active().of;
    const Route all{
        endpoint, 1, fraud, of.rollout, target(1), {}, 0, core::to_text(of.rollout), AssignmentUnit::entity};
    then({RolloutQueued{endpoint, fraud, 1, artifact_of(1), 1}, RolloutStarted{of, Strategy::canary, 0},
          RouteChanged{all}});
    then_asks({WatchRoute{endpoint, 1, 10'000}});
    EXPECT_EQ(of.rollout, id_of<RolloutQueued>());
}

TEST_F(Steps, of_a_first_version_end_when_every_node_serves_it) {
    given_policy();
    given(granted(1));
    const auto of = active().of;
    when(applied());
    then({RolloutPromoted{of, artifact_of(1), PromoteReason::no_control_arm, 0}});
    then_asks({});
}

TEST_F(Steps, begin_with_the_first_weight_beside_what_serves) {
    given_live(1);
    when(granted(2));
    EXPECT_EQ(owed<RolloutStarted>().stable, 1u);
    EXPECT_EQ(route().stable, target(1));
    EXPECT_EQ(route().canary, target(2));
    EXPECT_EQ(route().canary_weight_bp, 1000u);
    const std::vector<RevisionEvidence> nothing_yet{{2, 0.1, {}, {}}};
    then_asks({WatchRoute{endpoint, 2, 10'000},
               MeasureCanary{active().of, 1, 2, nothing_yet, 20, *policy_of().rollout.judge}});
}

TEST_F(Steps, bake_from_the_moment_at_which_every_node_has_applied_them) {
    given_live(1);
    given(granted(2));
    at(30'000);
    when(applied());
    then({});
    then_asks({WakeAt{{35'000}}});
}

TEST_F(Steps, go_on_only_when_applied_and_baked_and_measured_enough) {
    given_live(1);
    given(granted(2));
    when(measures(50));
    EXPECT_FALSE(owes<RolloutAdvanced>());
    when(applied());
    EXPECT_FALSE(owes<RolloutAdvanced>());
    when(bakes());
    EXPECT_TRUE(owes<RolloutAdvanced>());
}

TEST_F(Steps, wait_for_enough_entities_after_they_have_baked) {
    given_canary();
    when(bakes());
    then_nothing();
    when(measures(19));
    EXPECT_FALSE(owes<RolloutAdvanced>());
    EXPECT_EQ(owed<MeasureCanary>().entities_min, 20u);
    when(measures(20));
    EXPECT_EQ(owed<RolloutAdvanced>(), (RolloutAdvanced{active().of, 2, 50}));
}

TEST_F(Steps, take_the_next_weight_and_keep_the_evidence) {
    given_canary();
    given(bakes());
    when(measures(20));
    EXPECT_EQ(route().canary_weight_bp, 5000u);
    EXPECT_EQ(route().revision, 3u);
    const auto asked = owed<MeasureCanary>();
    EXPECT_EQ(asked.number, 2u);
    ASSERT_EQ(asked.reported.size(), 2u);
    EXPECT_EQ(asked.reported[0].canary.first_requests, 20u);
    EXPECT_EQ(asked.reported[1], (RevisionEvidence{3, 0.5, {}, {}}));
    EXPECT_EQ(owed<WatchRoute>().revision, 3u);
}

TEST_F(Steps, keep_an_entity_on_its_side_throughout_the_rollout) {
    given_canary();
    const auto salt = here().route.salt;
    given(bakes());
    when(measures(20));
    EXPECT_EQ(route().salt, salt);
}

TEST_F(Steps, do_not_promote_before_the_last_even_on_the_best_evidence) {
    given_canary();
    when(measures(5000));
    EXPECT_EQ(owed<RolloutJudged>().verdict, Verdict::promote);
    EXPECT_FALSE(owes<RolloutPromoted>());
    when(bakes());
    EXPECT_TRUE(owes<RolloutAdvanced>());
    EXPECT_FALSE(owes<RolloutPromoted>());
}

TEST_F(Steps, end_in_promotion_when_the_judge_says_so_at_the_last) {
    given_canary_at_last_step();
    const auto of = active().of;
    when(measures(100));
    EXPECT_EQ(owed<RolloutJudged>().verdict, Verdict::keep_going);
    EXPECT_FALSE(owes<RolloutPromoted>());
    when(measures(300));
    EXPECT_EQ(owed<RolloutPromoted>(), (RolloutPromoted{of, artifact_of(2), PromoteReason::judged_not_worse, 1}));
    EXPECT_EQ(route().stable, target(2));
    EXPECT_EQ(route().canary, std::nullopt);
    EXPECT_FALSE(here().active);
}

TEST_F(Steps, end_at_once_when_the_canary_is_judged_worse) {
    given_live(1);
    given(granted(2));
    const auto of = active().of;
    when(measures(10, 5));
    EXPECT_EQ(owed<RolloutJudged>().verdict, Verdict::roll_back);
    EXPECT_EQ(owed<RolloutRolledBack>(), (RolloutRolledBack{of, RollbackReason::judged_worse, 1, ""}));
    EXPECT_EQ(route().stable, target(1));
    EXPECT_EQ(route().canary, std::nullopt);
    then_withdraws({WatchRoute{endpoint, 2, 10'000}});
    EXPECT_FALSE(owes<MeasureCanary>());
}

TEST_F(Steps, are_undone_even_while_the_rollout_is_paused) {
    given_canary();
    given(RolloutPauseRequested{endpoint, active().of.rollout, "lunch", {}});
    when(measures(10, 5));
    EXPECT_TRUE(owes<RolloutRolledBack>());
}

TEST_F(Steps, are_undone_when_a_node_cannot_load_the_version) {
    given_live(1);
    given(granted(2));
    const auto of = active().of;
    when(RouteRefused{endpoint, 2, {"node-1"}, "artifact_broken", "it does not open"});
    EXPECT_EQ(owed<RolloutRolledBack>(),
              (RolloutRolledBack{of, RollbackReason::route_refused, 1, "node-1: artifact_broken: it does not open"}));
    EXPECT_EQ(route().stable, target(1));
}

TEST_F(Steps, leave_nothing_behind_when_a_first_version_cannot_be_loaded) {
    given_policy();
    given(granted(1));
    when(RouteRefused{endpoint, 1, {"node-1"}, "artifact_broken", "it does not open"});
    EXPECT_EQ(owed<RolloutRolledBack>().to, 0u);
    EXPECT_EQ(route().stable, std::nullopt);
    when(granted(2));
    EXPECT_EQ(owed<RolloutStarted>().stable, 0u);
}

TEST_F(Steps, are_skipped_all_at_once_where_the_policy_says_so) {
    given_live(1);
    given_all_at_once();
    when(granted(2));
    EXPECT_EQ(route().stable, target(2));
    EXPECT_EQ(route().canary, std::nullopt);
    when(applied());
    EXPECT_EQ(owed<RolloutPromoted>().reason, PromoteReason::all_at_once);
    EXPECT_EQ(owed<RolloutPromoted>().previous, 1u);
}

TEST_F(Steps, return_to_what_served_when_all_at_once_cannot_be_loaded) {
    given_live(1);
    given_all_at_once();
    given(granted(2));
    when(RouteRefused{endpoint, 2, {"node-1"}, "artifact_broken", "it does not open"});
    EXPECT_EQ(route().stable, target(1));
}

TEST_F(Steps, follow_the_policy_of_when_the_rollout_started) {
    given_canary();
    auto hasty = policy_of();
    hasty.rollout.steps = {{90, 0, 1}};
    given_policy(hasty, 2);
    given(bakes());
    when(measures(20));
    EXPECT_EQ(route().canary_weight_bp, 5000u);
}

TEST_F(Steps, follow_the_newest_policy_in_whatever_order_they_land) {
    given_live(1);
    auto newer = policy_of();
    newer.rollout.steps = {{25, 0, 1}};
    given_policy(newer, 3);
    given_policy(policy_of(), 2);
    when(granted(2));
    EXPECT_EQ(route().canary_weight_bp, 2500u);
}

TEST_F(Steps, do_not_hear_a_measurement_of_a_rollout_that_has_ended) {
    given_canary();
    const auto late = measures(10, 5);
    const auto asked = id_of<MeasureCanary>();
    given(RolloutAbortRequested{endpoint, active().of.rollout, "no", {}});
    when(late, asked);
    then_nothing();
}

TEST_F(Steps, do_not_hear_of_a_revision_that_is_no_longer_the_route) {
    given_live(1);
    given(granted(2));
    const auto watch = id_of<WatchRoute>();
    given(RolloutAdvanceRequested{endpoint, active().of.rollout, false, "now", {}});
    when(RouteApplied{endpoint, 2, {{"node-1"}}}, watch);
    then_nothing();
}

TEST_F(Steps, are_judged_anew_at_every_measurement) {
    given_canary();
    for (std::uint32_t number = 1; number <= 3; ++number) {
        when(measures(number));
        EXPECT_EQ(owed<RolloutJudged>().number, number);
        EXPECT_EQ(owed<RolloutJudged>().canary_entities, number);
        EXPECT_EQ(owed<MeasureCanary>().number, number + 1);
    }
}

}  // namespace
}  // namespace sluice::deployer
