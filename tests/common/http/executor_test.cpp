#include "common/http/asio_executor.hpp"

#include <gtest/gtest.h>

#include <unistd.h>
#include <csignal>
#include <string>
#include <thread>

namespace sluice::http {
namespace {

using namespace std::chrono_literals;

class RealExecutor : public testing::Test {
protected:
    std::unique_ptr<runtime::Executor> executor = make_executor();
    std::string seen;
    int ends[2] = {-1, -1};

    void SetUp() override { ASSERT_EQ(::pipe(ends), 0); }
    void TearDown() override {
        executor.reset();
        ::close(ends[0]);
        ::close(ends[1]);
    }
    void put(const char* text) { ASSERT_EQ(::write(ends[1], text, 1), 1); }
    void take() {
        char c = 0;
        ASSERT_EQ(::read(ends[0], &c, 1), 1);
        seen += c;
    }
    std::function<void()> note(char c) {
        return [this, c] { seen += c; };
    }
};

TEST_F(RealExecutor, runs_what_was_posted_in_order_and_never_at_once) {
    executor->post([&] {
        executor->post(note('b'));
        executor->post([&] { executor->stop(); });
        seen += 'a';
    });
    EXPECT_EQ(seen, "");
    executor->run();
    EXPECT_EQ(seen, "ab");
}

TEST_F(RealExecutor, takes_work_from_other_threads_while_it_has_nothing_to_do) {
    std::thread other{[&] {
        executor->post(note('x'));
        executor->post([&] { executor->stop(); });
    }};
    executor->run();
    other.join();
    EXPECT_EQ(seen, "x");
}

TEST_F(RealExecutor, runs_again_after_it_was_stopped) {
    for (const char c : {'1', '2'}) {
        executor->post(note(c));
        executor->post([&] { executor->stop(); });
        executor->run();
    }
    EXPECT_EQ(seen, "12");
}

TEST_F(RealExecutor, does_not_begin_where_it_was_stopped_before) {
    executor->post(note('x'));
    executor->stop();
    executor->run();
    EXPECT_EQ(seen, "");
}

TEST_F(RealExecutor, fires_timers_by_their_delay_once) {
    executor->after(20ms, [&] { executor->stop(); });
    executor->after(2ms, note('b'));
    executor->after(0ms, note('a'));
    executor->run();
    EXPECT_EQ(seen, "ab");
}

TEST_F(RealExecutor, does_not_fire_a_cancelled_timer_even_if_it_is_due) {
    runtime::Executor::TimerId second = 0;
    executor->after(0ms, [&] {
        seen += 'a';
        executor->cancel(second);
    });
    second = executor->after(0ms, note('b'));
    const auto third = executor->after(1ms, note('c'));
    executor->cancel(third);
    executor->cancel(third);
    executor->cancel(12345);
    executor->after(5ms, [&] { executor->stop(); });
    executor->run();
    EXPECT_EQ(seen, "a");
}

TEST_F(RealExecutor, calls_again_while_a_descriptor_was_not_read_empty) {
    put("a");
    put("b");
    put("c");
    executor->watch_readable(ends[0], [&] {
        take();
        if (seen == "abc") executor->after(2ms, [&] { put("d"); });
        if (seen == "abcd") executor->stop();
    });
    executor->run();
    EXPECT_EQ(seen, "abcd");
}

TEST_F(RealExecutor, does_not_call_for_an_unwatched_descriptor_nor_close_it) {
    put("a");
    put("b");
    executor->watch_readable(ends[0], [&] {
        take();
        executor->unwatch(ends[0]);
        executor->after(5ms, [&] { executor->stop(); });
    });
    executor->run();
    EXPECT_EQ(seen, "a");
    executor->watch_readable(ends[0], [&] { executor->stop(); });
    executor->unwatch(ends[1]);
    executor.reset();
    take();
    EXPECT_EQ(seen, "ab");
}

TEST_F(RealExecutor, lets_a_watch_replace_itself) {
    put("a");
    put("b");
    executor->watch_readable(ends[0], [&] {
        take();
        executor->watch_readable(ends[0], [&] {
            take();
            executor->stop();
        });
    });
    executor->run();
    EXPECT_EQ(seen, "ab");
}

TEST_F(RealExecutor, hears_signals_each_time) {
    executor->on_signal({SIGUSR1, SIGUSR2}, [&](int number) {
        seen += number == SIGUSR1 ? '1' : '2';
        if (seen == "1")
            std::raise(SIGUSR2);
        else
            executor->stop();
    });
    std::raise(SIGUSR1);
    executor->run();
    EXPECT_EQ(seen, "12");
}

TEST_F(RealExecutor, lets_an_exception_out) {
    executor->post([] { throw std::runtime_error{"broken"}; });
    EXPECT_THROW(executor->run(), std::runtime_error);
}

TEST_F(RealExecutor, knows_the_time) { EXPECT_GT(executor->now(), 1'700'000'000'000); }

}  // namespace
}  // namespace sluice::http
