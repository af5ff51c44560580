#include "common/kafka/writer.hpp"

#include <librdkafka/rdkafka.h>

namespace sluice::kafka {
Writer::Writer(const LedgerOptions& options, const Bell& bell) : options_{options}, bell_{bell} { connect(); }

void Writer::connect() {
    client_ = std::make_unique<Client>(Client::Kind::producer, options_.brokers, options_.client_id,
                                       producer_settings(options_.in_flight_max, options_.append_timeout));
    // A topic that librdkafka first hears of with an append may wait a second for its partitions.
    topic_ = open_topic(*client_, options_.topic);
    events_ = Queue::of_events(*client_, bell_);
}

core::Result<void> Writer::append(core::Draft draft) {
    if (draft.value.size() > core::value_size_max) return runtime::value_too_large(draft);
    const auto refused = [&](const std::string& why) {
        return core::Failure::retryable("an append was not sent: " + why,
                                        "wait for news of earlier ones and try again");
    };
    if (in_flight_.size() >= options_.in_flight_max)
        return refused(std::to_string(in_flight_.size()) + " appends are under way");
    const auto number = next_number_++;
    const auto id = core::to_text(draft.id);
    const std::string content_type = "application/cloudevents+json";
    const auto error = rd_kafka_producev(
        client_->get(), RD_KAFKA_V_RKT(topic_.get()), RD_KAFKA_V_PARTITION(0),
        RD_KAFKA_V_KEY(draft.key.data(), draft.key.size()), RD_KAFKA_V_VALUE(draft.value.data(), draft.value.size()),
        RD_KAFKA_V_HEADER("ce_type", draft.type.data(), static_cast<ssize_t>(draft.type.size())),
        RD_KAFKA_V_HEADER("ce_id", id.data(), static_cast<ssize_t>(id.size())),
        RD_KAFKA_V_HEADER("content-type", content_type.data(), static_cast<ssize_t>(content_type.size())),
        RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_OPAQUE(reinterpret_cast<void*>(number)), RD_KAFKA_V_END);
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR) return refused(rd_kafka_err2str(error));
    in_flight_.emplace(number, draft.id);
    return {};
}

void Writer::take_in() {
    bool fatal = false;
    while (const auto event = events_->poll()) {
        if (rd_kafka_event_type(event.get()) == RD_KAFKA_EVENT_DR) delivered(event);
        if (rd_kafka_event_type(event.get()) == RD_KAFKA_EVENT_ERROR)
            fatal = fatal || rd_kafka_event_error_is_fatal(event.get());
    }
    if (fatal) start_over();
}

void Writer::delivered(const Event& event) {
    while (const auto* message = rd_kafka_event_message_next(event.get())) {
        const auto sent = in_flight_.extract(reinterpret_cast<std::uint64_t>(message->_private));
        if (sent && message->err != RD_KAFKA_RESP_ERR_NO_ERROR) failed_.push_back(sent.mapped());
    }
}

// An idempotent producer that has lost count of its own messages never sends again (librdkafka's issue 4438).
void Writer::start_over() {
    for (const auto& [number, id] : in_flight_) failed_.push_back(id);
    in_flight_.clear();
    events_.reset();
    topic_.reset();
    Client::close_behind(std::move(client_));
    connect();
}

}  // namespace sluice::kafka
