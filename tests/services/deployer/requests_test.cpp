#include "tests/services/deployer/rollout_scenario.hpp"

namespace sluice::deployer {
namespace {

using enum RolloutRequestRefusal;

/// What operators ask.
class Requests : public RolloutScenario {
protected:
    core::FactId rollout() const { return active().of.rollout; }
    RolloutPauseRequested pause() const { return {endpoint, rollout(), "lunch", {}}; }
    RolloutResumeRequested resume() const { return {endpoint, rollout(), "back", {}}; }
    RolloutAbortRequested aborts() const { return {endpoint, rollout(), "I have a bad feeling", {}}; }
    RolloutAdvanceRequested advance(bool all = false) const { return {endpoint, rollout(), all, "in a hurry", {}}; }
    static RollbackRequested rollback() { return {endpoint, "it was better before", {}}; }

    void then_refused(RolloutRequestRefusal reason, Here here = Here::current()) const {
        then({RolloutRequestRefused{endpoint, reason, revision()}}, here);
        then_asks({}, here);
    }
};

TEST_F(Requests, pause_a_rollout_where_it_is) {
    given_canary();
    given(bakes());
    when(pause());
    then({RolloutPaused{active().of, "lunch"}});
    when(measures(20));
    EXPECT_FALSE(owes<RolloutAdvanced>());
    EXPECT_TRUE(owes<MeasureCanary>());
}

TEST_F(Requests, resume_a_rollout_which_goes_on_at_once_if_it_may) {
    given_canary();
    given(bakes()), given(pause()), given(measures(20));
    when(resume());
    EXPECT_EQ(owed<RolloutResumed>().reason, "back");
    EXPECT_EQ(owed<RolloutAdvanced>().step, 2u);
}

TEST_F(Requests, resume_a_rollout_which_waits_on_if_it_must) {
    given_canary();
    given(pause());
    when(resume());
    then({RolloutResumed{active().of, "back"}});
}

TEST_F(Requests, resume_a_rollout_that_the_judge_would_have_promoted) {
    given_canary_at_last_step();
    given(pause());
    when(measures(300));
    EXPECT_FALSE(owes<RolloutPromoted>());
    when(resume());
    EXPECT_TRUE(owes<RolloutPromoted>());
}

TEST_F(Requests, pause_a_first_version_too) {
    given_policy();
    given(granted(1));
    given(pause());
    when(applied());
    then({});
    when(resume());
    EXPECT_EQ(owed<RolloutPromoted>().reason, PromoteReason::no_control_arm);
}

TEST_F(Requests, pause_and_resume_only_once) {
    given_canary();
    when(resume());
    then_refused(not_paused);
    given(pause());
    when(pause());
    then_refused(already_paused);
}

TEST_F(Requests, abort_a_rollout_and_return_its_traffic) {
    given_canary();
    const auto of = active().of;
    when(aborts());
    EXPECT_EQ(owed<RolloutAborted>(), (RolloutAborted{of, "I have a bad feeling", 1}));
    EXPECT_EQ(route().stable, target(1));
    EXPECT_EQ(route().canary, std::nullopt);
    EXPECT_EQ(route().revision, 3u);
}

TEST_F(Requests, abort_withdraws_whatever_was_asked_about_it) {
    given_live(1);
    given(granted(2));
    const auto watch = WatchRoute{endpoint, 2, 10'000};
    const auto measure = owed<MeasureCanary>();
    when(aborts());
    then_withdraws({watch, measure});
}

TEST_F(Requests, take_the_next_step_before_its_time) {
    given_canary();
    when(advance());
    EXPECT_EQ(owed<RolloutAdvanced>().step, 2u);
    EXPECT_FALSE(owes<RolloutPromoted>());
    then_withdraws({MeasureCanary{active().of, 1, 2, {{2, 0.1, {}, {}}}, 20, active().policy.judge}, WakeAt{{5000}}});
}

TEST_F(Requests, promote_at_the_last_step_or_when_all_is_asked_for) {
    given_canary();
    const auto of = active().of;
    when(advance(true));
    EXPECT_EQ(owed<RolloutPromoted>(), (RolloutPromoted{of, artifact_of(2), PromoteReason::operator_decided, 1}));
    EXPECT_EQ(route().stable, target(2));
    given(granted(3));
    given(advance());
    when(advance());
    EXPECT_EQ(owed<RolloutPromoted>().of.version, 3u);
}

TEST_F(Requests, roll_back_to_what_served_before_the_last_promotion) {
    given_canary();
    const auto of = active().of;
    given(advance(true));
    when(rollback());
    EXPECT_EQ(owed<RolloutRolledBack>(),
              (RolloutRolledBack{of, RollbackReason::operator_decided, 1, "it was better before"}));
    EXPECT_EQ(route().stable, target(1));
    EXPECT_EQ(route().revision, 4u);
}

TEST_F(Requests, roll_back_only_as_far_as_one_promotion) {
    given_canary();
    given(advance(true)), given(rollback());
    when(rollback());
    then_refused(nothing_to_roll_back_to);
}

TEST_F(Requests, roll_back_nothing_where_nothing_served_before) {
    given_live(1);
    when(rollback());
    then_refused(nothing_to_roll_back_to);
}

TEST_F(Requests, roll_back_nothing_while_a_rollout_runs) {
    given_canary();
    when(rollback());
    then_refused(rollout_is_running);
}

TEST_F(Requests, are_refused_for_an_endpoint_that_nobody_knows) {
    const Endpoint nowhere{"nowhere"};
    when(RollbackRequested{nowhere, "why", {}});
    then({RolloutRequestRefused{nowhere, unknown_endpoint, 0}});
    when(RolloutPauseRequested{nowhere, {1, 2}, "why", {}});
    then({RolloutRequestRefused{nowhere, unknown_endpoint, 0}});
}

TEST_F(Requests, are_refused_where_nothing_is_rolled_out) {
    given_canary();
    const auto stale = pause();
    given(aborts());
    when(stale);
    then_refused(not_running);
}

TEST_F(Requests, are_refused_for_another_rollout_than_the_one_that_runs) {
    given_canary();
    const auto of_the_second = aborts();
    given(advance(true));
    given(granted(3));
    when(of_the_second);
    then_refused(no_such_rollout);
}

TEST_F(Requests, are_refused_when_the_route_is_another_than_was_seen) {
    given_canary();
    auto careful = pause();
    careful.expected_revision = 1;
    when(careful);
    then_refused(revision_has_moved);
    careful.expected_revision = 2;
    when(careful);
    EXPECT_TRUE(owes<RolloutPaused>());
    when(RollbackRequested{endpoint, "why", 7});
    then_refused(revision_has_moved);
}

}  // namespace
}  // namespace sluice::deployer
