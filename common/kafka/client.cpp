#include "common/kafka/client.hpp"

#include <librdkafka/rdkafka.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <future>
#include <stdexcept>
#include <system_error>
#include <thread>

namespace sluice::kafka {
namespace {

constexpr auto close_wait_max = std::chrono::seconds{2};

const Settings& common_settings() {
    static const Settings settings{
        {"allow.auto.create.topics", "false"},
        {"socket.nagle.disable", "true"},
        {"socket.keepalive.enable", "true"},
        {"socket.timeout.ms", "10000"},
        {"socket.connection.setup.timeout.ms", "5000"},
        {"reconnect.backoff.ms", "50"},
        {"reconnect.backoff.max.ms", "500"},
        {"topic.metadata.refresh.fast.interval.ms", "100"},
        {"topic.metadata.propagation.max.ms", "5000"},
    };
    return settings;
}

void set(rd_kafka_conf_t* conf, const std::string& name, const std::string& value) {
    std::array<char, 512> error{};
    if (rd_kafka_conf_set(conf, name.c_str(), value.c_str(), error.data(), error.size()) == RD_KAFKA_CONF_OK) return;
    rd_kafka_conf_destroy(conf);
    throw std::runtime_error("librdkafka refuses " + name + "=" + value + ": " + error.data());
}

// What matters arrives as an event too; the rest is noise in the operator's log.
void no_log(const rd_kafka_t*, int, const char*, const char*) {}

}  // namespace

Client::Client(Kind kind, const std::string& brokers, const std::string& client_id, const Settings& settings) {
    auto* conf = rd_kafka_conf_new();
    set(conf, "bootstrap.servers", brokers);
    set(conf, "client.id", client_id);
    for (const auto& [name, value] : common_settings()) set(conf, name, value);
    for (const auto& [name, value] : settings) set(conf, name, value);
    rd_kafka_conf_set_log_cb(conf, no_log);
    rd_kafka_conf_set_events(conf, RD_KAFKA_EVENT_DR | RD_KAFKA_EVENT_ERROR);
    std::array<char, 512> error{};
    const auto type = kind == Kind::producer ? RD_KAFKA_PRODUCER : RD_KAFKA_CONSUMER;
    handle_ = rd_kafka_new(type, conf, error.data(), error.size());
    if (handle_) return;
    rd_kafka_conf_destroy(conf);
    throw std::runtime_error(std::string("librdkafka does not start: ") + error.data());
}

Client::~Client() {
    auto closed = std::make_shared<std::promise<void>>();
    auto end = closed->get_future();
    std::thread{[handle = handle_, closed] {
        rd_kafka_destroy_flags(handle, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
        closed->set_value();
    }}.detach();
    if (waits_) end.wait_for(close_wait_max);
}

void Client::close_behind(std::unique_ptr<Client> client) { client->waits_ = false; }

Bell::Bell(runtime::Executor& executor, std::function<void()> rung)
    : executor_{executor}, descriptor_{eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)} {
    if (descriptor_ < 0) throw std::system_error(errno, std::generic_category(), "no descriptor for Kafka's wake-ups");
    executor_.watch_readable(descriptor_, [descriptor = descriptor_, rung = std::move(rung)] {
        std::uint64_t count = 0;
        if (read(descriptor, &count, sizeof count) == sizeof count) rung();
    });
}

Bell::~Bell() {
    executor_.unwatch(descriptor_);
    close(descriptor_);
}

void Bell::ring() const {
    // It can only fail where the bell rings already.
    [[maybe_unused]] const auto result = eventfd_write(descriptor_, 1);
}

Settings consumer_settings() {
    return {
        {"enable.auto.commit", "false"},
        {"enable.auto.offset.store", "false"},
        {"auto.offset.reset", "error"},
        {"isolation.level", "read_uncommitted"},  // nobody writes in transactions: a position that is hidden is a hole
        {"check.crcs", "true"},
        {"enable.partition.eof", "true"},
        {"fetch.wait.max.ms", "100"},
        {"fetch.error.backoff.ms", "100"},
        {"queued.min.messages", "1000000"},  // a full local queue pauses fetching for a second
        {"queued.max.messages.kbytes", "262144"},
    };
}

Settings producer_settings(std::size_t in_flight_max, std::chrono::milliseconds timeout) {
    // A topic's max.message.bytes limits a whole batch: the producer may not make larger ones.
    constexpr auto batch_size_max = "131072";
    return {
        {"enable.idempotence", "true"},
        {"acks", "all"},
        {"max.in.flight.requests.per.connection", "5"},
        {"message.max.bytes", batch_size_max},
        {"batch.size", batch_size_max},
        {"retry.backoff.ms", "100"},
        {"request.timeout.ms", "5000"},
        {"message.timeout.ms", std::to_string(timeout.count())},
        {"queue.buffering.max.messages", std::to_string(in_flight_max)},
        {"linger.ms", "0"},
    };
}

void EventEnd::operator()(rd_kafka_op_s* event) const { rd_kafka_event_destroy(event); }

Queue::Queue(rd_kafka_queue_s* handle, const Bell& bell) : handle_{handle} {
    const std::uint64_t one = 1;
    rd_kafka_queue_io_event_enable(handle_, bell.descriptor(), &one, sizeof one);
    bell.ring();  // what came in before would keep it silent for ever: only an empty queue rings
}

Queue Queue::of_events(const Client& client, const Bell& bell) { return {rd_kafka_queue_get_main(client.get()), bell}; }

Queue Queue::of_messages(const Client& client, const Bell& bell) { return {rd_kafka_queue_new(client.get()), bell}; }

Queue::~Queue() {
    if (!handle_) return;
    // librdkafka may still hold the queue when the descriptor has gone to somebody else.
    rd_kafka_queue_io_event_enable(handle_, -1, nullptr, 0);
    rd_kafka_queue_destroy(handle_);
}

Event Queue::poll() const { return Event{rd_kafka_queue_poll(handle_, 0)}; }

Message Queue::take() const { return Message{rd_kafka_consume_queue(handle_, 0)}; }

void MessageEnd::operator()(rd_kafka_message_s* message) const { rd_kafka_message_destroy(message); }

void TopicEnd::operator()(rd_kafka_topic_s* topic) const { rd_kafka_topic_destroy(topic); }

TopicHandle open_topic(const Client& client, const std::string& name) {
    TopicHandle topic{rd_kafka_topic_new(client.get(), name.c_str(), nullptr)};
    if (!topic) throw std::runtime_error("librdkafka refuses the topic name " + name);
    return topic;
}

}  // namespace sluice::kafka
