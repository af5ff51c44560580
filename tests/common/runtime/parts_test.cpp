#include "common/runtime/alarms.hpp"
#include "common/runtime/log.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>

using namespace sluice;
using namespace sluice::runtime;

namespace {

/// An executor whose time is the test's to move. Only timers.
class Clock final : public Executor {
public:
    core::Time time = 0;

    /// Time passes, and what was due meanwhile runs.
    void pass(core::Time ms) {
        const auto end = time + ms;
        while (!due_.empty() && due_.begin()->first.first <= end) {
            auto timer = due_.extract(due_.begin());
            time = std::max(time, timer.key().first);
            timer.mapped()();
        }
        time = end;
    }
    /// Somebody sets the wall clock; no timer notices.
    void set(core::Time to) { skew_ = to - time; }
    std::size_t timers() const { return due_.size(); }

    core::Time now() override { return time + skew_; }
    TimerId after(std::chrono::milliseconds delay, std::function<void()> work) override {
        due_.emplace(std::pair{time + delay.count(), ++last_}, std::move(work));
        return last_;
    }
    void cancel(TimerId timer) override {
        std::erase_if(due_, [&](const auto& each) { return each.first.second == timer; });
    }
    void post(std::function<void()> work) override { after(std::chrono::milliseconds{0}, std::move(work)); }
    void watch_readable(int, std::function<void()>) override {}
    void unwatch(int) override {}
    void on_signal(std::vector<int>, std::function<void(int)>) override {}
    void run() override {}
    void stop() override {}

private:
    std::map<std::pair<core::Time, TimerId>, std::function<void()>> due_;
    TimerId last_ = 0;
    core::Time skew_ = 0;
};

const core::FactId noon{0, 12}, dusk{0, 18};

struct Tower {
    Clock clock;
    Alarms alarms{clock};
    int woken = 0;
    Tower() {
        alarms.on_news([this] { ++woken; });
    }
};

struct Heard {
    std::vector<std::string> lines;
    Log log(Log::Level least = Log::Level::info) {
        return Log{"registry", "1", least, [this](std::string_view line) { lines.emplace_back(line); }};
    }
};

}  // namespace

TEST(Alarms, ring_at_their_time_once) {
    Tower tower;
    tower.alarms.set(noon, 100);
    tower.clock.pass(99);
    EXPECT_EQ(tower.woken, 0);
    EXPECT_TRUE(tower.alarms.take_rung().empty());
    tower.clock.pass(1);
    EXPECT_EQ(tower.woken, 1);
    EXPECT_EQ(tower.alarms.take_rung(), (std::vector{std::pair{noon, core::Time{100}}}));
    EXPECT_TRUE(tower.alarms.take_rung().empty());
    tower.clock.pass(1000);
    EXPECT_EQ(tower.woken, 1);
}

TEST(Alarms, ring_each_at_its_own_time) {
    Tower tower;
    tower.alarms.set(dusk, 200);
    tower.alarms.set(noon, 100);
    tower.clock.pass(150);
    EXPECT_EQ(tower.alarms.take_rung().size(), 1u);
    tower.clock.pass(50);
    EXPECT_EQ(tower.alarms.take_rung(), (std::vector{std::pair{dusk, core::Time{200}}}));
}

TEST(Alarms, ring_at_once_for_what_is_past) {
    Tower tower;
    tower.clock.time = 500;
    tower.alarms.set(noon, 100);
    tower.clock.pass(0);
    EXPECT_EQ(tower.woken, 1);
}

TEST(Alarms, do_not_ring_when_cancelled) {
    Tower tower;
    tower.alarms.set(noon, 100);
    tower.alarms.cancel(noon);
    tower.clock.pass(200);
    EXPECT_TRUE(tower.alarms.take_rung().empty());
}

TEST(Alarms, can_be_set_anew) {
    Tower tower;
    tower.alarms.set(noon, 100);
    tower.alarms.set(noon, 300);
    tower.clock.pass(200);
    EXPECT_TRUE(tower.alarms.take_rung().empty());
    tower.clock.pass(100);
    EXPECT_EQ(tower.alarms.take_rung().size(), 1u);
}

TEST(Alarms, notice_within_a_minute_that_the_clock_was_set) {
    Tower tower;
    tower.alarms.set(noon, 86'400'000);
    tower.clock.set(86'400'000);
    tower.clock.pass(60'000);
    EXPECT_EQ(tower.woken, 1);
    EXPECT_EQ(tower.alarms.take_rung().size(), 1u);
}

TEST(Alarms, wait_for_a_far_time_with_one_timer) {
    Tower tower;
    tower.alarms.set(noon, 86'400'000);
    tower.alarms.set(dusk, 86'400'000);
    for (int minute = 0; minute < 100; ++minute) {
        tower.clock.pass(60'000);
        EXPECT_EQ(tower.clock.timers(), 1u);
    }
}

TEST(Alarms, leave_no_timer_behind) {
    Clock clock;
    { Alarms(clock).set(noon, 100); }
    EXPECT_EQ(clock.timers(), 0u);
}

TEST(Log, writes_one_json_object_a_line) {
    Heard heard;
    heard.log().info("said", {{"position", "7"}, {"trace_id", "4bf9"}});
    ASSERT_EQ(heard.lines.size(), 1u);
    EXPECT_TRUE(heard.lines[0].starts_with(R"({"time":"20)")) << heard.lines[0];
    EXPECT_TRUE(heard.lines[0].ends_with(
        R"("level":"info","service":"registry","instance":"1","message":"said","position":"7","trace_id":"4bf9"})"
        "\n"))
        << heard.lines[0];
}

TEST(Log, keeps_a_line_a_line_whatever_it_is_told) {
    Heard heard;
    heard.log().error("two\nlines \"quoted\"", {{"a\nb", "\x01\xff"}});
    EXPECT_EQ(std::ranges::count(heard.lines.at(0), '\n'), 1);
    EXPECT_NE(heard.lines[0].find(R"(two\u000alines \"quoted\")"), std::string::npos);
    EXPECT_NE(heard.lines[0].find(R"("a\u000ab":"\u0001?")"), std::string::npos);
}

TEST(Log, says_nothing_below_its_level) {
    Heard heard;
    const auto log = heard.log(Log::Level::warning);
    log.debug("a");
    log.info("b");
    log.warning("c");
    log.error("d");
    EXPECT_EQ(heard.lines.size(), 2u);
}

TEST(Log, bounds_a_field) {
    Heard heard;
    heard.log().info("said", {{"value", std::string(100'000, 'x')}});
    EXPECT_LT(heard.lines.at(0).size(), 1300u);
}

TEST(Log, finds_the_trace_id_of_a_traceparent) {
    EXPECT_EQ(trace_id("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"), "4bf92f3577b34da6a3ce929d0e0e4736");
    EXPECT_EQ(trace_id(""), "");
    EXPECT_EQ(trace_id("01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"), "");
    EXPECT_EQ(trace_id("00-short"), "");
}
