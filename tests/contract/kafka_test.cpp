#include "common/http/asio_executor.hpp"
#include "common/kafka/stream.hpp"
#include "common/kafka/topics.hpp"
#include "tests/contract/bench.hpp"

#include <librdkafka/rdkafka.h>

// What only a real broker can show.
namespace sluice::tests {
namespace {

using std::chrono::milliseconds;

class Kafka : public testing::Test {
protected:
    void SetUp() override {
        if (kafka_for_tests() == KafkaForTests::not_wanted) GTEST_SKIP() << "without Kafka";
        if (kafka_for_tests() == KafkaForTests::missing) FAIL() << no_broker;
    }
    bool until(const std::function<bool()>& condition) { return run_until(*executor_, condition); }

    std::unique_ptr<runtime::Executor> executor_ = http::make_executor();
    std::string topic_ = topic_name();
};

core::Draft draft(std::uint64_t number) { return {{7, number}, "io.sluice.Said.v1", "fraud", "value"}; }

kafka::LedgerOptions out_of_reach() {
    kafka::LedgerOptions options;
    options.brokers = "127.0.0.1:1";
    return options;
}

/// What an operator must never do.
void delete_records_before(const std::string& topic, std::int64_t offset) {
    auto* conf = rd_kafka_conf_new();
    rd_kafka_conf_set(conf, "bootstrap.servers", kafka_brokers().c_str(), nullptr, 0);
    auto* client = rd_kafka_new(RD_KAFKA_PRODUCER, conf, nullptr, 0);
    auto* offsets = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(offsets, topic.c_str(), 0)->offset = offset;
    auto* doomed = rd_kafka_DeleteRecords_new(offsets);
    auto* queue = rd_kafka_queue_new(client);
    rd_kafka_DeleteRecords(client, &doomed, 1, nullptr, queue);
    auto* event = rd_kafka_queue_poll(queue, 10'000);
    EXPECT_EQ(rd_kafka_event_error(event), RD_KAFKA_RESP_ERR_NO_ERROR);
    rd_kafka_event_destroy(event);
    rd_kafka_queue_destroy(queue);
    rd_kafka_DeleteRecords_destroy(doomed);
    rd_kafka_topic_partition_list_destroy(offsets);
    rd_kafka_destroy(client);
}

TEST_F(Kafka, bounds_the_appends_under_way_and_fails_each_in_time) {
    auto options = out_of_reach();
    options.in_flight_max = 2;
    options.append_timeout = milliseconds{300};
    kafka::Ledger ledger{*executor_, options};
    ASSERT_TRUE(ledger.append(draft(1)));
    ASSERT_TRUE(ledger.append(draft(2)));
    const auto refused = ledger.append(draft(3));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.failure().kind, core::Failure::Kind::retryable);
    std::vector<core::FactId> failed;
    ASSERT_TRUE(until([&] {
        for (const auto& id : ledger.take_failed()) failed.push_back(id);
        return failed.size() == 2;
    }));
    EXPECT_EQ(failed, (std::vector<core::FactId>{{7, 1}, {7, 2}}));
    EXPECT_TRUE(ledger.append(draft(3))) << "there is room again";
}

TEST_F(Kafka, closes_in_bounded_time_while_the_broker_is_away) {
    const auto start = std::chrono::steady_clock::now();
    {
        kafka::Ledger ledger{*executor_, out_of_reach()};
        ASSERT_TRUE(ledger.append(draft(1)));
        ASSERT_TRUE(ledger.read(0, 1));
        kafka::Publisher publisher{*executor_, {"127.0.0.1:1"}};
        ASSERT_TRUE(publisher.publish("sluice.telemetry", "k", "v"));
        const kafka::Subscriber subscriber{*executor_, {"127.0.0.1:1", "sluice.telemetry"}};
        ASSERT_TRUE(until([&] { return ledger.trouble()->what.find("cannot be read") != std::string::npos; }));
    }
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds{10});
}

TEST_F(Kafka, waits_for_a_ledger_that_is_not_made_yet) {
    kafka::LedgerOptions options;
    options.brokers = kafka_brokers();
    options.topic = topic_;
    kafka::Ledger ledger{*executor_, options};
    ASSERT_TRUE(
        until([&] { return ledger.read(0, 1) && ledger.trouble()->what.find("unknown") == std::string::npos; }));
    ASSERT_TRUE(kafka::create_topics(kafka_brokers(), 1, {kafka::topic_like("sluice.ledger", topic_)}));
    EXPECT_TRUE(until([&] { return !ledger.trouble(); }));
    EXPECT_TRUE(kafka::delete_topic(kafka_brokers(), topic_));
}

TEST_F(Kafka, never_folds_a_ledger_that_has_lost_its_head) {
    KafkaBench bench{*executor_};
    const auto writer = bench.open();
    for (int i = 0; i < 5; ++i) ASSERT_TRUE(writer->append(draft(1)));
    core::Position next = 0;
    ASSERT_TRUE(until([&] { return next += writer->read(next, 10)->size(), next == 5; }));
    delete_records_before(bench.options().topic, 3);
    const auto reader = bench.open();
    ASSERT_TRUE(until([&] { return !reader->read(0, 10); }));
    EXPECT_EQ(reader->trouble()->kind, core::Failure::Kind::fatal);
    const auto later = bench.open();
    ASSERT_TRUE(until([&] { return !later->read(4, 10)->empty(); })) << "who is past it goes on";
}

TEST_F(Kafka, makes_topics_as_often_as_it_is_asked_and_finds_them_right) {
    const std::vector wanted{kafka::topic_like("sluice.ledger", topic_)};
    EXPECT_FALSE(kafka::check_topics(kafka_brokers(), wanted)) << "it is not there yet";
    EXPECT_TRUE(kafka::create_topics(kafka_brokers(), 1, wanted));
    EXPECT_TRUE(kafka::create_topics(kafka_brokers(), 1, wanted));
    const auto checked = kafka::check_topics(kafka_brokers(), wanted);
    EXPECT_TRUE(checked) << checked.failure().text();
    EXPECT_TRUE(kafka::delete_topic(kafka_brokers(), topic_));
}

TEST_F(Kafka, names_the_setting_that_is_wrong) {
    auto wrong = kafka::topic_like("sluice.ledger", topic_);
    for (auto& [setting, value] : wrong.settings)
        if (setting == "retention.ms") value = "1000";
    ASSERT_TRUE(kafka::create_topics(kafka_brokers(), 1, {wrong}));
    const auto checked = kafka::check_topics(kafka_brokers(), {kafka::topic_like("sluice.ledger", topic_)});
    ASSERT_FALSE(checked);
    EXPECT_EQ(checked.failure().what, "topic " + topic_ + ": retention.ms is 1000 and must be -1");
    EXPECT_FALSE(checked.failure().advice.empty());
    EXPECT_TRUE(kafka::delete_topic(kafka_brokers(), topic_));
}

TEST_F(Kafka, wants_exactly_one_partition_where_the_order_depends_on_it) {
    auto wrong = kafka::topic_like("sluice.ledger", topic_);
    wrong.partitions = 2;
    ASSERT_TRUE(kafka::create_topics(kafka_brokers(), 1, {wrong}));
    const auto checked = kafka::check_topics(kafka_brokers(), {kafka::topic_like("sluice.ledger", topic_)});
    ASSERT_FALSE(checked);
    EXPECT_EQ(checked.failure().what, "topic " + topic_ + ": partitions is 2 and must be 1");
    EXPECT_TRUE(kafka::delete_topic(kafka_brokers(), topic_));
}

TEST_F(Kafka, says_in_time_that_no_broker_answers) {
    const auto checked = kafka::check_topics("127.0.0.1:1", kafka::topics(), 200);
    ASSERT_FALSE(checked);
    EXPECT_EQ(checked.failure().kind, core::Failure::Kind::retryable);
}

}  // namespace
}  // namespace sluice::tests
