#include "tests/services/deployer/rollout_scenario.hpp"

namespace sluice::deployer {
namespace {

using Queue = RolloutScenario;

RolloutRefused refused(Version version, RolloutRefusal reason, Version newer) {
    return {endpoint, fraud, version, reason, newer};
}

TEST_F(Queue, takes_no_version_of_a_model_without_a_policy) {
    when(granted(1));
    then({RolloutRefused{{}, fraud, 1, RolloutRefusal::no_policy, 0}});
}

TEST_F(Queue, gives_an_endpoint_to_one_rollout_at_a_time) {
    given_canary();
    when(granted(3));
    then({RolloutQueued{endpoint, fraud, 3, artifact_of(3), 1}});
    then_asks({});
}

TEST_F(Queue, goes_on_in_the_order_of_the_approvals) {
    given_canary();
    given(granted(3)), given(granted(5));
    when(RolloutAbortRequested{endpoint, active().of.rollout, "no", {}});
    EXPECT_EQ(owed<RolloutStarted>().of.version, 3u);
    when(RolloutAdvanceRequested{endpoint, active().of.rollout, true, "yes", {}});
    EXPECT_EQ(owed<RolloutStarted>().of.version, 5u);
    EXPECT_EQ(owed<RolloutStarted>().stable, 3u);
}

TEST_F(Queue, refuses_a_version_older_than_the_one_that_is_live) {
    given_live(2);
    when(granted(1));
    then({refused(1, RolloutRefusal::older_than_live, 2)});
}

TEST_F(Queue, refuses_the_version_that_is_live) {
    given_live(2);
    when(granted(2));
    then({refused(2, RolloutRefusal::already_live, 2)});
}

TEST_F(Queue, refuses_a_version_older_than_one_under_way_or_waiting) {
    given_live(1);
    given(granted(3));
    when(granted(2));
    then({refused(2, RolloutRefusal::older_than_queued, 3)});
    given(granted(5));
    when(granted(4));
    then({refused(4, RolloutRefusal::older_than_queued, 5)});
}

TEST_F(Queue, takes_an_older_version_again_once_the_newer_was_thrown_out) {
    given_live(1);
    given(granted(3));
    given(measures(10, 5));
    when(granted(2));
    EXPECT_TRUE(owes<RolloutStarted>());
}

TEST_F(Queue, refuses_an_archived_version) {
    given_live(1);
    given(ModelVersionArchived{fraud, 2, "wrong data"});
    when(granted(2));
    then({refused(2, RolloutRefusal::archived, 0)});
}

TEST_F(Queue, drops_a_version_that_was_archived_while_it_waited) {
    given_canary();
    given(granted(3)), given(granted(4));
    when(ModelVersionArchived{fraud, 3, "wrong data"});
    then_nothing();
    when(RolloutAbortRequested{endpoint, active().of.rollout, "no", {}});
    EXPECT_EQ(owed<RolloutSuperseded>().reason, SupersedeReason::archived);
    EXPECT_EQ(owed<RolloutSuperseded>().of.version, 3u);
    EXPECT_EQ(owed<RolloutStarted>().of.version, 4u);
}

TEST_F(Queue, throws_out_a_version_that_is_archived_while_it_is_rolled_out) {
    given_canary();
    const auto of = active().of;
    when(ModelVersionArchived{fraud, 2, "wrong data"});
    EXPECT_EQ(owed<RolloutAborted>(), (RolloutAborted{of, "the version was archived: wrong data", 1}));
    EXPECT_EQ(route().stable, target(1));
    EXPECT_FALSE(here().active);
}

TEST_F(Queue, keeps_two_endpoints_apart) {
    const Model churn{"churn"};
    const Endpoint other{"churn"};
    given_canary();
    given_policy(policy_of(churn));
    when(granted(1, churn));
    EXPECT_EQ(owed<RolloutStarted>().of.endpoint, other);
    EXPECT_EQ(route().revision, 1u);
    when(measures(10, 5));
    EXPECT_EQ(route().endpoint, endpoint);
    EXPECT_EQ(state().endpoints.at(other).active->of.version, 1u);
    when(RouteApplied{other, 1, {{"node-1"}}});
    EXPECT_EQ(owed<RolloutPromoted>().of.endpoint, other);
}

TEST_F(Queue, knows_which_nodes_live) {
    given(ServingNodeJoined{{"node-1"}, "first"});
    given(ServingNodeJoined{{"node-1"}, "second"});
    given(ServingNodeLost{{"node-1"}, "first", false});
    EXPECT_EQ(state().nodes.at({"node-1"}).incarnation, "second");
    EXPECT_TRUE(state().nodes.at({"node-1"}).lives);
    given(ServingNodeLost{{"node-1"}, "second", true});
    EXPECT_FALSE(state().nodes.at({"node-1"}).lives);
}

}  // namespace
}  // namespace sluice::deployer
