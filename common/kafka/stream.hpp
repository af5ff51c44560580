#pragma once
#include "common/runtime/executor.hpp"
#include "common/runtime/streams.hpp"

#include <chrono>
#include <memory>

namespace sluice::kafka {

/// Writes to topics other than the ledger. The key chooses the partition, as Kafka's own Java client does (murmur2); an
/// empty key any partition.
class Publisher final : public runtime::Publisher {
public:
    struct Options {
        std::string brokers;
        std::string client_id = "sluice";
        std::size_t waiting_max = 100'000;
        std::chrono::milliseconds timeout{30'000};  ///< after it a record has failed
    };
    /// `executor` outlives it. What still waits when it ends is given up.
    Publisher(runtime::Executor& executor, Options options);
    ~Publisher() override;

    core::Result<void> publish(const std::string& topic, std::string key, std::string value) override;
    Counts counts() const override;

private:
    struct Connection;
    void take_in();

    Options options_;
    Counts counts_;
    std::unique_ptr<Connection> connection_;
};

/// Reads all partitions that the topic has when it is first reached; new ones are seen after a restart.
class Subscriber final : public runtime::Subscriber {
public:
    struct Options {
        std::string brokers;
        std::string topic;
        Offsets from = {};
        std::string client_id = "sluice";
    };
    /// `executor` outlives it. Opening it does not wait for the broker.
    Subscriber(runtime::Executor& executor, Options options);
    ~Subscriber() override;

    std::vector<runtime::StreamRecord> take(std::size_t records_max) override;
    bool caught_up() const override;
    const Offsets& next_offsets() const override;
    void on_news(std::function<void()> wake) override;
    std::optional<core::Failure> trouble() const override;

private:
    class Connection;
    std::unique_ptr<Connection> connection_;
};

}  // namespace sluice::kafka
