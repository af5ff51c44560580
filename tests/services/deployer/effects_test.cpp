#include "services/deployer/effects.hpp"

#include "common/memory/streams.hpp"
#include "common/prometheus/metrics.hpp"
#include "events/codec.hpp"
#include "tests/support/clockwork.hpp"
#include "tests/support/facts.hpp"

#include <gtest/gtest.h>

namespace sluice::deployer {
namespace {

using namespace std::chrono_literals;
using namespace tests;

const std::string topic = "sluice.telemetry";
const core::FactId question{1, 1};

TelemetryWindow window(Revision applied, bool stopping = false) {
    TelemetryWindow window;
    window.node = {"node-1"}, window.incarnation = "first", window.stopping = stopping;
    window.applied = {{endpoint, applied}};
    return window;
}

/// A deployer's effects over telemetry in memory; time passes only when a test says so.
class WatchingTest : public testing::Test {
protected:
    WatchingTest() {
        watching_.on_news([this] { ++news_; });
    }

    void says(const TelemetryWindow& window) {
        streams_.set_time(executor_.now());
        streams_.put(topic, window.node.text, events::to_json(window));
    }
    std::size_t answers() { return watching_.take_outcomes().size(); }

    support::Clockwork executor_;
    memory::Streams streams_;
    std::unique_ptr<runtime::Metrics> metrics_ = prometheus::make_metrics();
    memory::Subscriber telemetry_{streams_, topic};
    Watching watching_{executor_, telemetry_, *metrics_, "test"};
    int news_ = 0;
};

TEST_F(WatchingTest, answers_from_telemetry) {
    watching_.begin(question, WatchRoute{endpoint, 2, 5000});
    EXPECT_EQ(answers(), 0u);
    says(window(2));
    EXPECT_GT(news_, 0);
    const auto outcomes = watching_.take_outcomes();
    ASSERT_EQ(outcomes.size(), 1u);
    EXPECT_EQ(outcomes[0].id, question);
    EXPECT_EQ(std::get<RouteApplied>(outcomes[0].fact), (RouteApplied{endpoint, 2, {{"node-1"}}}));
}

TEST_F(WatchingTest, answers_nothing_before_it_has_read_what_was_there) {
    for (int i = 0; i < 1500; ++i) says(window(2));
    memory::Subscriber behind{streams_, topic};
    Watching restarted{executor_, behind, *metrics_, "test"};
    restarted.begin(question, WatchRoute{endpoint, 2, 5000});
    EXPECT_TRUE(restarted.unready());
    EXPECT_TRUE(restarted.take_outcomes().empty());
    EXPECT_TRUE(restarted.observed({}).empty());
    EXPECT_EQ(restarted.take_outcomes().size(), 1u);
    EXPECT_EQ(restarted.observed({}).size(), 1u);
    EXPECT_FALSE(restarted.unready());
}

TEST_F(WatchingTest, counts_what_is_no_window_and_reads_on) {
    streams_.put(topic, "node-1", "{}");
    streams_.put(topic, "node-1", "not even JSON");
    says(window(2));
    watching_.begin(question, WatchRoute{endpoint, 2, 5000});
    EXPECT_EQ(answers(), 1u);
    const auto text = metrics_->expose();
    EXPECT_NE(text.find("sluice_deployer_telemetry_malformed_total 2"), std::string::npos) << text;
    EXPECT_NE(text.find("sluice_deployer_telemetry_windows_total 1"), std::string::npos) << text;
}

TEST_F(WatchingTest, looks_again_from_time_to_time_because_silence_makes_no_news) {
    executor_.pass(1s);
    EXPECT_EQ(news_, 5);
}

TEST_F(WatchingTest, rings_an_alarm_at_its_time_and_once) {
    watching_.begin(question, WakeAt{{5000}});
    executor_.pass(4999ms);
    EXPECT_EQ(answers(), 0u);
    executor_.pass(1ms);
    const auto outcomes = watching_.take_outcomes();
    ASSERT_EQ(outcomes.size(), 1u);
    EXPECT_EQ(std::get<DeadlinePassed>(outcomes[0].fact), (DeadlinePassed{"deployer", {5000}}));
    EXPECT_EQ(answers(), 0u);
}

TEST_F(WatchingTest, forgets_what_was_withdrawn) {
    watching_.begin(question, WakeAt{{5000}});
    watching_.cancel(question);
    watching_.begin({2, 2}, WatchRoute{endpoint, 2, 5000});
    watching_.cancel({2, 2});
    says(window(2));
    executor_.pass(5s);
    EXPECT_EQ(answers(), 0u);
}

TEST_F(WatchingTest, answers_a_question_that_is_asked_again_after_its_fact_was_lost) {
    says(window(2));
    for (int i = 0; i < 2; ++i) {
        watching_.begin(question, WatchRoute{endpoint, 2, 5000});
        EXPECT_EQ(answers(), 1u);
    }
}

TEST_F(WatchingTest, reports_a_measurement_five_seconds_after_it_was_asked_for) {
    executor_.pass(1h);
    const RolloutRef rollout{{7, 7}, endpoint, fraud, 2};
    watching_.begin(question, MeasureCanary{rollout, 1, 2, {{2, 0.1, {}, {}}}, 0, {}});
    auto counted = window(2);
    ArmWindow arm;
    arm.endpoint = endpoint, arm.rollout = rollout.rollout, arm.revision = 2, arm.arm = Arm::canary;
    arm.first_ok = {"0000000000000001"};
    counted.arms = {arm};
    says(counted);
    EXPECT_EQ(answers(), 0u);
    executor_.pass(5s);
    EXPECT_EQ(answers(), 1u);
}

TEST_F(WatchingTest, says_of_a_node_under_one_id_that_it_joined_until_that_is_known) {
    says(window(1));
    answers();
    const auto first = watching_.observed({});
    ASSERT_EQ(first.size(), 1u);
    EXPECT_EQ(std::get<ServingNodeJoined>(first[0].fact), (ServingNodeJoined{{"node-1"}, "first"}));
    EXPECT_EQ(watching_.observed({})[0].id, first[0].id);
    EXPECT_TRUE(watching_.observed({{{"node-1"}, {"first", first[0].id, true}}}).empty());
}

TEST_F(WatchingTest, says_that_a_node_was_lost_because_it_had_joined) {
    says(window(1));
    answers();
    const auto joined = watching_.observed({})[0].id;
    says(window(1, true));
    answers();
    const auto lost = watching_.observed({{{"node-1"}, {"first", joined, true}}});
    ASSERT_EQ(lost.size(), 1u);
    EXPECT_EQ(lost[0].cause, joined);
    EXPECT_EQ(std::get<ServingNodeLost>(lost[0].fact), (ServingNodeLost{{"node-1"}, "first", true}));
}

TEST_F(WatchingTest, says_that_a_node_came_back_because_it_was_lost_and_never_under_its_first_id) {
    says(window(1));
    answers();
    const auto joined = watching_.observed({})[0].id;
    const core::FactId lost{5, 5};
    const auto back = watching_.observed({{{"node-1"}, {"first", lost, false}}});
    ASSERT_EQ(back.size(), 1u);
    EXPECT_EQ(back[0].cause, lost);
    EXPECT_NE(back[0].id, joined);
}

TEST_F(WatchingTest, leaves_no_timer_behind) {
    {
        memory::Subscriber other{streams_, topic};
        const Watching short_lived{executor_, other, *metrics_, "test"};
        EXPECT_EQ(executor_.timers(), 2u);
    }
    EXPECT_EQ(executor_.timers(), 1u);
}

}  // namespace
}  // namespace sluice::deployer
