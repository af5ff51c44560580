#pragma once
#include "common/runtime/executor.hpp"
#include "common/runtime/ports.hpp"

#include <chrono>
#include <memory>

namespace sluice::kafka {

struct LedgerOptions {
    std::string brokers;
    std::string topic = "sluice.ledger";
    std::string client_id = "sluice";
    /// If given, the first read is from the position after it, and finds out whether the ledger is still that one.
    std::optional<runtime::LastSeen> last_seen = {};
    std::size_t in_flight_max = 10'000;
    std::chrono::milliseconds append_timeout{10'000};
    /// The record before our position is compared after every trouble. A topic that was deleted, made again and filled
    /// in a moment causes none: so an older record is compared this often. It can take a tenth of a second.
    std::chrono::milliseconds recheck_every{30'000};
};

class Reader;
class Writer;
class Bell;

/// The ledger on partition 0 of a Kafka topic. Opening it does not wait for the broker; closing it takes at most a few
/// seconds without one. The idempotent producer keeps order within a connection, but no caller relies on that.
class Ledger final : public runtime::Ledger {
public:
    /// `executor` outlives it.
    Ledger(runtime::Executor& executor, LedgerOptions options);
    ~Ledger() override;

    core::Position end() const override;
    core::Result<std::vector<core::Record>> read(core::Position from, std::size_t records_max) override;
    core::Result<void> append(core::Draft draft) override;
    std::vector<core::FactId> take_failed() override;
    void on_news(std::function<void()> wake) override { wake_ = std::move(wake); }
    std::optional<core::Failure> trouble() const override;

private:
    void take_in();
    void recheck_later();

    runtime::Executor& executor_;
    std::chrono::milliseconds recheck_every_;
    std::function<void()> wake_;
    std::unique_ptr<Bell> bell_;
    std::unique_ptr<Reader> reader_;
    std::unique_ptr<Writer> writer_;
    runtime::Executor::TimerId recheck_timer_ = 0;
};

}  // namespace sluice::kafka
