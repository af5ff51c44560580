#include "common/kafka/client.hpp"
#include "common/kafka/stream.hpp"

#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

namespace sluice::kafka {
namespace {

/// Asks how many partitions a topic has: librdkafka's only question about that waits, so it does so on a thread.
class Discovery {
public:
    Discovery(const Client& client, rd_kafka_topic_s* topic, Bell& bell)
        : asking_{[this, &client, topic, &bell](const std::stop_token& stop) {
              while (!stop.stop_requested()) {
                  const auto found = ask(client, topic);
                  if (partitions_.exchange(found) != found) bell.ring();
                  if (found > 0) return;
                  std::unique_lock lock{mutex_};
                  pause_.wait_for(lock, stop, std::chrono::milliseconds{100}, [] { return false; });
              }
          }} {}

    static constexpr std::int32_t unknown = 0, no_such_topic = -1;
    std::int32_t partitions() const { return partitions_; }

private:
    static std::int32_t ask(const Client& client, rd_kafka_topic_s* topic) {
        constexpr int timeout_ms = 500;
        const rd_kafka_metadata_t* found = nullptr;
        if (rd_kafka_metadata(client.get(), 0, topic, &found, timeout_ms) != RD_KAFKA_RESP_ERR_NO_ERROR) return unknown;
        const auto count = found->topic_cnt == 1 ? found->topics[0].partition_cnt : 0;
        rd_kafka_metadata_destroy(found);
        return count > 0 ? count : no_such_topic;
    }

    std::atomic<std::int32_t> partitions_ = unknown;
    std::mutex mutex_;
    std::condition_variable_any pause_;
    std::jthread asking_;  // last: it uses all of the above
};

}  // namespace

class Subscriber::Connection {
public:
    Connection(runtime::Executor& executor, Options options)
        : options_{std::move(options)},
          bell_{executor, [this] { take_in(); }},
          client_{Client::Kind::consumer, options_.brokers, options_.client_id, consumer_settings()},
          topic_{open_topic(client_, options_.topic)},
          events_{Queue::of_events(client_, bell_)},
          trouble_{core::Failure::retryable(where() + " was not reached yet", advice_broker_away)},
          next_{options_.from},
          fetched_{options_.from},
          discovery_{client_, topic_.get(), bell_} {}

    ~Connection() { stop(); }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    std::vector<runtime::StreamRecord> take(std::size_t records_max);
    bool caught_up() const { return caught_up_; }
    const Offsets& next_offsets() const { return next_; }
    void on_news(std::function<void()> wake) { wake_ = std::move(wake); }
    const std::optional<core::Failure>& trouble() const { return trouble_; }

private:
    void take_in();
    void take_events();
    void start();
    void stop();
    void fetch_until(std::size_t records);
    void accept(const rd_kafka_message_s& message);
    void reached(std::int32_t partition, std::int64_t offset);
    void reached_end(std::int32_t partition, std::int64_t offset);
    void start_partition_over(std::int32_t partition);
    void lost(const std::string& why, const char* advice);
    void see_whether_caught_up();
    std::string where() const { return "topic " + options_.topic + " at " + options_.brokers; }

    Options options_;
    Bell bell_;
    Client client_;
    TopicHandle topic_;
    Queue events_;
    std::optional<Queue> messages_;
    std::function<void()> wake_;
    std::optional<core::Failure> trouble_;
    std::deque<runtime::StreamRecord> ready_;
    Offsets next_;     // after what was given away
    Offsets fetched_;  // after what is in ready_
    Offsets targets_;  // where each partition ended when it was first reached
    bool caught_up_ = false;
    Discovery discovery_;
};

void Subscriber::Connection::take_in() {
    const auto before = std::pair{trouble_, caught_up_};
    take_events();
    fetch_until(1);
    const bool news = !ready_.empty() || before != std::pair{trouble_, caught_up_};
    if (news && wake_) wake_();
}

void Subscriber::Connection::take_events() {
    while (const auto event = events_.poll())
        if (rd_kafka_event_type(event.get()) == RD_KAFKA_EVENT_ERROR)
            lost(rd_kafka_event_error_string(event.get()), advice_broker_away);
    if (!messages_ && discovery_.partitions() == Discovery::no_such_topic)
        trouble_ = core::Failure::retryable(where() + " is not there", advice_topic_missing);
    if (!messages_ && discovery_.partitions() > 0) start();
}

void Subscriber::Connection::start() {
    messages_ = Queue::of_messages(client_, bell_);
    for (std::int32_t partition = 0; partition < discovery_.partitions(); ++partition) {
        next_.try_emplace(partition, 0);
        const auto first = fetched_.try_emplace(partition, 0).first->second;
        if (rd_kafka_consume_start_queue(topic_.get(), partition, first, messages_->get()) != 0)
            trouble_ = core::Failure::retryable(where() + " cannot be read: " + rd_kafka_err2str(rd_kafka_last_error()),
                                                advice_broker_away);
    }
}

void Subscriber::Connection::stop() {
    if (!messages_) return;
    for (std::int32_t partition = 0; partition < discovery_.partitions(); ++partition)
        rd_kafka_consume_stop(topic_.get(), partition);
    messages_.reset();
}

std::vector<runtime::StreamRecord> Subscriber::Connection::take(std::size_t records_max) {
    fetch_until(records_max);
    const auto count = static_cast<std::ptrdiff_t>(std::min(records_max, ready_.size()));
    std::vector<runtime::StreamRecord> taken{std::move_iterator{ready_.begin()},
                                             std::move_iterator{ready_.begin() + count}};
    ready_.erase(ready_.begin(), ready_.begin() + count);
    for (const auto& record : taken) next_[record.partition] = record.offset + 1;
    see_whether_caught_up();
    if (taken.size() == records_max) bell_.ring();
    return taken;
}

void Subscriber::Connection::fetch_until(std::size_t records) {
    while (ready_.size() < records && messages_) {
        const auto message = messages_->take();
        if (!message) break;
        accept(*message);
    }
    see_whether_caught_up();
}

void Subscriber::Connection::accept(const rd_kafka_message_t& message) {
    const auto text = [](const void* bytes, std::size_t size) {
        return std::string(static_cast<const char*>(bytes), size);
    };
    switch (message.err) {
        case RD_KAFKA_RESP_ERR_NO_ERROR:
            reached(message.partition, message.offset);
            ready_.push_back({message.partition, message.offset, rd_kafka_message_timestamp(&message, nullptr),
                              text(message.key, message.key_len), text(message.payload, message.len)});
            fetched_[message.partition] = message.offset + 1;
            return;
        case RD_KAFKA_RESP_ERR__PARTITION_EOF: return reached_end(message.partition, message.offset);
        case RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET:
        case RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE: return start_partition_over(message.partition);
        case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
        case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
        case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION: return lost(rd_kafka_message_errstr(&message), advice_topic_missing);
        default: return lost(rd_kafka_message_errstr(&message), advice_broker_away);
    }
}

void Subscriber::Connection::reached(std::int32_t partition, std::int64_t offset) {
    trouble_.reset();
    if (targets_.contains(partition)) return;
    std::int64_t low = 0, high = offset;
    rd_kafka_get_watermark_offsets(client_.get(), options_.topic.c_str(), partition, &low, &high);
    targets_[partition] = std::max(high, offset);
}

// What retention took away will not come any more.
void Subscriber::Connection::reached_end(std::int32_t partition, std::int64_t offset) {
    reached(partition, offset);
    fetched_[partition] = offset;
    const auto waits = [&](const runtime::StreamRecord& record) { return record.partition == partition; };
    if (std::none_of(ready_.begin(), ready_.end(), waits)) next_[partition] = offset;
}

void Subscriber::Connection::start_partition_over(std::int32_t partition) {
    next_[partition] = fetched_[partition] = 0;
    targets_.erase(partition);
    rd_kafka_consume_stop(topic_.get(), partition);
    rd_kafka_consume_start_queue(topic_.get(), partition, RD_KAFKA_OFFSET_BEGINNING, messages_->get());
}

// A fetch that starts anew says even on a quiet topic that it works again.
void Subscriber::Connection::lost(const std::string& why, const char* advice) {
    const bool worked = !trouble_;
    trouble_ = core::Failure::retryable(where() + " cannot be read: " + why, advice);
    if (worked) stop(), start();
}

void Subscriber::Connection::see_whether_caught_up() {
    if (caught_up_ || !messages_ || targets_.size() < static_cast<std::size_t>(discovery_.partitions())) return;
    caught_up_ = std::all_of(targets_.begin(), targets_.end(), [&](const auto& target) {
        const auto next = next_.find(target.first);
        return next != next_.end() && next->second >= target.second;
    });
}

Subscriber::Subscriber(runtime::Executor& executor, Options options)
    : connection_{std::make_unique<Connection>(executor, std::move(options))} {}

Subscriber::~Subscriber() = default;

std::vector<runtime::StreamRecord> Subscriber::take(std::size_t records_max) { return connection_->take(records_max); }

bool Subscriber::caught_up() const { return connection_->caught_up(); }

const Subscriber::Offsets& Subscriber::next_offsets() const { return connection_->next_offsets(); }

void Subscriber::on_news(std::function<void()> wake) { connection_->on_news(std::move(wake)); }

std::optional<core::Failure> Subscriber::trouble() const { return connection_->trouble(); }

}  // namespace sluice::kafka
