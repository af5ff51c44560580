#include "common/kafka/client.hpp"
#include "common/kafka/stream.hpp"

#include <librdkafka/rdkafka.h>

namespace sluice::kafka {

struct Publisher::Connection {
    Connection(const Options& options, runtime::Executor& executor, std::function<void()> news)
        : bell{executor, std::move(news)} {
        open(options);
    }

    void open(const Options& options) {
        client =
            std::make_unique<Client>(Client::Kind::producer, options.brokers, options.client_id, settings(options));
        events = Queue::of_events(*client, bell);
    }

    void start_over(const Options& options) {
        events.reset();
        topics.clear();
        Client::close_behind(std::move(client));
        open(options);
    }

    static Settings settings(const Options& options) {
        auto settings = producer_settings(options.waiting_max, options.timeout);
        for (auto& [name, value] : settings)
            if (name == "linger.ms") value = "5";
        settings.emplace_back("compression.codec", "lz4");
        settings.emplace_back("partitioner", "murmur2_random");
        return settings;
    }

    rd_kafka_topic_s* topic(const std::string& name) {
        auto& handle = topics[name];
        if (!handle) handle = open_topic(*client, name);
        return handle.get();
    }

    Bell bell;
    std::unique_ptr<Client> client;
    std::map<std::string, TopicHandle> topics;  // they and the events go before their client
    std::optional<Queue> events;
};

Publisher::Publisher(runtime::Executor& executor, Options options)
    : options_{std::move(options)}, connection_{std::make_unique<Connection>(options_, executor, [this] {
          take_in();
      })} {}

Publisher::~Publisher() = default;

core::Result<void> Publisher::publish(const std::string& topic, std::string key, std::string value) {
    const auto refused = [&](core::Failure failure) { return ++counts_.dropped, failure; };
    if (value.size() > runtime::stream_value_size_max) return refused(runtime::stream_value_too_large(topic, value));
    const auto error = rd_kafka_producev(
        connection_->client->get(), RD_KAFKA_V_RKT(connection_->topic(topic)), RD_KAFKA_V_KEY(key.data(), key.size()),
        RD_KAFKA_V_VALUE(value.data(), value.size()), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_END);
    if (error == RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE)
        return refused(core::Failure::poison(
            "a record with a key of " + std::to_string(key.size()) + " bytes is more than " + topic + " takes",
            "use a shorter key"));
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR)
        return refused(core::Failure::retryable("a record for " + topic + " was dropped: " + rd_kafka_err2str(error),
                                                "see that the broker runs, and publish less"));
    ++counts_.waiting;
    return {};
}

void Publisher::take_in() {
    bool fatal = false;
    while (const auto event = connection_->events->poll()) {
        if (rd_kafka_event_type(event.get()) == RD_KAFKA_EVENT_ERROR)
            fatal = fatal || rd_kafka_event_error_is_fatal(event.get());
        while (const auto* message = rd_kafka_event_message_next(event.get())) {
            ++(message->err == RD_KAFKA_RESP_ERR_NO_ERROR ? counts_.delivered : counts_.failed);
            --counts_.waiting;
        }
    }
    if (!fatal) return;
    // An idempotent producer that has lost count of its own messages never sends again (librdkafka's issue 4438).
    counts_.failed += std::exchange(counts_.waiting, 0);
    connection_->start_over(options_);
}

Publisher::Counts Publisher::counts() const { return counts_; }

}  // namespace sluice::kafka
