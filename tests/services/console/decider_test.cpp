#include "services/console/decider.hpp"

#include "common/core/content.hpp"
#include "common/core/fold.hpp"
#include "services/console/requests.hpp"
#include "services/console/standing.hpp"
#include "tests/services/console/facts.hpp"

#include <gtest/gtest.h>

using namespace sluice;
using namespace sluice::console;

namespace {

const RolloutRef second{{5, 2}, cards, fraud, 2};

/// A console that hears what happens.
struct Story {
    core::Folded<Decider> folded{"test"};

    core::FactId hears(Inputs fact, core::FactId cause = {}, const std::string& actor = {}) {
        return hears_as({1, folded.next + 1}, std::move(fact), cause, actor);
    }
    core::FactId hears_as(core::FactId id, Inputs fact, core::FactId cause = {}, const std::string& actor = {},
                          std::optional<core::Position> basis = {}) {
        core::Head head;
        head.position = head.seen = folded.next;
        head.basis = basis.value_or(head.position == 0 ? 0 : head.position - 1);
        head.time = static_cast<core::Time>(1000 * folded.next);
        head.id = head.correlation = id;
        head.cause = cause, head.actor = actor;
        core::fold(folded, core::Incoming<Decider>{head, std::move(fact), {}});
        return id;
    }

    void registers(Version version) {
        const auto done = completion("run-" + std::to_string(version));
        const auto cause = hears(done, {}, "trainer-1");
        ModelVersionRegistered registered;
        registered.model = fraud, registered.version = version;
        registered.run = done.run.id, registered.submitter = {"trainer-1"};
        registered.artifact = done.artifact;
        hears(registered, cause);
    }
    void publishes() { hears(PolicyPublished{1, policy()}); }
    core::FactId passes(Version version, double auc = 0.9) {
        const auto measurement = hears(measured(version, auc));
        return hears(EvaluationPassed{fraud,
                                      version,
                                      artifact,
                                      {"trainer-1"},
                                      1,
                                      measurement,
                                      {{"good enough", "auc", auc, 0.8, {}, false, true}},
                                      digest_of_letter('e')});
    }
    void waits_for_review(Version version) {
        const auto passed = passes(version);
        hears(ApprovalRequested{fraud, version, passed, digest_of_letter('e'), "reviewer", {9'000'000}});
    }
    void is_granted(Version version) {
        hears(
            ApprovalGranted{fraud, version, artifact, digest_of_letter('e'), {}, false, Person{"reviewer-1"}, "good"});
    }
    /// Version 1 serves, version 2 is its canary.
    void is_rolling_out() {
        publishes();
        registers(1);
        registers(2);
        hears_as({5, 1}, RolloutQueued{cards, fraud, 1, artifact, 1});
        hears(RolloutPromoted{{{5, 1}, cards, fraud, 1}, artifact, PromoteReason::no_control_arm, 0});
        hears_as(second.rollout, RolloutQueued{cards, fraud, 2, artifact, 1});
        hears(RolloutStarted{second, Strategy::canary, 1});
        hears(RouteChanged{route(2, 1000)});
    }
    static Route route(Revision revision, std::uint32_t weight_bp) {
        return {cards,     revision, fraud, second.rollout, RouteTarget{1, artifact}, RouteTarget{2, artifact},
                weight_bp, "salt",   {}};
    }

    const State& state() const { return folded.state; }
    Standing standing(Version version) const { return standing_of(state(), fraud, version); }
    std::string text(Version version) const { return standing(version).text; }
    const RolloutView& rollout(const core::FactId& id = second.rollout) const { return state().rollouts.at(id); }
    std::string waits() const { return why_it_waits(state(), rollout()); }
    const Asked& request(const core::FactId& id) const { return state().requests.at(id); }
    std::vector<std::string> told(Version version) const {
        std::vector<std::string> found;
        for (const auto& entry : find(state(), fraud, version)->timeline.entries) found.push_back(entry.text);
        return found;
    }
};

TEST(Console, says_that_a_version_waits_for_a_policy) {
    Story story;
    story.registers(1);
    EXPECT_EQ(story.standing(1).stage, Stage::waiting_for_policy);
    EXPECT_EQ(story.text(1), "waiting: no policy");
    story.publishes();
    EXPECT_EQ(story.standing(1).stage, Stage::evaluating);
}

TEST(Console, begins_a_versions_story_with_its_completion) {
    Story story;
    story.registers(1);
    EXPECT_EQ(story.told(1), (std::vector<std::string>{"Training completed: run run-1 of nightly.",
                                                       "Registered as version 1, run run-1, handed in by trainer-1."}));
    EXPECT_EQ(find(story.state(), fraud, 1)->completion->what.owner, "team fraud");
    EXPECT_TRUE(story.state().models.at(fraud).unregistered.empty());
}

TEST(Console, keeps_no_completion_that_becomes_no_version) {
    Story story;
    story.registers(1);
    story.hears(completion("run-1"), {}, "trainer-1");
    EXPECT_TRUE(story.state().models.at(fraud).unregistered.empty());
}

TEST(Console, tells_how_an_evaluation_ended) {
    Story story;
    story.publishes();
    for (Version version = 1; version <= 3; ++version) story.registers(version);
    story.hears(EvaluationFailed{fraud, 1, 1, {}, {{"good enough", "auc", 0.7, 0.8, {}, false, false}}});
    story.hears(EvaluationErrored{fraud, 2, 1, "broken_artifact", "not ONNX"});
    story.hears(EvaluationCancelled{fraud, 3, CancelReason::newer_versions_wait, 9});
    EXPECT_EQ(story.standing(1).stage, Stage::evaluation_failed);
    EXPECT_EQ(story.text(1), "failed its gates: good enough");
    EXPECT_EQ(story.told(1).back(), "Failed: good enough (auc 0.7, threshold 0.8).");
    EXPECT_EQ(story.standing(2).stage, Stage::evaluation_errored);
    EXPECT_EQ(story.text(2), "could not be evaluated: broken_artifact: not ONNX");
    EXPECT_EQ(story.standing(3).stage, Stage::evaluation_cancelled);
}

TEST(Console, has_an_inbox_of_what_waits_for_a_review) {
    Story story;
    story.publishes();
    story.registers(1);
    story.waits_for_review(1);
    EXPECT_EQ(story.standing(1).stage, Stage::waiting_for_review);
    EXPECT_TRUE(story.state().inbox.contains({fraud, 1}));
    story.is_granted(1);
    EXPECT_TRUE(story.state().inbox.empty());
    EXPECT_EQ(story.standing(1).stage, Stage::approved);
    EXPECT_EQ(find(story.state(), fraud, 1)->approval.reviewer, "reviewer-1");
}

TEST(Console, empties_the_inbox_however_a_wait_ends) {
    Story story;
    story.publishes();
    for (Version version = 1; version <= 3; ++version) {
        story.registers(version);
        story.waits_for_review(version);
    }
    story.hears(ApprovalDenied{fraud, 1, {"reviewer-1"}, "no"});
    story.hears(ApprovalExpired{fraud, 2});
    story.hears(ModelVersionArchived{fraud, 3, "old"});
    EXPECT_TRUE(story.state().inbox.empty());
    EXPECT_EQ(story.text(1), "denied by reviewer-1: no");
    EXPECT_EQ(story.standing(2).stage, Stage::expired);
    EXPECT_EQ(story.standing(3).stage, Stage::archived);
    EXPECT_EQ(find(story.state(), fraud, 3)->approval.stage, ApprovalStage::closed);
}

TEST(Console, knows_nothing_of_versions_that_were_only_asked_for) {
    Story story;
    story.registers(1);
    const auto asked = story.hears(ReviewSubmitted{fraud, 77, {}, "x", {}, {}}, {}, "reviewer-1");
    story.hears(ReviewRefused{fraud, 77, ReviewRefusal::not_open}, asked);
    EXPECT_EQ(find(story.state(), fraud, 77), nullptr);
    EXPECT_EQ(story.request(asked).answer->reason, "not_open");
}

TEST(Console, says_step_by_step_why_a_rollout_waits) {
    Story story;
    story.is_rolling_out();
    EXPECT_EQ(story.waits(), "waiting: not every serving node has loaded it yet");
    const auto applied = story.hears(RouteApplied{cards, 2, {{"node-1"}, {"node-2"}}});
    EXPECT_EQ(story.waits(), "baking until 1970-01-01T00:00:15.000Z");
    story.hears(DeadlinePassed{"deployer", {15'000}}, applied);
    EXPECT_TRUE(story.rollout().baked);
    EXPECT_EQ(story.waits(), "waiting: 0 of 300 entities");
    story.hears(RolloutJudged{second, 1, -1, 0.5, 120, Verdict::keep_going});
    EXPECT_EQ(story.waits(), "waiting: 120 of 300 entities");
    story.hears(RolloutJudged{second, 2, -1, 0.5, 301, Verdict::keep_going});
    EXPECT_EQ(story.waits(), "about to take the next step");
    story.hears(RolloutAdvanced{second, 2, 50});
    story.hears(RouteChanged{Story::route(3, 5000)});
    EXPECT_FALSE(story.rollout().baked);
    const auto again = story.hears(RouteApplied{cards, 3, {{"node-1"}, {"node-2"}}});
    story.hears(DeadlinePassed{"deployer", {30'000}}, again);
    EXPECT_EQ(story.waits(), "waiting: the judge has not decided yet");
    EXPECT_EQ(live_shares(story.state(), fraud, 2).at(cards), 50);
    EXPECT_EQ(live_shares(story.state(), fraud, 1).at(cards), 50);
}

TEST(Console, says_who_paused_and_why) {
    Story story;
    story.is_rolling_out();
    const auto asked = story.hears(RolloutPauseRequested{cards, second.rollout, "looks odd", {}}, {}, "operator-1");
    story.hears(RolloutPaused{second, "looks odd"}, asked);
    EXPECT_EQ(story.standing(2).stage, Stage::paused);
    EXPECT_EQ(story.waits(), "paused: looks odd");
    const auto& last = find(story.state(), fraud, 2)->timeline.entries.back();
    EXPECT_EQ(last.fact, "RolloutPaused");
    EXPECT_EQ(last.actor, "operator-1");
    EXPECT_EQ(story.request(asked).answer->fact, "RolloutPaused");
}

TEST(Console, knows_who_is_champion_and_who_was) {
    Story story;
    story.is_rolling_out();
    EXPECT_EQ(story.standing(1).stage, Stage::champion);
    EXPECT_EQ(story.standing(2).stage, Stage::rolling_out);
    story.hears(RolloutPromoted{second, artifact, PromoteReason::judged_not_worse, 1});
    EXPECT_EQ(story.standing(1).stage, Stage::replaced);
    EXPECT_EQ(story.standing(2).stage, Stage::champion);
    story.hears(RolloutRolledBack{second, RollbackReason::operator_decided, 1, "bad scores"});
    EXPECT_EQ(story.standing(1).stage, Stage::champion);
    EXPECT_EQ(story.text(2), "rolled back: operator decided: bad scores");
}

TEST(Console, keeps_the_champion_when_a_canary_is_thrown_out) {
    Story story;
    story.is_rolling_out();
    story.hears(RolloutRolledBack{second, RollbackReason::judged_worse, 1, ""});
    EXPECT_EQ(story.standing(1).stage, Stage::champion);
    EXPECT_EQ(story.text(2), "rolled back: judged worse");
    EXPECT_EQ(active_on(story.state(), story.state().endpoints.at(cards)), nullptr);
}

TEST(Console, never_reopens_a_rollout_whose_facts_land_out_of_order) {
    Story story;
    story.publishes();
    story.registers(2);
    story.hears(RolloutAborted{second, "no", 1});
    story.hears(RolloutStarted{second, Strategy::canary, 1});
    story.hears_as(second.rollout, RolloutQueued{cards, fraud, 2, artifact, 1});
    EXPECT_EQ(story.standing(2).stage, Stage::aborted);
    EXPECT_TRUE(story.state().endpoints.at(cards).open.empty());
}

TEST(Console, believes_the_later_decision_in_whatever_order_they_land) {
    Story story;
    story.is_rolling_out();
    story.registers(3);
    story.hears_as({8, 1}, RolloutPromoted{second, artifact, PromoteReason::judged_not_worse, 1}, {}, {}, 60);
    story.hears_as({8, 2}, RolloutPromoted{{{5, 1}, cards, fraud, 1}, artifact, {}, 0}, {}, {}, 50);
    EXPECT_EQ(story.state().models.at(fraud).champion, 2u);
    story.hears_as({8, 3}, ApprovalGranted{fraud, 3, artifact, digest_of_letter('e'), {}, true, {}, {}}, {}, {}, 70);
    story.hears_as({8, 4}, ApprovalRequested{fraud, 3, {}, digest_of_letter('e'), "reviewer", {1}}, {}, {}, 65);
    EXPECT_EQ(find(story.state(), fraud, 3)->approval.stage, ApprovalStage::granted);
    EXPECT_TRUE(story.state().inbox.empty());
    story.hears_as({8, 5}, RolloutResumed{second, "fine"}, {}, {}, 82);
    story.hears_as({8, 6}, RolloutPaused{second, "odd"}, {}, {}, 81);
    EXPECT_FALSE(story.rollout().paused);
}

TEST(Console, says_behind_whom_a_version_queues) {
    Story story;
    story.is_rolling_out();
    story.registers(3);
    story.hears_as({5, 3}, RolloutQueued{cards, fraud, 3, artifact, 1});
    EXPECT_EQ(story.standing(3).stage, Stage::queued);
    EXPECT_EQ(story.text(3), "waiting: endpoint cards has the rollout of cards.fraud/2");
    EXPECT_EQ(queue_of(story.state(), story.state().endpoints.at(cards)).size(), 1u);
    story.hears(RolloutSuperseded{{{5, 3}, cards, fraud, 3}, SupersedeReason::newer_is_live, 4});
    EXPECT_EQ(story.text(3), "superseded: newer is live");
}

TEST(Console, says_why_an_approved_version_gets_no_rollout) {
    Story story;
    story.publishes();
    story.registers(1);
    story.waits_for_review(1);
    story.is_granted(1);
    story.hears(RolloutRefused{cards, fraud, 1, RolloutRefusal::older_than_live, 2});
    EXPECT_EQ(story.standing(1).stage, Stage::rollout_refused);
    EXPECT_EQ(story.text(1), "approved, but gets no rollout: older than live");
}

TEST(Console, keeps_of_a_patient_judge_only_the_latest_look) {
    Story story;
    story.is_rolling_out();
    const auto before = story.told(2).size();
    for (std::uint32_t look = 1; look <= 40; ++look)
        story.hears(RolloutJudged{second, look, 0, 0, look, Verdict::keep_going});
    EXPECT_EQ(story.told(2).size(), before + 1);
    EXPECT_EQ(story.rollout().judged->number, 40u);
}

TEST(Console, bounds_every_timeline) {
    Story story;
    story.registers(1);
    for (std::size_t i = 0; i < Timeline::entries_max; ++i) story.hears(AliasMoved{fraud, {"best"}, 1, 1});
    const auto& timeline = find(story.state(), fraud, 1)->timeline;
    EXPECT_EQ(timeline.entries.size(), Timeline::entries_max);
    EXPECT_EQ(timeline.left_out, 2u);
}

TEST(Console, takes_only_the_answering_fact_for_an_answer) {
    Story story;
    story.is_rolling_out();
    const auto asked = story.hears(RolloutAbortRequested{cards, second.rollout, "no", {}}, {}, "operator-1");
    story.hears(RouteChanged{Story::route(3, 0)}, asked);
    EXPECT_FALSE(is_answered(story.request(asked)));
    story.hears(RolloutAborted{second, "no", 1}, asked);
    EXPECT_EQ(story.request(asked).answer->fact, "RolloutAborted");
    EXPECT_TRUE(is_answered(story.request(asked)));
}

TEST(Console, waits_for_what_a_counted_review_decides) {
    Story story;
    story.publishes();
    story.registers(1);
    story.waits_for_review(1);
    const auto asked =
        story.hears(ReviewSubmitted{fraud, 1, {}, "good", digest_of_letter('e'), {"reviewer"}}, {}, "reviewer-1");
    story.hears(ReviewCounted{fraud, 1, {"reviewer-1"}, ReviewDecision::approve}, asked);
    EXPECT_FALSE(is_answered(story.request(asked)));
    story.hears(ApprovalGranted{fraud, 1, artifact, digest_of_letter('e'), {}, false, Person{"reviewer-1"}, "good"},
                asked);
    EXPECT_TRUE(is_answered(story.request(asked)));
}

TEST(Console, keeps_the_first_of_two_requests_with_one_id) {
    Story story;
    const PolicySubmitted first{policy(), 0};
    story.hears_as({4, 4}, first, {}, "operator-1");
    auto changed = first;
    changed.expected_version = 3;
    story.hears_as({4, 4}, changed, {}, "operator-1");
    EXPECT_EQ(story.request({4, 4}).content, core::content_of(first));
}

TEST(Console, takes_the_steps_of_the_policy_that_held_when_the_rollout_started) {
    Story story;
    story.is_rolling_out();
    auto changed = policy();
    changed.rollout.steps = {{1, 1, 1}};
    story.hears(PolicyPublished{2, changed});
    EXPECT_EQ(story.rollout().steps, policy().rollout.steps);
}

TEST(Console, forgets_a_node_that_is_lost) {
    Story story;
    story.hears(ServingNodeJoined{{"node-1"}, "b"});
    story.hears(ServingNodeLost{{"node-1"}, "a", false});
    EXPECT_TRUE(story.state().nodes.contains({"node-1"}));
    story.hears(ServingNodeLost{{"node-1"}, "b", false});
    EXPECT_TRUE(story.state().nodes.empty());
}

}  // namespace
