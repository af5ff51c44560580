#pragma once
#include "common/core/result.hpp"
#include "common/core/time.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

// What is too voluminous for the ledger: topics with several partitions, in order only within one of them.
namespace sluice::runtime {

/// One record of a topic. An offset may be missing in between; none comes twice from one subscriber.
struct StreamRecord {
    std::int32_t partition = 0;
    std::int64_t offset = 0;
    core::Time appended_at = 0;  ///< the broker's clock
    std::string key, value;
};

/// Writes to topics other than the ledger. No call blocks. Not thread-safe: all calls from the executor's thread.
class Publisher {
public:
    struct Counts {
        std::uint64_t delivered = 0;  ///< acknowledged by all replicas in sync
        std::uint64_t failed = 0;     ///< given up, though some may have landed
        std::uint64_t dropped = 0;    ///< refused by publish(), never sent
        std::uint64_t waiting = 0;    ///< neither yet
        bool operator==(const Counts&) const = default;
    };
    virtual ~Publisher() = default;

    /// Records with one key keep their order, as long as none fails. Whoever cannot lose a record counts, or uses the
    /// ledger. A refusal is retryable (the queue is full) or poison (the value is too large).
    virtual core::Result<void> publish(const std::string& topic, std::string key, std::string value) = 0;

    virtual Counts counts() const = 0;
};

/// Reads all partitions of one topic. No call blocks. Not thread-safe: all calls from the executor's thread.
class Subscriber {
public:
    /// For each partition the offset that comes next. Partitions that are not named start at their beginning.
    using Offsets = std::map<std::int32_t, std::int64_t>;
    virtual ~Subscriber() = default;

    /// What is at hand, in the order of each partition. An offset that the topic no longer holds starts over at the
    /// partition's beginning: the jump shows in the records' offsets.
    virtual std::vector<StreamRecord> take(std::size_t records_max) = 0;

    /// Has take() given everything that was there when this subscriber first reached each partition? Once true, it
    /// stays.
    virtual bool caught_up() const = 0;

    /// Where to go on another time, after everything that take() has given.
    virtual const Offsets& next_offsets() const = 0;

    /// Called, on the executor's thread, when take(), caught_up() or trouble() may have news, and again after a take
    /// that gave all it was asked for. At most one; set before use.
    virtual void on_news(std::function<void()> wake) = 0;

    /// Nothing while the topic can be reached; else what is wrong, in a sentence with advice.
    virtual std::optional<core::Failure> trouble() const = 0;
};

/// The largest value that a stream takes.
inline constexpr std::size_t stream_value_size_max = 120'000;

/// What publish() answers to a larger one.
inline core::Failure stream_value_too_large(const std::string& topic, const std::string& value) {
    return core::Failure::poison("a value of " + std::to_string(value.size()) + " bytes is more than the " +
                                     std::to_string(stream_value_size_max) + " that " + topic + " takes",
                                 "put it into the artifact store and name it by digest");
}

}  // namespace sluice::runtime
