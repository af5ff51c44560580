#include "common/prometheus/metrics.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <stdexcept>
#include <thread>

namespace sluice::prometheus {
namespace {

class Metrics : public testing::Test {
protected:
    /// The number behind `series ` in the exposed text; nothing when there is no such line.
    std::string sample(const std::string& series) const {
        const auto text = "\n" + metrics_->expose();
        const auto start = text.find("\n" + series + " ");
        if (start == std::string::npos) return "";
        const auto number = start + series.size() + 2;
        return text.substr(number, text.find('\n', number) - number);
    }

    bool exposes(const std::string& line) const { return metrics_->expose().find(line + "\n") != std::string::npos; }

    std::unique_ptr<runtime::Metrics> metrics_ = make_metrics();
    runtime::Metrics& port_ = *metrics_;
    static constexpr double none = std::numeric_limits<double>::quiet_NaN();
};

TEST_F(Metrics, says_what_a_counter_is_for_and_how_far_it_came) {
    port_.counter("sluice_listener_events_total", "Events taken.", {{"type", "completed"}}).add();
    port_.counter("sluice_listener_events_total", "Events taken.", {{"type", "completed"}}).add(2);
    EXPECT_TRUE(exposes("# HELP sluice_listener_events_total Events taken."));
    EXPECT_TRUE(exposes("# TYPE sluice_listener_events_total counter"));
    EXPECT_EQ(sample("sluice_listener_events_total{type=\"completed\"}"), "3");
}

TEST_F(Metrics, gives_the_same_object_for_the_same_name_and_labels) {
    auto& first = port_.counter("a_total", "", {{"x", "1"}, {"y", "2"}});
    EXPECT_EQ(&first, &port_.counter("a_total", "another help", {{"y", "2"}, {"x", "1"}}));
    EXPECT_NE(&first, &port_.counter("a_total", "", {{"x", "1"}}));
    EXPECT_EQ(&port_.gauge("b", ""), &port_.gauge("b", ""));
    EXPECT_EQ(&port_.histogram("c", "", {1}, {}), &port_.histogram("c", "", {2}, {}));
}

TEST_F(Metrics, never_counts_backwards) {
    auto& counter = port_.counter("a_total", "");
    counter.add(2);
    for (const double amount : {-1.0, 0.0, none, std::numeric_limits<double>::infinity()}) counter.add(amount);
    EXPECT_EQ(sample("a_total"), "2");
}

TEST_F(Metrics, moves_a_gauge_both_ways) {
    auto& gauge = port_.gauge("a", "");
    gauge.set(5);
    gauge.add(-7);
    EXPECT_EQ(sample("a"), "-2");
}

TEST_F(Metrics, sorts_observations_into_buckets) {
    auto& histogram = port_.histogram("a_seconds", "", {1, 2}, {{"e", "fraud"}});
    for (const double value : {0.5, 1.0, 1.5, 8.0, none}) histogram.observe(value);
    EXPECT_EQ(sample("a_seconds_bucket{e=\"fraud\",le=\"1\"}"), "2");
    EXPECT_EQ(sample("a_seconds_bucket{e=\"fraud\",le=\"2\"}"), "3");
    EXPECT_EQ(sample("a_seconds_bucket{e=\"fraud\",le=\"+Inf\"}"), "4");
    EXPECT_EQ(sample("a_seconds_count{e=\"fraud\"}"), "4");
    EXPECT_EQ(sample("a_seconds_sum{e=\"fraud\"}"), "11");
}

TEST_F(Metrics, gathers_label_sets_beyond_the_bound_in_one_series) {
    const auto of_model = [this](int number) -> runtime::Counter& {
        return port_.counter("a_total", "", {{"model", std::to_string(number)}});
    };
    const auto bound = static_cast<int>(runtime::Metrics::label_sets_max);
    for (int model = 0; model < bound + 3; ++model) of_model(model).add();
    EXPECT_EQ(sample("a_total{model=\"999\"}"), "1");
    EXPECT_EQ(sample("a_total{model=\"1000\"}"), "");
    EXPECT_EQ(sample("a_total{overflow=\"true\"}"), "3");
    EXPECT_EQ(sample("sluice_metrics_overflow_total{metric=\"a_total\"}"), "3");
    of_model(7).add();
    EXPECT_EQ(sample("a_total{model=\"7\"}"), "2") << "a set that has its place keeps it";
}

TEST_F(Metrics, keeps_the_text_well_formed_whatever_a_label_says) {
    port_.counter("a_total", "", {{"model", "a\"b\\c\nd\xff"}}).add();
    EXPECT_EQ(sample("a_total{model=\"a\\\"b\\\\c?d?\"}"), "1");
}

TEST_F(Metrics, cuts_a_long_label) {
    port_.counter("a_total", "", {{"model", std::string(201, 'm')}}).add();
    EXPECT_EQ(sample("a_total{model=\"" + std::string(200, 'm') + "\"}"), "1");
}

TEST_F(Metrics, refuses_what_only_a_programmer_can_get_wrong) {
    EXPECT_THROW(port_.counter("not a name", ""), std::invalid_argument);
    EXPECT_THROW(port_.counter("a_total", "", {{"not a label", "x"}}), std::invalid_argument);
    port_.counter("b", "");
    EXPECT_THROW(port_.gauge("b", ""), std::invalid_argument);
    EXPECT_THROW(port_.histogram("c", "", {2, 1}, {}), std::invalid_argument);
    EXPECT_THROW(port_.histogram("d", "", {1, 1}, {}), std::invalid_argument);
    EXPECT_NO_THROW(port_.expose());
    EXPECT_EQ(sample("a_total"), "");
}

TEST_F(Metrics, may_be_used_from_any_thread) {
    const auto count = [this] {
        for (int i = 0; i < 1000; ++i) port_.counter("a_total", "", {{"n", std::to_string(i % 10)}}).add();
    };
    std::thread other{count};
    count();
    other.join();
    EXPECT_EQ(sample("a_total{n=\"3\"}"), "200");
}

}  // namespace
}  // namespace sluice::prometheus
