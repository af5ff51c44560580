#include "common/http/asio_executor.hpp"
#include "tests/contract/bench.hpp"

#include <algorithm>

// What every ledger promises: one suite for the one in memory and the one on Kafka.
namespace sluice::tests {
namespace {

core::Draft draft(const std::string& value, std::uint64_t number = 1) {
    return {{7, number}, "io.sluice.Said.v1", "fraud", value};
}

/// A connection, and what it has read so far.
struct Reader {
    std::unique_ptr<runtime::Ledger> ledger;
    core::Position next = 0;
    std::vector<std::string> values = {};
    std::optional<core::Failure> failure = {};

    bool has_read(std::size_t count) {
        auto records = ledger->read(next, 100);
        if (!records) return failure = records.failure(), true;
        for (auto& record : *records) {
            EXPECT_EQ(record.position, next++);
            values.push_back(std::move(record.value));
        }
        return values.size() >= count;
    }
    bool has_failed() { return has_read(values.size() + 1'000'000); }
};

template <class Bench> class LedgerContract : public testing::Test {
protected:
    void SetUp() override {
        if (Bench::needs_kafka && kafka_for_tests() == KafkaForTests::not_wanted) GTEST_SKIP() << "without Kafka";
        if (Bench::needs_kafka && kafka_for_tests() == KafkaForTests::missing) FAIL() << no_broker;
        bench_.emplace(*executor_);
    }

    Reader open(core::Position at = 0) { return {bench_->open(), at}; }

    bool until(const std::function<bool()>& condition) { return run_until(*executor_, condition); }
    bool reads(Reader& reader, std::size_t count) {
        return until([&] { return reader.has_read(count); }) && !reader.failure;
    }
    bool breaks(Reader& reader) {
        return until([&] { return reader.has_failed(); }) && reader.failure->kind == core::Failure::Kind::fatal;
    }
    /// Appends and reads back, by a connection of its own.
    void given(const std::vector<std::string>& values) {
        auto writer = open();
        for (const auto& value : values) ASSERT_TRUE(writer.ledger->append(draft(value)));
        ASSERT_TRUE(reads(writer, values.size()));
    }

    std::unique_ptr<runtime::Executor> executor_ = http::make_executor();
    std::optional<Bench> bench_;
};

struct BenchNames {
    template <class Bench> static std::string GetName(int) { return Bench::needs_kafka ? "Kafka" : "Memory"; }
};
using Benches = testing::Types<MemoryBench, KafkaBench>;
TYPED_TEST_SUITE(LedgerContract, Benches, BenchNames);

TYPED_TEST(LedgerContract, gives_back_every_byte_in_order) {
    const std::vector<std::string> values{"{}", std::string("\0\xff\n", 3), "", "ümlaut", std::string(9000, 'x')};
    auto connection = this->open();
    for (const auto& value : values) ASSERT_TRUE(connection.ledger->append(draft(value)));
    ASSERT_TRUE(this->reads(connection, values.size()));
    EXPECT_EQ(connection.values, values);
    EXPECT_TRUE(connection.ledger->take_failed().empty());
}

TYPED_TEST(LedgerContract, shows_all_connections_the_same_order_without_holes) {
    auto one = this->open(), other = this->open(), late = this->open();
    for (int i = 0; i < 300; ++i) {
        ASSERT_TRUE(one.ledger->append(draft("one " + std::to_string(i))));
        ASSERT_TRUE(other.ledger->append(draft("other " + std::to_string(i))));
    }
    ASSERT_TRUE(this->reads(one, 600));
    ASSERT_TRUE(this->reads(other, 600));
    ASSERT_TRUE(this->reads(late, 600));
    EXPECT_EQ(one.values, other.values);
    EXPECT_EQ(one.values, late.values);
}

TYPED_TEST(LedgerContract, starts_in_the_middle) {
    this->given({"a", "b", "c", "d"});
    auto middle = this->open(2), at_the_end = this->open(4);
    ASSERT_TRUE(this->reads(middle, 2));
    EXPECT_EQ(middle.values, (std::vector<std::string>{"c", "d"}));
    ASSERT_FALSE(at_the_end.has_read(1));
    ASSERT_TRUE(middle.ledger->append(draft("e")));
    ASSERT_TRUE(this->reads(at_the_end, 1));
    EXPECT_EQ(at_the_end.values.front(), "e");
}

TYPED_TEST(LedgerContract, knows_its_end_after_the_first_read) {
    this->given({"a", "b", "c"});
    auto reader = this->open();
    EXPECT_TRUE(reader.ledger->trouble());
    EXPECT_TRUE(reader.ledger->read(0, 1));
    ASSERT_TRUE(this->until([&] { return !reader.ledger->trouble(); }));
    EXPECT_EQ(reader.ledger->end(), 3);
}

TYPED_TEST(LedgerContract, knows_that_an_empty_ledger_is_empty) {
    auto reader = this->open();
    ASSERT_FALSE(reader.has_read(1));
    ASSERT_TRUE(this->until([&] { return !reader.ledger->trouble(); }));
    EXPECT_EQ(reader.ledger->end(), 0);
}

TYPED_TEST(LedgerContract, never_lets_its_end_shrink_nor_lets_it_stand_before_what_was_read) {
    auto reader = this->open(), writer = this->open();
    core::Position highest = 0;
    for (int i = 0; i < 50; ++i) ASSERT_TRUE(writer.ledger->append(draft("x")));
    ASSERT_TRUE(this->until([&] {
        const auto all = reader.has_read(50);
        EXPECT_GE(reader.ledger->end(), std::max(highest, reader.next));
        highest = reader.ledger->end();
        return all;
    }));
    EXPECT_EQ(highest, 50);
}

TYPED_TEST(LedgerContract, reads_no_more_than_it_is_asked_for_and_wakes_for_the_rest) {
    this->given({"a", "b", "c"});
    auto ledger = this->bench_->open();
    std::vector<std::string> values;
    const auto read = [&] {
        auto records = ledger->read(values.size(), 1);
        ASSERT_TRUE(records);
        ASSERT_LE(records->size(), 1);
        for (const auto& record : *records) values.push_back(record.value);
    };
    ledger->on_news(read);
    read();
    ASSERT_TRUE(this->until([&] { return values.size() == 3; }));
    EXPECT_EQ(values, (std::vector<std::string>{"a", "b", "c"}));
}

TYPED_TEST(LedgerContract, wakes_for_what_others_append) {
    auto reader = this->open(), writer = this->open();
    int wakes = 0;
    reader.ledger->on_news([&] { ++wakes; });
    ASSERT_FALSE(reader.has_read(1));
    ASSERT_TRUE(this->until([&] { return !reader.ledger->trouble(); }));
    wakes = 0;
    ASSERT_TRUE(writer.ledger->append(draft("x")));
    ASSERT_TRUE(this->until([&] { return wakes > 0; }));
    EXPECT_TRUE(this->reads(reader, 1));
}

TYPED_TEST(LedgerContract, takes_the_largest_value_and_refuses_a_larger_one) {
    auto connection = this->open();
    ASSERT_TRUE(connection.ledger->append(draft(std::string(core::value_size_max, 'x'))));
    const auto refused = connection.ledger->append(draft(std::string(core::value_size_max + 1, 'x')));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.failure().kind, core::Failure::Kind::poison);
    ASSERT_TRUE(connection.ledger->append(draft("after")));
    ASSERT_TRUE(this->reads(connection, 2));
    EXPECT_EQ(connection.values.back(), "after");
    EXPECT_TRUE(connection.ledger->take_failed().empty());
}

TYPED_TEST(LedgerContract, reports_a_failed_append_once_and_wakes_for_it) {
    const auto ledger = this->bench_->open_where_appends_fail();
    int wakes = 0;
    ledger->on_news([&] { ++wakes; });
    ASSERT_TRUE(ledger->append(draft("x", 5)));
    ASSERT_TRUE(this->until([&] { return wakes > 0; }));
    EXPECT_EQ(ledger->take_failed(), std::vector<core::FactId>(1, {7, 5}));
    EXPECT_TRUE(ledger->take_failed().empty());
}

TYPED_TEST(LedgerContract, mends_itself_when_the_ledger_was_away_at_the_start) {
    this->given({"a"});
    Reader reader{this->bench_->open_out_of_reach()};
    ASSERT_FALSE(reader.has_read(1));
    ASSERT_TRUE(this->until([&] { return reader.ledger->trouble().has_value(); }));
    EXPECT_EQ(reader.ledger->trouble()->kind, core::Failure::Kind::retryable);
    EXPECT_FALSE(reader.ledger->trouble()->advice.empty());
    this->bench_->come_into_reach();
    ASSERT_TRUE(this->reads(reader, 1));
    EXPECT_FALSE(reader.ledger->trouble());
    EXPECT_EQ(reader.values.front(), "a");
}

TYPED_TEST(LedgerContract, is_fatal_when_the_ledger_ends_before_our_position) {
    this->given({"a", "b", "c"});
    auto reader = this->open();
    ASSERT_TRUE(this->reads(reader, 3));
    this->bench_->start_ledger_over();
    ASSERT_TRUE(this->breaks(reader));
    EXPECT_GE(reader.ledger->end(), 3);
    EXPECT_EQ(reader.ledger->trouble(), reader.failure);
    EXPECT_FALSE(reader.ledger->append(draft("x")));
    EXPECT_FALSE(reader.ledger->read(3, 1)) << "it stays fatal";
}

TYPED_TEST(LedgerContract, is_fatal_when_another_ledger_that_is_longer_has_taken_its_place) {
    this->given({"a", "b", "c"});
    auto reader = this->open();
    ASSERT_TRUE(this->reads(reader, 3));
    this->bench_->start_ledger_over();
    this->given({"another a", "another b", "another c", "d"});
    EXPECT_TRUE(this->breaks(reader));
}

TYPED_TEST(LedgerContract, knows_from_a_digest_whether_it_is_still_the_same_ledger) {
    this->given({"a", "b"});
    Reader same{this->bench_->open(runtime::LastSeen{1, core::sha256("b")}), 2};
    ASSERT_FALSE(same.has_read(1));
    ASSERT_TRUE(this->until([&] { return !same.ledger->trouble(); }));
    Reader another{this->bench_->open(runtime::LastSeen{1, core::sha256("B")}), 2};
    EXPECT_TRUE(this->breaks(another));
    Reader longer{this->bench_->open(runtime::LastSeen{2, core::sha256("c")}), 3};
    EXPECT_TRUE(this->breaks(longer));
}

}  // namespace
}  // namespace sluice::tests
