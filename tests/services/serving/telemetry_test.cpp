#include "common/prometheus/metrics.hpp"
#include "events/codec.hpp"
#include "services/serving/reporter.hpp"
#include "tests/services/serving/facts.hpp"
#include "tests/sim/executor.hpp"

#include <gtest/gtest.h>

namespace sluice::serving {
namespace {

const Route canary_route = split({1, digest_of("1")}, {2, digest_of("2")}, 1000, 2);

Windows windows_of(Windows::Limits limits = {}) { return {{"node-1"}, "0123456789abcdef", 0, limits}; }

const ArmWindow* arm_of(const TelemetryWindow& window, Arm arm) {
    for (const auto& each : window.arms)
        if (each.arm == arm) return &each;
    return nullptr;
}

TEST(Windows, count_an_entity_once_in_a_rollout) {
    auto windows = windows_of();
    for (int i = 0; i < 3; ++i) windows.count(canary_route, Arm::stable, 0xabc, false, 2);
    const auto first = windows.take(1000, false);
    ASSERT_EQ(first.size(), 1u);
    const auto* arm = arm_of(first[0], Arm::stable);
    EXPECT_EQ(arm->requests, 3u);
    EXPECT_EQ(arm->first_ok, std::vector<std::string>{"0000000000000abc"});
    EXPECT_EQ(arm->latency_ms_sum, 6);
    EXPECT_EQ(arm->version, 1u);

    windows.count(canary_route, Arm::stable, 0xabc, false, 2);
    auto wider = canary_route;
    wider.revision = 3, wider.canary_weight_bp = 5000;
    windows.applied(wider);
    windows.count(wider, Arm::canary, 0xabc, false, 2);
    const auto second = windows.take(2000, false);
    ASSERT_EQ(second[0].arms.size(), 2u);
    for (const auto& each : second[0].arms) EXPECT_TRUE(each.first_ok.empty());
}

TEST(Windows, list_an_entitys_first_error_apart_from_its_first_request) {
    auto windows = windows_of();
    windows.count(canary_route, Arm::canary, 1, false, 1);
    windows.count(canary_route, Arm::canary, 1, true, 1);
    windows.count(canary_route, Arm::canary, 1, true, 1);
    windows.count(canary_route, Arm::canary, 2, true, 1);
    const auto taken = windows.take(1000, false);
    const auto* arm = arm_of(taken[0], Arm::canary);
    EXPECT_EQ(arm->errors, 3u);
    EXPECT_EQ(arm->first_ok.size(), 1u);
    EXPECT_EQ(arm->first_failed, std::vector<std::string>{"0000000000000002"});
    EXPECT_EQ(arm->first_errors.size(), 2u);
}

TEST(Windows, list_no_entities_on_a_route_with_one_arm) {
    auto windows = windows_of();
    windows.count(all_to({1, digest_of("1")}, 1), Arm::stable, 1, true, 1);
    const auto taken = windows.take(1000, false);
    EXPECT_EQ(taken[0].arms[0].errors, 1u);
    EXPECT_TRUE(taken[0].arms[0].first_failed.empty());
    EXPECT_TRUE(taken[0].arms[0].first_errors.empty());
}

TEST(Windows, start_over_with_the_next_rollout) {
    auto windows = windows_of();
    windows.count(canary_route, Arm::stable, 1, false, 1);
    auto next = canary_route;
    next.revision = 3, next.rollout = {8, 8};
    windows.applied(next);
    windows.take(1000, false);
    windows.count(next, Arm::stable, 1, false, 1);
    EXPECT_EQ(windows.take(2000, false)[0].arms[0].first_ok.size(), 1u);
}

TEST(Windows, count_what_finds_no_room_and_never_list_it) {
    auto windows = windows_of({.entities_max = 2});
    for (std::uint64_t entity = 0; entity < 5; ++entity) windows.count(canary_route, Arm::stable, entity, false, 1);
    const auto taken = windows.take(1000, false);
    EXPECT_EQ(taken[0].arms[0].first_ok.size(), 2u);
    EXPECT_EQ(taken[0].arms[0].overflow, 3u);
}

TEST(Windows, say_in_each_what_is_in_force) {
    auto windows = windows_of();
    windows.applied(all_to({1, digest_of("1")}, 1));
    windows.refused(canary_route, "not_approved", std::string(5000, 'x'));
    for (std::uint64_t sequence = 1; sequence <= 2; ++sequence) {
        const auto taken = windows.take(1000, false);
        ASSERT_EQ(taken.size(), 1u);
        EXPECT_EQ(taken[0].sequence, sequence);
        EXPECT_EQ(taken[0].applied, (std::vector<AppliedRoute>{{endpoint, 1}}));
        ASSERT_EQ(taken[0].refused.size(), 1u);
        EXPECT_EQ(taken[0].refused[0].revision, 2u);
        EXPECT_LE(taken[0].refused[0].detail.size(), 500u);
    }
    windows.applied(canary_route);
    EXPECT_TRUE(windows.take(2000, false)[0].refused.empty());
}

TEST(Windows, are_taken_before_one_is_too_large) {
    auto windows = windows_of();
    std::uint64_t listed = 0, overflow = 0;
    const auto look = [&] {
        for (const auto& window : windows.take(1000, false)) {
            EXPECT_LE(events::to_json(window).size(), 100'000u);
            for (const auto& arm : window.arms) listed += arm.first_failed.size(), overflow += arm.overflow;
        }
    };
    for (std::uint64_t entity = 0; entity < 20'000; ++entity) {
        windows.count(canary_route, entity % 2 ? Arm::canary : Arm::stable, entity * 0x9e3779b97f4a7c15, true, 1);
        if (windows.full()) look();
    }
    look();
    EXPECT_EQ(listed, 20'000u);
    EXPECT_EQ(overflow, 0u);
}

TEST(Windows, are_several_where_one_would_be_too_large) {
    auto windows = windows_of();
    for (int i = 0; i < 3000; ++i) windows.count_feature(fraud, {"column-" + std::to_string(i)}, 1, 2);
    const auto taken = windows.take(1000, false);
    EXPECT_GT(taken.size(), 1u);
    std::size_t counts = 0;
    for (const auto& window : taken) {
        EXPECT_LE(events::to_json(window).size(), 100'000u);
        counts += window.features.size();
    }
    EXPECT_EQ(counts, 3000u);
    EXPECT_EQ(taken[1].sequence, 2u);
}

class Reporting : public testing::Test {
protected:
    core::Time world_ = 0;
    tests::VirtualExecutor executor_{world_, 0};
    std::unique_ptr<runtime::Metrics> metrics_ = prometheus::make_metrics();
    bool away_ = false;
    std::vector<TelemetryWindow> sent_;
    Reporter reporter_{executor_, *metrics_, windows_of(), [this](const std::string& text) {
                           if (away_) return false;
                           sent_.push_back(*events::from_json<TelemetryWindow>(text).value);
                           return true;
                       }};

    /// What was sent in the meantime.
    std::size_t pass(core::Time ms) {
        const auto before = sent_.size();
        for (const auto end = world_ + ms; world_ < end;) ++world_, executor_.turn();
        return sent_.size() - before;
    }
    std::size_t errors() const {
        std::size_t errors = 0;
        for (const auto& window : sent_)
            for (const auto& arm : window.arms) errors += arm.errors;
        return errors;
    }
};

TEST_F(Reporting, happens_every_second) { EXPECT_EQ(pass(5000), 5u); }

TEST_F(Reporting, happens_at_once_when_a_route_is_applied_or_refused) {
    const auto before = sent_.size();
    reporter_.applied(all_to({1, digest_of("1")}, 1));
    reporter_.refused(canary_route, "not_approved", "no");
    ASSERT_EQ(sent_.size(), before + 2);
    EXPECT_EQ(sent_.back().refused[0].code, "not_approved");
}

TEST_F(Reporting, tells_the_first_error_of_a_canary_at_once_and_more_of_them_together) {
    const auto before = sent_.size();
    for (std::uint64_t i = 0; i < 10; ++i) reporter_.count(canary_route, Arm::canary, i, true, 1);
    EXPECT_EQ(sent_.size(), before + 1);
    EXPECT_EQ(errors(), 1u);
    EXPECT_EQ(pass(50), 1u);
    EXPECT_EQ(errors(), 10u);
    EXPECT_EQ(pass(60), 0u) << "the pause after them is empty";
}

TEST_F(Reporting, lets_an_error_wait_where_there_is_no_canary) {
    const auto before = sent_.size();
    reporter_.count(all_to({1, digest_of("1")}, 1), Arm::stable, 1, true, 1);
    EXPECT_EQ(sent_.size(), before);
    pass(1000);
    EXPECT_EQ(errors(), 1u);
}

TEST_F(Reporting, keeps_windows_while_kafka_is_away_but_not_for_ever) {
    away_ = true;
    pass(10'000);
    away_ = false;
    EXPECT_EQ(pass(1000), 11u);
    away_ = true;
    pass(1000 * static_cast<core::Time>(Reporter::waiting_max + 44));
    away_ = false;
    EXPECT_EQ(pass(1000), Reporter::waiting_max);
    EXPECT_NE(metrics_->expose().find("sluice_serving_telemetry_dropped_total 45"), std::string::npos);
}

TEST_F(Reporting, says_at_the_end_that_the_node_stops) {
    reporter_.stop();
    EXPECT_TRUE(sent_.back().stopping);
    EXPECT_EQ(pass(3000), 0u);
}

}  // namespace
}  // namespace sluice::serving
