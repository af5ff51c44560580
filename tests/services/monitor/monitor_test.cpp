#include "common/memory/streams.hpp"
#include "common/prometheus/metrics.hpp"
#include "events/codec.hpp"
#include "services/monitor/watch.hpp"
#include "tests/sim/executor.hpp"

#include <gtest/gtest.h>

namespace sluice::monitor {
namespace {

const Model fraud{"fraud"};
const Column amount{"amount"};

PolicyPublished requiring(std::vector<Column> features, std::uint32_t version = 1) {
    PolicyPublished published;
    published.version = version;
    published.policy.model = fraud;
    published.policy.serving = ServingRule{};
    published.policy.serving->required_features = std::move(features);
    return published;
}

class Monitor : public testing::Test {
protected:
    void given(PolicyPublished published) {
        evolve(state_, {{}, std::move(published)});
        watch_.follow();
    }
    void reported(std::uint64_t sequence, std::uint64_t present, std::uint64_t missing, core::Time at = 1000,
                  const Column& feature = amount, const std::string& incarnation = "a") {
        TelemetryWindow window;
        window.node = {"node-1"}, window.incarnation = incarnation, window.sequence = sequence, window.until = {at};
        window.features = {{fraud, feature, present, missing}};
        streams_.put("sluice.telemetry", "node-1", events::to_json(window));
        executor_.turn();
    }
    bool shows(const std::string& line) {
        const auto text = metrics_->expose();
        return text.find(line + "\n") != std::string::npos ? true : (shown_ = text, false);
    }

    State state_;
    memory::Streams streams_;
    memory::Subscriber telemetry_{streams_, "sluice.telemetry"};
    core::Time world_ = 0;
    tests::VirtualExecutor executor_{world_, 0};
    std::unique_ptr<runtime::Metrics> metrics_ = prometheus::make_metrics();
    runtime::Log log_{"monitor", "1", runtime::Log::Level::error, [](std::string_view) {}};
    Watch watch_{{executor_, telemetry_, state_, *metrics_, log_}};
    std::string shown_;
};

TEST_F(Monitor, shows_the_share_of_a_required_feature_that_is_missing) {
    given(requiring({amount}));
    reported(1, 3, 1);
    EXPECT_TRUE(shows(R"(sluice_monitor_feature_missing_ratio{feature="amount",model="fraud"} 0.25)")) << shown_;
    reported(2, 0, 4);
    EXPECT_TRUE(shows(R"(sluice_monitor_feature_missing_ratio{feature="amount",model="fraud"} 0.625)")) << shown_;
    EXPECT_TRUE(shows(R"(sluice_monitor_feature_values_total{feature="amount",model="fraud",status="missing"} 5)"))
        << shown_;
}

TEST_F(Monitor, has_the_series_of_what_is_required_before_there_is_traffic) {
    given(requiring({amount}));
    EXPECT_TRUE(shows(R"(sluice_monitor_feature_values_total{feature="amount",model="fraud",status="missing"} 0)"))
        << shown_;
}

TEST_F(Monitor, watches_nothing_that_no_policy_requires) {
    given(requiring({amount}));
    reported(1, 0, 9, 1000, {"hour"});
    EXPECT_EQ(metrics_->expose().find("hour"), std::string::npos);
    given(requiring({{"hour"}}, 2));
    given(requiring({amount}, 1));
    EXPECT_TRUE(is_required(state_, fraud, {"hour"})) << "an older policy that lands later changes nothing";
    EXPECT_FALSE(is_required(state_, fraud, amount));
}

TEST_F(Monitor, counts_a_window_once) {
    given(requiring({amount}));
    reported(1, 1, 1);
    reported(1, 1, 1);
    reported(1, 1, 1, 1000, amount, "b");
    EXPECT_TRUE(shows(R"(sluice_monitor_feature_values_total{feature="amount",model="fraud",status="missing"} 2)"))
        << shown_;
}

TEST_F(Monitor, forgets_after_five_minutes) {
    given(requiring({amount}));
    reported(1, 0, 100, 1000);
    reported(2, 9, 1, 301'000);
    EXPECT_TRUE(shows(R"(sluice_monitor_feature_missing_ratio{feature="amount",model="fraud"} 0.1)")) << shown_;
    reported(3, 0, 100, 1000);
    EXPECT_TRUE(shows(R"(sluice_monitor_feature_missing_ratio{feature="amount",model="fraud"} 0.1)")) << shown_;
}

TEST_F(Monitor, passes_what_it_cannot_read_and_counts_it) {
    given(requiring({amount}));
    streams_.put("sluice.telemetry", "node-1", "nonsense");
    reported(1, 1, 1);
    EXPECT_TRUE(shows("sluice_monitor_unreadable_total 1")) << shown_;
    EXPECT_TRUE(shows(R"(sluice_monitor_feature_missing_ratio{feature="amount",model="fraud"} 0.5)")) << shown_;
}

TEST_F(Monitor, is_ready_when_it_has_read_what_was_there) {
    EXPECT_FALSE(watch_.unready());
    streams_.put("sluice.telemetry", "n", "{}");
    memory::Subscriber late{streams_, "sluice.telemetry"};
    Watch watch{{executor_, late, state_, *metrics_, log_}};
    EXPECT_TRUE(watch.unready());
    executor_.turn();
    EXPECT_FALSE(watch.unready());
}

TEST(MissingRate, has_none_before_anything_was_counted) { EXPECT_FALSE(MissingRate{}.ratio()); }

}  // namespace
}  // namespace sluice::monitor
