#include "common/memory/ledger.hpp"

#include "events/codec.hpp"
#include "tests/cli/shell.hpp"

namespace sluice::cli {
namespace {

/// Somebody with a ledger in memory at hand.
class LedgerTail : public testing::Test {
protected:
    LedgerTail() {
        shell.environment["SLUICE_KAFKA_BROKERS"] = "here:9092";
        shell.open_ledger = [this](runtime::Executor& executor, const std::string& brokers) {
            asked_at = brokers;
            return std::make_unique<memory::Ledger>(
                log, memory::Ledger::Options{{}, [&executor](auto work) { executor.post(std::move(work)); }, {}});
        };
    }

    void has_facts(std::uint64_t count) {
        for (std::uint64_t n = 0; n < count; ++n) {
            const core::Stamp stamp{{1, n}, {}, {1, n}, {}, n, 1'790'000'000'000, "main", "listener", "trainer-1", {}};
            log.put(events::write(stamp, events::TrainingStarted{{"fraud"}, {"run"}, "nightly"}).value);
        }
    }
    std::vector<std::string> lines() const {
        std::vector<std::string> found;
        std::istringstream in{shell.out};
        for (std::string line; std::getline(in, line);) found.push_back(line);
        return found;
    }

    memory::Log log;
    Shell shell;
    std::string asked_at;
};

TEST_F(LedgerTail, shows_facts_as_a_table) {
    has_facts(1);
    ASSERT_EQ(shell.types("ledger tail"), Exit::ok) << shell.err;
    ASSERT_EQ(lines().size(), 2u);
    EXPECT_TRUE(has(lines()[0], "POSITION  TIME (UTC)           FACT"));
    EXPECT_TRUE(has(lines()[1], "0         2026-09-21 14:13:20  TrainingStarted"));
    EXPECT_TRUE(has(lines()[1], "models/fraud"));
    EXPECT_TRUE(has(lines()[1], "trainer-1"));
    EXPECT_EQ(asked_at, "here:9092");
}

TEST_F(LedgerTail, shows_the_last_twenty_or_as_many_as_are_asked_for) {
    has_facts(30);
    ASSERT_EQ(shell.types("ledger tail"), Exit::ok);
    ASSERT_EQ(lines().size(), 21u);
    EXPECT_EQ(lines()[1].substr(0, 3), "10 ");
    ASSERT_EQ(shell.types("ledger tail -n 2"), Exit::ok);
    ASSERT_EQ(lines().size(), 3u);
    EXPECT_EQ(lines()[2].substr(0, 3), "29 ");
    ASSERT_EQ(shell.types("ledger tail -n 1000"), Exit::ok);
    EXPECT_EQ(lines().size(), 31u);
}

TEST_F(LedgerTail, begins_where_it_is_told) {
    has_facts(30);
    ASSERT_EQ(shell.types("ledger tail --from 5 -n 3"), Exit::ok);
    ASSERT_EQ(lines().size(), 4u);
    EXPECT_EQ(lines()[1].substr(0, 2), "5 ");
    ASSERT_EQ(shell.types("ledger tail --from 5"), Exit::ok);
    EXPECT_EQ(lines().size(), 26u);
}

TEST_F(LedgerTail, has_all_of_a_long_ledger_in_one_piece) {
    has_facts(2500);
    ASSERT_EQ(shell.types("ledger tail --from 0"), Exit::ok);
    EXPECT_EQ(lines().size(), 2501u);
}

TEST_F(LedgerTail, gives_programs_each_record_as_it_lies_there_on_a_line) {
    has_facts(2);
    log.put("{\"foreign\":\n 1}");
    ASSERT_EQ(shell.types("ledger tail -o json"), Exit::ok);
    ASSERT_EQ(lines().size(), 3u);
    EXPECT_EQ(lines()[0], log.records()[0].value);
    EXPECT_EQ(lines()[2], "{\"foreign\":  1}");
}

TEST_F(LedgerTail, shows_what_is_no_fact_as_such) {
    log.put("\x1b[2Jnonsense");
    ASSERT_EQ(shell.types("ledger tail"), Exit::ok);
    ASSERT_EQ(lines().size(), 2u);
    EXPECT_TRUE(has(lines()[1], "(no fact of ours)"));
}

TEST_F(LedgerTail, of_an_empty_ledger_is_empty) {
    EXPECT_EQ(shell.types("ledger tail"), Exit::ok);
    EXPECT_EQ(shell.out, "");
}

TEST_F(LedgerTail, says_how_long_the_ledger_is_where_a_position_lies_beyond_it) {
    has_facts(3);
    EXPECT_EQ(shell.types("ledger tail --from 4"), Exit::not_found);
    EXPECT_TRUE(has(shell.err, "the ledger has 3 records, so there is no position 4")) << shell.err;
    EXPECT_EQ(shell.types("ledger tail --from 3"), Exit::ok);
}

TEST_F(LedgerTail, gives_up_on_a_broker_that_is_away) {
    log.set_reachable(false);
    EXPECT_EQ(shell.types("ledger tail --timeout 1"), Exit::late);
    EXPECT_NE(shell.err, "");
}

TEST_F(LedgerTail, follows_what_is_appended) {
    has_facts(1);
    // Its reader ends it: a broken ledger is the only other end of a tail that follows.
    std::size_t opened = 0;
    shell.open_ledger = [&, open = shell.open_ledger](runtime::Executor& executor, const std::string& brokers) {
        if (++opened == 2)
            executor.after(1ms, [&] {
                has_facts(2);
                executor.after(1ms, [&] { log.rewind(1); });
            });
        return open(executor, brokers);
    };
    EXPECT_EQ(shell.types("ledger tail -f"), Exit::failure);
    EXPECT_EQ(lines().size(), 4u) << shell.out;
    EXPECT_TRUE(has(lines()[3], "2         ")) << shell.out;
}

}  // namespace
}  // namespace sluice::cli
