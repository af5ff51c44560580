#include "common/kafka/stream.hpp"
#include "common/http/asio_executor.hpp"
#include "common/kafka/topics.hpp"
#include "common/memory/streams.hpp"
#include "tests/contract/bench.hpp"

#include <set>

// What every publisher and subscriber promises: in memory and on Kafka.
namespace sluice::tests {
namespace {

class MemoryStreams {
public:
    static constexpr bool needs_kafka = false;
    explicit MemoryStreams(runtime::Executor&) {}
    std::unique_ptr<runtime::Publisher> publisher() { return std::make_unique<memory::Publisher>(streams_); }
    std::unique_ptr<runtime::Subscriber> subscriber(runtime::Subscriber::Offsets from = {}) {
        return std::make_unique<memory::Subscriber>(streams_, topic(), std::move(from));
    }
    std::string topic() const { return "topic"; }
    void fail() { streams_.set_failing(true); }

private:
    memory::Streams streams_{4};
};

class KafkaStreams {
public:
    static constexpr bool needs_kafka = true;
    explicit KafkaStreams(runtime::Executor& executor) : executor_{executor} {
        EXPECT_TRUE(kafka::create_topics(kafka_brokers(), 1, {kafka::topic_like("sluice.telemetry", topic_)}));
    }
    ~KafkaStreams() { EXPECT_TRUE(kafka::delete_topic(kafka_brokers(), topic_)); }

    std::unique_ptr<runtime::Publisher> publisher() {
        return std::make_unique<kafka::Publisher>(
            executor_, kafka::Publisher::Options{brokers_, "sluice", 100'000, std::chrono::milliseconds{300}});
    }
    std::unique_ptr<runtime::Subscriber> subscriber(runtime::Subscriber::Offsets from = {}) {
        return std::make_unique<kafka::Subscriber>(executor_,
                                                   kafka::Subscriber::Options{brokers_, topic_, std::move(from)});
    }
    const std::string& topic() const { return topic_; }
    /// Nothing listens on port 1.
    void fail() { brokers_ = "127.0.0.1:1"; }

private:
    runtime::Executor& executor_;
    std::string topic_ = topic_name(), brokers_ = kafka_brokers();
};

template <class Bench> class StreamContract : public testing::Test {
protected:
    void SetUp() override {
        if (Bench::needs_kafka && kafka_for_tests() == KafkaForTests::not_wanted) GTEST_SKIP() << "without Kafka";
        if (Bench::needs_kafka && kafka_for_tests() == KafkaForTests::missing) FAIL() << no_broker;
        bench_.emplace(*executor_);
    }

    bool until(const std::function<bool()>& condition) { return run_until(*executor_, condition); }

    void given(int records) {
        const auto publisher = bench_->publisher();
        for (int i = 0; i < records; ++i)
            ASSERT_TRUE(publisher->publish(bench_->topic(), "key " + std::to_string(i % 20), std::to_string(i)));
        const auto all = static_cast<std::uint64_t>(records);
        ASSERT_TRUE(until([&] { return publisher->counts().delivered == all; }));
    }

    std::vector<runtime::StreamRecord> taken(runtime::Subscriber& subscriber, std::size_t count) {
        std::vector<runtime::StreamRecord> all;
        EXPECT_TRUE(until([&] {
            for (auto& record : subscriber.take(7)) all.push_back(std::move(record));
            return all.size() >= count;
        }));
        return all;
    }

    std::unique_ptr<runtime::Executor> executor_ = http::make_executor();
    std::optional<Bench> bench_;
};

struct StreamNames {
    template <class Bench> static std::string GetName(int) { return Bench::needs_kafka ? "Kafka" : "Memory"; }
};
using StreamBenches = testing::Types<MemoryStreams, KafkaStreams>;
TYPED_TEST_SUITE(StreamContract, StreamBenches, StreamNames);

TYPED_TEST(StreamContract, gives_every_record_once_and_keeps_the_order_of_each_key) {
    this->given(100);
    const auto subscriber = this->bench_->subscriber();
    std::map<std::string, int> last;
    std::set<std::int32_t> partitions;
    for (const auto& record : this->taken(*subscriber, 100)) {
        const auto number = std::stoi(record.value);
        EXPECT_EQ(record.key, "key " + std::to_string(number % 20));
        const auto [before, is_new] = last.try_emplace(record.key, number);
        EXPECT_TRUE(is_new || std::exchange(before->second, number) < number);
        partitions.insert(record.partition);
    }
    EXPECT_GT(partitions.size(), 1);
    EXPECT_TRUE(subscriber->take(7).empty());
}

TYPED_TEST(StreamContract, goes_on_where_another_one_has_stopped) {
    this->given(50);
    auto first = this->bench_->subscriber();
    auto records = this->taken(*first, 20);
    const auto offsets = first->next_offsets();
    first.reset();
    const auto second = this->bench_->subscriber(offsets);
    const auto rest = this->taken(*second, 50 - records.size());
    records.insert(records.end(), rest.begin(), rest.end());
    std::set<std::string> values;
    for (const auto& record : records) values.insert(record.value);
    EXPECT_EQ(records.size(), 50);
    EXPECT_EQ(values.size(), 50);
}

TYPED_TEST(StreamContract, has_caught_up_once_it_gave_what_was_there) {
    this->given(30);
    const auto subscriber = this->bench_->subscriber();
    EXPECT_FALSE(subscriber->caught_up());
    std::size_t count = 0;
    ASSERT_TRUE(this->until([&] {
        count += subscriber->take(7).size();
        return subscriber->caught_up();
    }));
    EXPECT_EQ(count, 30);
    EXPECT_FALSE(subscriber->trouble());
    this->given(1);
    EXPECT_TRUE(subscriber->caught_up()) << "once true, it stays";
}

TYPED_TEST(StreamContract, has_caught_up_with_an_empty_topic) {
    const auto subscriber = this->bench_->subscriber();
    EXPECT_TRUE(this->until([&] { return subscriber->caught_up(); }));
}

TYPED_TEST(StreamContract, wakes_for_what_is_published_later) {
    const auto subscriber = this->bench_->subscriber();
    int wakes = 0;
    subscriber->on_news([&] { ++wakes; });
    ASSERT_TRUE(this->until([&] { return subscriber->caught_up(); }));
    wakes = 0;
    this->given(1);
    EXPECT_TRUE(this->until([&] { return wakes > 0; }));
    EXPECT_EQ(this->taken(*subscriber, 1).front().value, "0");
}

TYPED_TEST(StreamContract, starts_over_where_the_topic_no_longer_holds_an_offset) {
    this->given(40);
    const auto subscriber = this->bench_->subscriber({{0, 1000}, {1, 1000}, {2, 1000}, {3, 1000}});
    EXPECT_EQ(this->taken(*subscriber, 40).size(), 40);
}

TYPED_TEST(StreamContract, counts_what_failed_and_what_it_refused) {
    this->bench_->fail();
    const auto publisher = this->bench_->publisher();
    ASSERT_TRUE(publisher->publish(this->bench_->topic(), "k", "v"));
    const auto refused =
        publisher->publish(this->bench_->topic(), "k", std::string(runtime::stream_value_size_max + 1, 'x'));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.failure().kind, core::Failure::Kind::poison);
    EXPECT_TRUE(this->until([&] { return publisher->counts() == runtime::Publisher::Counts{0, 1, 1, 0}; }));
}

TYPED_TEST(StreamContract, takes_the_largest_value) {
    const auto publisher = this->bench_->publisher();
    ASSERT_TRUE(publisher->publish(this->bench_->topic(), "k", std::string(runtime::stream_value_size_max, 'x')));
    const auto subscriber = this->bench_->subscriber();
    EXPECT_EQ(this->taken(*subscriber, 1).front().value.size(), runtime::stream_value_size_max);
}

}  // namespace
}  // namespace sluice::tests
