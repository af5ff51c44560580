#pragma once
#include "common/runtime/executor.hpp"

#include <memory>
#include <string>
#include <utility>
#include <vector>

// What the files of this room share: owners of librdkafka's objects. Its header stays in source files.
struct rd_kafka_s;
struct rd_kafka_message_s;
struct rd_kafka_op_s;
struct rd_kafka_queue_s;
struct rd_kafka_topic_s;

namespace sluice::kafka {

using Settings = std::vector<std::pair<std::string, std::string>>;

/// One connection to the brokers, with the settings that all of ours have in common.
class Client {
public:
    enum class Kind { producer, consumer };
    /// Does not wait for a broker. Throws std::runtime_error where librdkafka refuses a setting.
    Client(Kind kind, const std::string& brokers, const std::string& client_id, const Settings& settings);
    /// Returns within two seconds, whatever the broker does: librdkafka may wait much longer (its issue 4519), and then
    /// goes on closing behind our back.
    ~Client();
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    rd_kafka_s* get() const { return handle_; }

    /// Closes without waiting for the end of it.
    static void close_behind(std::unique_ptr<Client> client);

private:
    rd_kafka_s* handle_;
    bool waits_ = true;
};

/// Calls back on the executor's thread when librdkafka's threads, or ring(), have written to its descriptor.
class Bell {
public:
    Bell(runtime::Executor& executor, std::function<void()> rung);
    ~Bell();
    Bell(const Bell&) = delete;
    Bell& operator=(const Bell&) = delete;

    void ring() const;
    int descriptor() const { return descriptor_; }

private:
    runtime::Executor& executor_;
    int descriptor_;
};

/// Reads at numeric offsets, without a group. Learns within a tenth of a second that nothing is there.
Settings consumer_settings();
/// Acknowledged by all replicas in sync, in order and without duplicates within one connection.
Settings producer_settings(std::size_t in_flight_max, std::chrono::milliseconds timeout);

struct EventEnd {
    void operator()(rd_kafka_op_s* event) const;
};
using Event = std::unique_ptr<rd_kafka_op_s, EventEnd>;

struct MessageEnd {
    void operator()(rd_kafka_message_s* message) const;
};
using Message = std::unique_ptr<rd_kafka_message_s, MessageEnd>;

/// A queue that rings the bell whenever it stops being empty; so it is always read until it is empty.
class Queue {
public:
    static Queue of_events(const Client& client, const Bell& bell);
    static Queue of_messages(const Client& client, const Bell& bell);
    ~Queue();
    Queue(Queue&& other) noexcept : handle_{std::exchange(other.handle_, nullptr)} {}
    Queue& operator=(Queue&& other) noexcept { return std::swap(handle_, other.handle_), *this; }

    rd_kafka_queue_s* get() const { return handle_; }
    /// The next event or message, or nothing; never waits.
    Event poll() const;
    Message take() const;

private:
    Queue(rd_kafka_queue_s* handle, const Bell& bell);
    rd_kafka_queue_s* handle_;
};

struct TopicEnd {
    void operator()(rd_kafka_topic_s* topic) const;
};
using TopicHandle = std::unique_ptr<rd_kafka_topic_s, TopicEnd>;
TopicHandle open_topic(const Client& client, const std::string& name);

/// What to do about a broker that is away.
inline constexpr auto advice_broker_away =
    "see that the broker runs and that SLUICE_KAFKA_BROKERS names it; the connection mends itself";
inline constexpr auto advice_topic_missing = "make it with sluice-topics create; the connection mends itself";

}  // namespace sluice::kafka
