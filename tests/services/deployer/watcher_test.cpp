#include "services/deployer/watcher.hpp"

#include "tests/support/facts.hpp"

#include <gtest/gtest.h>

#include <functional>

namespace sluice::deployer {
namespace {

using namespace tests;
using Names = std::vector<std::string>;
using Nodes = std::map<Node, std::string>;

const core::FactId question{1, 1};
const RolloutRef rollout{{7, 7}, endpoint, fraud, 2};

std::string entity(std::uint64_t number) {
    const auto digits = std::to_string(number);
    return std::string(16 - digits.size(), '0') + digits;
}
/// Entities from..to, each as a serving node names it.
Names entities(std::uint64_t from, std::uint64_t to) {
    Names names;
    for (auto number = from; number <= to; ++number) names.push_back(entity(number));
    return names;
}

ArmWindow arm(Arm which, Names ok, Names failed = {}, Revision revision = 2) {
    ArmWindow window;
    window.endpoint = endpoint, window.rollout = rollout.rollout, window.revision = revision, window.arm = which;
    window.first_ok = std::move(ok), window.first_failed = failed, window.first_errors = failed;
    return window;
}
MeasureCanary measure(std::uint64_t entities_min = 0) {
    return {rollout, 1, 2, {{2, 0.1, {}, {}}}, entities_min, {0.01, 0.01, 2.0, 0.02}};
}

class WatcherTest : public testing::Test {
protected:
    /// What a node says, at a time of the broker's.
    TelemetryWindow says(const std::string& node, core::Time at,
                         const std::function<void(TelemetryWindow&)>& more = {}) {
        TelemetryWindow window;
        window.node = {node}, window.incarnation = "first";
        if (more) more(window);
        watcher_.add(window, at, {0, ++windows_});
        return window;
    }
    void counts(const std::string& node, const ArmWindow& arm, core::Time at = 0) {
        says(node, at, [&](auto& window) { window.arms = {arm}; });
    }
    void applies(const std::string& node, Revision revision, core::Time at = 0) {
        says(node, at, [&](auto& window) { window.applied = {{endpoint, revision}}; });
    }
    void refuses(const std::string& node, Revision revision) {
        says(node, 0, [&](auto& window) { window.refused = {{endpoint, revision, "artifact_broken", "no"}}; });
    }

    std::optional<CanaryMeasured> measured(core::Time now) { return answer<CanaryMeasured>(now); }
    std::optional<RouteApplied> applied(core::Time now = 0) { return answer<RouteApplied>(now); }

    template <class Fact> std::optional<Fact> answer(core::Time now) {
        const auto answers = watcher_.take_answers(now);
        if (answers.empty()) return std::nullopt;
        EXPECT_EQ(answers.size(), 1u);
        EXPECT_EQ(answers[0].id, question);
        return std::get<Fact>(answers[0].fact);
    }
    /// The counts of the canary's arm of the first revision.
    ArmCounts canary_counts() {
        watcher_.ask(question, measure(), 0);
        const auto fact = measured(report_after_ms);
        return fact ? fact->evidence.at(0).canary : ArmCounts{};
    }

    Watcher watcher_;
    std::uint64_t windows_ = 0;
};

using Measuring = WatcherTest;

TEST_F(Measuring, counts_an_entity_once_over_two_nodes) {
    counts("node-1", arm(Arm::canary, entities(1, 3)));
    counts("node-2", arm(Arm::canary, entities(2, 4)));
    EXPECT_EQ(canary_counts(), (ArmCounts{4, 0, 0}));
}

TEST_F(Measuring, counts_an_entity_in_the_arm_that_saw_it_first) {
    counts("node-1", arm(Arm::stable, entities(1, 3)));
    counts("node-1", arm(Arm::canary, entities(3, 4)));
    EXPECT_EQ(canary_counts(), (ArmCounts{1, 0, 0}));
}

TEST_F(Measuring, counts_an_entity_in_the_revision_that_saw_it_first) {
    counts("node-1", arm(Arm::canary, entities(1, 3), {}, 2));
    counts("node-1", arm(Arm::canary, entities(1, 5), {}, 3));
    auto both = measure();
    both.reported = {{2, 0.1, {}, {}}, {3, 0.5, {}, {}}};
    watcher_.ask(question, both, 0);
    const auto evidence = measured(report_after_ms).value().evidence;
    EXPECT_EQ(evidence.at(0).canary.first_requests, 3u);
    EXPECT_EQ(evidence.at(1).canary.first_requests, 2u);
}

TEST_F(Measuring, counts_the_first_error_of_an_entity_once) {
    counts("node-1", arm(Arm::canary, entities(1, 10)));
    auto later = arm(Arm::canary, {});
    later.first_errors = entities(1, 2);
    counts("node-1", later);
    counts("node-2", later);
    EXPECT_EQ(canary_counts(), (ArmCounts{10, 0, 2}));
}

TEST_F(Measuring, tells_a_first_request_that_failed_from_a_later_error) {
    counts("node-1", arm(Arm::canary, entities(1, 2), entities(3, 5)));
    EXPECT_EQ(canary_counts(), (ArmCounts{5, 3, 3}));
}

TEST_F(Measuring, is_not_changed_by_a_window_that_comes_again) {
    const auto window = arm(Arm::canary, entities(1, 2), entities(3, 5));
    for (int i = 0; i < 3; ++i) counts("node-1", window);
    EXPECT_EQ(canary_counts(), (ArmCounts{5, 3, 3}));
}

TEST_F(Measuring, ignores_what_names_no_entity) {
    counts("node-1", arm(Arm::canary, {"", "1", "00000000000000zz", "0x00000000000001", entity(1) + "0",
                                       "-000000000000001", entity(1)}));
    EXPECT_EQ(canary_counts(), (ArmCounts{1, 0, 0}));
}

TEST_F(Measuring, keeps_rollouts_apart) {
    auto other = arm(Arm::canary, entities(1, 9));
    other.rollout = {8, 8};
    counts("node-1", other);
    counts("node-1", arm(Arm::canary, entities(1, 2)));
    EXPECT_EQ(canary_counts(), (ArmCounts{2, 0, 0}));
}

TEST_F(Measuring, says_nothing_while_there_is_nothing_new) {
    watcher_.ask(question, measure(), 0);
    EXPECT_FALSE(measured(1'000'000));
    counts("node-1", arm(Arm::canary, entities(1, 2)));
    auto reported = measure();
    reported.reported[0].canary = {2, 0, 0};
    watcher_.ask(question, reported, 0);
    EXPECT_FALSE(measured(1'000'000));
}

TEST_F(Measuring, reports_after_five_seconds_what_changes_nothing_yet) {
    watcher_.ask(question, measure(), 1000);
    counts("node-1", arm(Arm::canary, entities(1, 2)));
    EXPECT_FALSE(measured(5999));
    EXPECT_TRUE(measured(6000));
}

TEST_F(Measuring, reports_at_once_when_the_minimum_is_met) {
    watcher_.ask(question, measure(20), 0);
    counts("node-1", arm(Arm::canary, entities(1, 19)));
    EXPECT_FALSE(measured(1));
    counts("node-1", arm(Arm::canary, entities(20, 20)));
    EXPECT_TRUE(measured(1));
}

TEST_F(Measuring, reports_at_once_when_the_judge_would_roll_back) {
    watcher_.ask(question, measure(), 0);
    counts("node-1", arm(Arm::canary, {}, entities(1, 3)));
    EXPECT_FALSE(measured(1));
    counts("node-2", arm(Arm::canary, {}, entities(4, 4)));
    EXPECT_TRUE(measured(1));
}

TEST_F(Measuring, reports_at_once_when_the_judge_would_promote) {
    watcher_.ask(question, measure(), 0);
    counts("node-1", arm(Arm::stable, entities(10'000, 12'900)));
    counts("node-1", arm(Arm::canary, entities(1, 290)));
    EXPECT_FALSE(measured(1));
    counts("node-1", arm(Arm::canary, entities(291, 291)));
    EXPECT_TRUE(measured(1));
}

TEST_F(Measuring, says_on_how_much_of_the_telemetry_it_rests) {
    watcher_.add({}, 0, {3, 41});
    counts("node-1", arm(Arm::canary, entities(1, 1)));
    watcher_.ask(question, measure(), 0);
    EXPECT_EQ(measured(report_after_ms).value().coverage, (std::vector<Coverage>{{0, 1}, {3, 41}}));
}

TEST_F(Measuring, answers_a_question_once_and_a_withdrawn_one_not_at_all) {
    counts("node-1", arm(Arm::canary, entities(1, 1)));
    watcher_.ask(question, measure(), 0);
    EXPECT_TRUE(measured(report_after_ms));
    EXPECT_FALSE(measured(report_after_ms));
    watcher_.ask(question, measure(), 0);
    EXPECT_TRUE(watcher_.has_questions());
    watcher_.cancel(question);
    EXPECT_FALSE(watcher_.has_questions());
    EXPECT_FALSE(measured(report_after_ms));
}

TEST_F(Measuring, forgets_the_oldest_of_too_many_rollouts) {
    counts("node-1", arm(Arm::canary, entities(1, 2)));
    for (std::uint64_t i = 1; i < rollouts_max; ++i) {
        auto other = arm(Arm::canary, entities(1, 1));
        other.rollout = {8, i};
        counts("node-1", other);
    }
    EXPECT_EQ(canary_counts().first_requests, 2u);
    auto one_more = arm(Arm::canary, entities(1, 1));
    one_more.rollout = {9, 9};
    counts("node-1", one_more);
    EXPECT_EQ(canary_counts().first_requests, 0u);
}

TEST_F(Measuring, counts_no_more_entities_than_it_may_keep) {
    EntityCounts all(3);
    all.add(arm(Arm::canary, entities(1, 2), entities(3, 5)));
    all.add(arm(Arm::canary, entities(6, 9)));
    const auto counted = all.evidence({{2, 0.1, {}, {}}}).at(0).canary;
    EXPECT_EQ(counted, (ArmCounts{3, 3, 3}));
}

using Routes = WatcherTest;

TEST_F(Routes, are_applied_when_every_live_node_says_so) {
    watcher_.ask(question, WatchRoute{endpoint, 2, 5000});
    EXPECT_FALSE(applied());
    applies("node-1", 2);
    applies("node-2", 1);
    EXPECT_FALSE(applied());
    applies("node-2", 2);
    EXPECT_EQ(applied(), (RouteApplied{endpoint, 2, {{"node-1"}, {"node-2"}}}));
}

TEST_F(Routes, count_as_applied_where_a_later_one_is) {
    watcher_.ask(question, WatchRoute{endpoint, 2, 5000});
    applies("node-1", 3);
    EXPECT_TRUE(applied());
}

TEST_F(Routes, of_another_endpoint_prove_nothing) {
    watcher_.ask(question, WatchRoute{endpoint, 2, 5000});
    says("node-1", 0, [](auto& window) { window.applied = {{{"churn"}, 2}}; });
    EXPECT_FALSE(applied());
}

TEST_F(Routes, do_not_wait_for_a_node_that_fell_silent) {
    watcher_.ask(question, WatchRoute{endpoint, 2, 5000});
    applies("node-1", 1, 1000);
    applies("node-2", 2, 4000);
    EXPECT_FALSE(applied(6000));
    EXPECT_EQ(applied(6001), (RouteApplied{endpoint, 2, {{"node-2"}}}));
}

TEST_F(Routes, do_not_wait_for_a_node_that_stopped) {
    watcher_.ask(question, WatchRoute{endpoint, 2, 5000});
    applies("node-2", 2);
    says("node-1", 0, [](auto& window) { window.stopping = true; });
    EXPECT_TRUE(applied());
}

TEST_F(Routes, wait_where_no_node_lives) {
    watcher_.ask(question, WatchRoute{endpoint, 2, 5000});
    applies("node-1", 2, 1000);
    EXPECT_FALSE(applied(60'000));
}

TEST_F(Routes, are_refused_when_one_node_refuses) {
    watcher_.ask(question, WatchRoute{endpoint, 2, 5000});
    applies("node-1", 2);
    refuses("node-2", 2);
    EXPECT_EQ(answer<RouteRefused>(0), (RouteRefused{endpoint, 2, {"node-2"}, "artifact_broken", "no"}));
}

TEST_F(Routes, are_not_refused_by_what_a_node_said_of_an_earlier_one) {
    watcher_.ask(question, WatchRoute{endpoint, 2, 5000});
    refuses("node-1", 1);
    applies("node-1", 2);
    EXPECT_TRUE(applied());
}

TEST_F(Routes, are_not_applied_by_what_a_node_did_before_it_started_anew) {
    watcher_.ask(question, WatchRoute{endpoint, 2, 5000});
    applies("node-1", 2);
    says("node-1", 0, [](auto& window) { window.incarnation = "second"; });
    EXPECT_FALSE(applied());
}

using Presence = WatcherTest;

TEST_F(Presence, is_news_until_it_is_known) {
    says("node-1", 0);
    EXPECT_EQ(watcher_.joined({}, 0), (std::vector<ServingNodeJoined>{{{"node-1"}, "first"}}));
    EXPECT_TRUE(watcher_.joined({{{"node-1"}, "first"}}, 0).empty());
}

TEST_F(Presence, ends_in_silence) {
    const Nodes known{{{"node-1"}, "first"}};
    says("node-1", 1000);
    EXPECT_TRUE(watcher_.lost(known, 1000 + Watcher::lost_after_ms).empty());
    EXPECT_EQ(watcher_.lost(known, 1001 + Watcher::lost_after_ms),
              (std::vector<ServingNodeLost>{{{"node-1"}, "first", false}}));
    EXPECT_TRUE(watcher_.joined({}, 1001 + Watcher::lost_after_ms).empty());
}

TEST_F(Presence, ends_at_once_with_a_farewell) {
    says("node-1", 0, [](auto& window) { window.stopping = true; });
    EXPECT_EQ(watcher_.lost({{{"node-1"}, "first"}}, 0), (std::vector<ServingNodeLost>{{{"node-1"}, "first", true}}));
    EXPECT_TRUE(watcher_.joined({}, 0).empty());
}

TEST_F(Presence, of_a_new_process_ends_that_of_the_old_one) {
    const Nodes known{{{"node-1"}, "first"}};
    says("node-1", 0);
    says("node-1", 0, [](auto& window) { window.incarnation = "second"; });
    EXPECT_EQ(watcher_.joined(known, 0), (std::vector<ServingNodeJoined>{{{"node-1"}, "second"}}));
    EXPECT_EQ(watcher_.lost(known, 0), (std::vector<ServingNodeLost>{{{"node-1"}, "first", false}}));
}

TEST_F(Presence, of_a_node_that_the_telemetry_has_forgotten_ends) {
    EXPECT_EQ(watcher_.lost({{{"node-9"}, "old"}}, 0), (std::vector<ServingNodeLost>{{{"node-9"}, "old", false}}));
}

}  // namespace
}  // namespace sluice::deployer
