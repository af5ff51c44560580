#include "common/process/children.hpp"
#include "tests/support/inbox.hpp"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace sluice::process {
namespace {

using End = Outcome::End;
using support::Inbox;

Command shell(const std::string& script) { return {{"/bin/sh", "-c", script}, "", {"PATH=/usr/bin:/bin"}, {}}; }

TEST(Children, bring_their_outcome_back_to_the_owners_thread) {
    Inbox inbox;
    Children children{inbox, 2};
    std::thread::id told_on;
    std::string out;
    children.start(shell("echo hello"),
                   [&](auto outcome) { told_on = std::this_thread::get_id(), out = outcome->out; });
    EXPECT_EQ(children.running(), 1u);
    inbox.run_one();
    EXPECT_EQ(out, "hello\n");
    EXPECT_EQ(told_on, std::this_thread::get_id());
    EXPECT_EQ(children.running(), 0u);
}

TEST(Children, run_side_by_side) {
    Inbox inbox;
    Children children{inbox, 2};
    int crashed = 0, fine = 0;
    const auto count = [&](auto outcome) { ++(outcome->end == End::killed ? crashed : fine); };
    children.start(shell("kill -SEGV $$"), count);
    children.start(shell("true"), count);
    inbox.run_one();
    inbox.run_one();
    EXPECT_EQ(crashed, 1);
    EXPECT_EQ(fine, 1);
}

TEST(Children, can_be_cancelled_and_still_answer) {
    Inbox inbox;
    Children children{inbox, 1};
    std::vector<End> ends;
    const auto cancel = children.start(shell("sleep 1000"), [&](auto outcome) { ends.push_back(outcome->end); });
    cancel.cancel();
    inbox.run_one();
    EXPECT_EQ(ends, std::vector{End::cancelled});
    cancel.cancel();  // late: harmless
}

TEST(Children, refuse_more_than_their_limit) {
    Inbox inbox;
    Children children{inbox, 1};
    const auto first = children.start(shell("sleep 1000"), [](auto) {});
    bool refused = false;
    children.start(shell("true"), [&](auto outcome) {
        refused = !outcome && outcome.failure().kind == core::Failure::Kind::retryable;
    });
    EXPECT_FALSE(refused);  // never from inside start()
    inbox.run_one();
    EXPECT_TRUE(refused);
    first.cancel();
    inbox.run_one();
    EXPECT_EQ(children.running(), 0u);
}

TEST(Children, may_be_followed_by_the_next_from_their_own_answer) {
    Inbox inbox;
    Children children{inbox, 1};
    int answers = 0;
    children.start(shell("true"), [&](auto) {
        ++answers;
        children.start(shell("true"), [&](auto outcome) { answers += outcome ? 1 : 100; });
    });
    inbox.run_one();
    inbox.run_one();
    EXPECT_EQ(answers, 2);
}

TEST(Children, are_killed_with_their_owner_who_hears_nothing_more) {
    Inbox inbox;
    int answers = 0;
    {
        Children children{inbox, 2};
        children.start(shell("sleep 1000"), [&](auto) { ++answers; });
        children.start({{"/no/such/program"}, "", {}, {}}, [&](auto) { ++answers; });
    }
    while (!inbox.empty()) inbox.run_one();
    EXPECT_EQ(answers, 0);
}

TEST(Children, that_cannot_be_started_say_so) {
    Inbox inbox;
    Children children{inbox, 1};
    core::Failure::Kind kind{};
    children.start({{"/no/such/program"}, "", {}, {}}, [&](auto outcome) { kind = outcome.failure().kind; });
    inbox.run_one();
    EXPECT_EQ(kind, core::Failure::Kind::fatal);
}

}  // namespace
}  // namespace sluice::process
