#pragma once
#include "common/runtime/streams.hpp"

#include <memory>

// Streams in memory, for tests.
namespace sluice::memory {

/// Topics that are made by publishing to them. Must outlive publishers and subscribers.
class Streams {
public:
    explicit Streams(std::int32_t partitions = 4) : partitions_{partitions} {}

    std::int32_t partitions() const { return partitions_; }
    /// All records of one partition, oldest first.
    const std::vector<runtime::StreamRecord>& records(const std::string& topic, std::int32_t partition) const;
    void put(const std::string& topic, std::string key, std::string value);
    void set_time(core::Time now) { now_ = now; }

    /// From now on publishing fails, or no longer does.
    void set_failing(bool failing) { failing_ = failing; }
    bool failing() const { return failing_; }

private:
    friend class Subscriber;
    std::int32_t partitions_;
    core::Time now_ = 0;
    bool failing_ = false;
    std::map<std::pair<std::string, std::int32_t>, std::vector<runtime::StreamRecord>> records_;
    std::map<std::uint64_t, std::function<void()>> wakes_;
    std::uint64_t next_wake_id_ = 0;
};

class Publisher final : public runtime::Publisher {
public:
    explicit Publisher(Streams& streams) : streams_{streams} {}
    core::Result<void> publish(const std::string& topic, std::string key, std::string value) override;
    Counts counts() const override { return counts_; }

private:
    Streams& streams_;
    Counts counts_;
};

/// Wake-ups come from inside publish(): for whoever only notes them, or posts.
class Subscriber final : public runtime::Subscriber {
public:
    Subscriber(Streams& streams, std::string topic, Offsets from = {});
    ~Subscriber() override { streams_.wakes_.erase(wake_id_); }
    Subscriber(const Subscriber&) = delete;
    Subscriber& operator=(const Subscriber&) = delete;

    std::vector<runtime::StreamRecord> take(std::size_t records_max) override;
    bool caught_up() const override;
    const Offsets& next_offsets() const override { return next_; }
    void on_news(std::function<void()> wake) override { streams_.wakes_[wake_id_] = std::move(wake); }
    std::optional<core::Failure> trouble() const override { return std::nullopt; }

private:
    Streams& streams_;
    std::string topic_;
    std::uint64_t wake_id_;
    Offsets next_, ends_at_start_;
};

}  // namespace sluice::memory
