#include "common/process/child.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>

namespace sluice::process {
namespace {

using namespace std::chrono_literals;
using End = Outcome::End;

Command shell(const std::string& script) { return {{"/bin/sh", "-c", script}, "", {"PATH=/usr/bin:/bin"}, {}}; }

Outcome outcome_of(const Command& command) {
    auto result = run(command);
    EXPECT_TRUE(result) << result.failure().text();
    return result ? *result : Outcome{};
}

TEST(Child, answers_with_its_exit_code_and_its_output) {
    const auto outcome = outcome_of(shell("echo out; echo err >&2; exit 7"));
    EXPECT_EQ(outcome.end, End::exited);
    EXPECT_EQ(outcome.number, 7);
    EXPECT_EQ(outcome.out, "out\n");
    EXPECT_EQ(outcome.err, "err\n");
}

TEST(Child, reads_all_of_its_input) {
    auto command = shell("wc -c");
    command.input = std::string(3'000'000, 'x');
    EXPECT_EQ(outcome_of(command).out, "3000000\n");
}

TEST(Child, need_not_read_its_input) {
    auto command = shell("exit 0");
    command.input = std::string(3'000'000, 'x');
    EXPECT_EQ(outcome_of(command).number, 0);
}

TEST(Child, that_crashes_is_an_outcome_that_names_the_signal) {
    const auto outcome = outcome_of(shell("echo before; kill -SEGV $$"));
    EXPECT_EQ(outcome.end, End::killed);
    EXPECT_EQ(outcome.number, SIGSEGV);
    EXPECT_EQ(outcome.out, "before\n");
}

TEST(Child, that_hangs_is_ended_at_its_wall_clock_limit) {
    auto command = shell("echo started; sleep 1000");
    command.limits.wall = 100ms;
    const auto before = std::chrono::steady_clock::now();
    const auto outcome = outcome_of(command);
    EXPECT_EQ(outcome.end, End::timed_out);
    EXPECT_LT(std::chrono::steady_clock::now() - before, 20s);
}

TEST(Child, that_computes_for_ever_is_ended_at_its_cpu_limit) {
    auto command = shell("while :; do :; done");
    command.limits.cpu = 1s;
    const auto outcome = outcome_of(command);
    EXPECT_EQ(outcome.end, End::killed);
    EXPECT_EQ(outcome.number, SIGXCPU);
}

TEST(Child, that_eats_memory_gets_no_more_than_its_limit) {
    auto command = shell("exec tail /dev/zero");
    command.limits.memory_bytes = 100 * 1024 * 1024;
    const auto outcome = outcome_of(command);
    EXPECT_EQ(outcome.end, End::exited);
    EXPECT_NE(outcome.number, 0);
    EXPECT_NE(outcome.err.find("memory"), std::string::npos) << outcome.err;
}

TEST(Child, that_never_stops_talking_is_ended_at_its_output_limit) {
    auto command = shell("while :; do echo talk; done");
    command.limits.output_bytes_max = 1000;
    const auto outcome = outcome_of(command);
    EXPECT_EQ(outcome.end, End::output_too_large);
    EXPECT_EQ(outcome.out.size(), 1000u);
}

TEST(Child, may_write_exactly_its_output_limit) {
    auto command = shell("printf 12345");
    command.limits.output_bytes_max = 5;
    EXPECT_EQ(outcome_of(command).end, End::exited);
    command.limits.output_bytes_max = 4;
    EXPECT_EQ(outcome_of(command).end, End::output_too_large);
}

TEST(Child, that_complains_too_much_is_heard_up_to_the_limit) {
    auto command = shell("i=0; while [ $i -lt 1000 ]; do echo complaint >&2; i=$((i+1)); done; echo done");
    command.limits.output_bytes_max = 100;
    const auto outcome = outcome_of(command);
    EXPECT_EQ(outcome.end, End::exited);
    EXPECT_EQ(outcome.out, "done\n");
    EXPECT_EQ(outcome.err.size(), 100u);
}

TEST(Child, is_cancelled_from_another_thread) {
    const CancelHandle cancel;
    std::thread person{[&] { cancel.cancel(); }};
    const auto outcome = run(shell("sleep 1000"), cancel);
    person.join();
    ASSERT_TRUE(outcome);
    EXPECT_EQ(outcome->end, End::cancelled);
}

TEST(Child, takes_its_own_children_along) {
    auto outcome = outcome_of(shell("sleep 1000 & echo $!"));  // the grandchild holds stdout open
    EXPECT_EQ(outcome.end, End::exited);
    const auto stat = "/proc/" + std::to_string(std::stoi(outcome.out)) + "/stat";
    for (int i = 0; i < 5000; ++i) {  // an orphan is killed at once and reaped a little later, by somebody else
        std::ifstream file(stat);
        std::string number, name, state;
        if (!(file >> number >> name >> state) || state == "Z") return;
        std::this_thread::yield();
    }
    ADD_FAILURE() << "the grandchild is alive";
}

TEST(Child, is_not_waited_for_beyond_its_end_by_a_process_that_left_its_group) {
    const auto command = shell(
        "told=$(mktemp -u); mkfifo $told; setsid sh -c \"echo \\$\\$; echo go >$told; exec sleep 60\" & "
        "read go <$told; rm $told; exit 3");
    const auto before = std::chrono::steady_clock::now();
    const auto outcome = outcome_of(command);
    EXPECT_EQ(outcome.number, 3);
    EXPECT_LT(std::chrono::steady_clock::now() - before, 40s);
    ::kill(std::stoi(outcome.out), SIGKILL);
}

TEST(Child, has_no_open_files_but_the_first_three) {
    const auto outcome = outcome_of({{"/bin/ls", "/proc/self/fd"}, "", {}, {}});
    EXPECT_EQ(outcome.out, "0\n1\n2\n3\n");  // 3 is the listing's own
}

TEST(Child, inherits_no_environment) {
    auto command = Command{{"/usr/bin/env"}, "", {"ONLY=this"}, {}};
    EXPECT_EQ(outcome_of(command).out, "ONLY=this\n");
}

TEST(Child, forgets_which_signals_its_parent_ignores) {
    const auto before = std::signal(SIGPIPE, SIG_IGN);
    const auto outcome = outcome_of(shell("kill -PIPE $$; echo survived"));
    std::signal(SIGPIPE, before);
    EXPECT_EQ(outcome.end, End::killed);
    EXPECT_EQ(outcome.number, SIGPIPE);
}

TEST(Child, that_cannot_be_started_is_a_fatal_failure_with_advice) {
    for (const auto& argv : {std::vector<std::string>{"/no/such/program"}, {"/etc/passwd"}, {}}) {
        const auto result = run({argv, "", {}, {}});
        ASSERT_FALSE(result);
        EXPECT_EQ(result.failure().kind, core::Failure::Kind::fatal);
        EXPECT_FALSE(result.failure().advice.empty());
    }
}

TEST(Child, leaves_neither_zombies_nor_open_files) {
    const auto open_files = [] {
        const std::filesystem::directory_iterator all{"/proc/self/fd"};
        return std::distance(begin(all), end(all));
    };
    const auto before = open_files();
    for (int i = 0; i < 5; ++i) {
        outcome_of(shell("kill -SEGV $$"));
        EXPECT_FALSE(run({{"/no/such/program"}, "", {}, {}}));
    }
    EXPECT_EQ(open_files(), before);
    EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1);
}

}  // namespace
}  // namespace sluice::process
