#include "common/kafka/reader.hpp"

#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <stdexcept>

namespace sluice::kafka {
namespace {

constexpr std::int32_t partition = 0;

std::string_view value_of(const rd_kafka_message_t& message) {
    return {static_cast<const char*>(message.payload), message.len};
}

constexpr auto stop_all = "stop all services and compare the ledger with its mirror before anything is appended";

}  // namespace

Reader::Reader(const LedgerOptions& options, const Bell& bell)
    : options_{options},
      bell_{bell},
      client_{Client::Kind::consumer, options.brokers, options.client_id, consumer_settings()},
      topic_{open_topic(client_, options.topic)},
      events_{Queue::of_events(client_, bell)},
      trouble_{core::Failure::retryable(where() + " was not reached yet", advice_broker_away)} {}

Reader::~Reader() { stop_fetching(); }

core::Result<std::vector<core::Record>> Reader::read(core::Position from, std::size_t records_max) {
    if (phase_ == Phase::unopened) {
        next_ = fetched_ = end_ = from;
        start_check();
    }
    if (next_ != from) throw std::logic_error("the ledger is read on from where the last read ended");
    fetch_until(records_max);
    if (ready_.empty() && broken()) return *trouble_;
    const auto count = static_cast<std::ptrdiff_t>(std::min(records_max, ready_.size()));
    std::vector<core::Record> records{std::move_iterator{ready_.begin()}, std::move_iterator{ready_.begin() + count}};
    ready_.erase(ready_.begin(), ready_.begin() + count);
    next_ += records.size();
    if (!records.empty()) last_value_ = records.back().value;
    return records;
}

void Reader::take_in() {
    while (const auto event = events_.poll())
        if (rd_kafka_event_type(event.get()) == RD_KAFKA_EVENT_ERROR)
            lost(rd_kafka_event_error_string(event.get()), advice_broker_away);
    fetch_until(1);
}

void Reader::recheck() {
    if (phase_ == Phase::reading) start_check();
}

// First the anchor, then the record before our position, and from there we read on.
void Reader::start_check() {
    phase_ = Phase::checking;
    to_confirm_.clear();
    if (anchor_ && anchor_->position + 1 < fetched_) to_confirm_.push_back(anchor_->position);
    if (fetched_ > 0) to_confirm_.push_back(fetched_ - 1);
    fetch_from(to_confirm_.empty() ? 0 : to_confirm_.front());
}

// By the simple consumer: no group, so no coordinator to ask for, to wait for, or to close with.
void Reader::fetch_from(core::Position first) {
    stop_fetching();
    messages_ = Queue::of_messages(client_, bell_);
    if (rd_kafka_consume_start_queue(topic_.get(), partition, static_cast<std::int64_t>(first), messages_->get()) != 0)
        trouble_ = core::Failure::retryable(where() + " cannot be read: " + rd_kafka_err2str(rd_kafka_last_error()),
                                            advice_broker_away);
}

void Reader::stop_fetching() {
    if (!messages_) return;
    rd_kafka_consume_stop(topic_.get(), partition);
    messages_.reset();
}

void Reader::fetch_until(std::size_t records) {
    while (ready_.size() < records && messages_) {
        const auto message = messages_->take();
        if (!message) break;
        take(*message);
    }
    learn_end();
}

void Reader::take(const rd_kafka_message_t& message) {
    switch (message.err) {
        case RD_KAFKA_RESP_ERR_NO_ERROR: return take_record(message);
        case RD_KAFKA_RESP_ERR__PARTITION_EOF: return reached_end();
        case RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET:
        case RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE:
            return break_off("there is nothing at position " +
                             std::to_string(to_confirm_.empty() ? fetched_ : to_confirm_.front()) + " any more");
        case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
        case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
        case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION: return lost(rd_kafka_message_errstr(&message), advice_topic_missing);
        default: return lost(rd_kafka_message_errstr(&message), advice_broker_away);
    }
}

void Reader::take_record(const rd_kafka_message_t& message) {
    const auto position = static_cast<core::Position>(message.offset);
    const auto expected = to_confirm_.empty() ? fetched_ : to_confirm_.front();
    if (position != expected)
        return break_off("position " + std::to_string(expected) + " holds no record; the next is at " +
                         std::to_string(position));
    if (!to_confirm_.empty()) return confirm(position, value_of(message));
    if (phase_ == Phase::checking) all_confirmed();
    if (!anchor_) anchor_ = runtime::LastSeen{position, core::sha256(value_of(message))};
    ready_.push_back({position, rd_kafka_message_timestamp(&message, nullptr), std::string(value_of(message))});
    ++fetched_;
}

void Reader::confirm(core::Position position, std::string_view value) {
    const auto digest = core::sha256(value);
    const bool is_last = position + 1 == fetched_;
    const auto known = is_last ? last_digest() : std::optional{anchor_->sha256};
    if (known && *known != digest)
        return break_off("the record at position " + std::to_string(position) + " is not the one that was folded");
    to_confirm_.pop_front();
    if (!is_last) return fetch_from(to_confirm_.front());
    if (!known) last_value_ = std::string(value);
    anchor_ = runtime::LastSeen{position, digest};
    all_confirmed();
}

void Reader::all_confirmed() {
    phase_ = Phase::reading;
    trouble_.reset();
}

void Reader::reached_end() {
    if (!to_confirm_.empty()) return break_off("it ends before position " + std::to_string(to_confirm_.front() + 1));
    if (phase_ == Phase::checking) all_confirmed();
}

std::optional<core::Hash> Reader::last_digest() const {
    if (!ready_.empty()) return core::sha256(ready_.back().value);
    if (last_value_) return core::sha256(*last_value_);
    const auto& seen = options_.last_seen;
    return seen && seen->position + 1 == fetched_ ? std::optional{seen->sha256} : std::nullopt;
}

void Reader::lost(const std::string& why, const char* advice) {
    if (broken()) return;
    trouble_ = core::Failure::retryable(where() + " cannot be read: " + why, advice);
    recheck();
}

void Reader::break_off(const std::string& what) {
    stop_fetching();
    phase_ = Phase::broken;
    trouble_ = core::Failure::fatal(where() + " was rewound or has a hole: " + what, stop_all);
}

void Reader::learn_end() {
    std::int64_t low = 0, high = 0;
    if (rd_kafka_get_watermark_offsets(client_.get(), options_.topic.c_str(), partition, &low, &high) !=
        RD_KAFKA_RESP_ERR_NO_ERROR)
        return;
    if (phase_ == Phase::reading && high > 0) end_ = std::max(end_, static_cast<core::Position>(high));
    end_ = std::max(end_, fetched_);
}

std::string Reader::where() const { return "topic " + options_.topic + " at " + options_.brokers; }

}  // namespace sluice::kafka
