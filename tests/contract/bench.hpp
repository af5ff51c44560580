#pragma once
#include "common/kafka/ledger.hpp"
#include "common/memory/ledger.hpp"
#include "tests/contract/gate.hpp"

#include <gtest/gtest.h>

// What the contract suites work on: one bench with ledgers in memory, one with ledgers on a real broker.
namespace sluice::tests {

/// Runs the executor until `condition` holds; false if it does not within `at_most`.
bool run_until(runtime::Executor& executor, const std::function<bool()>& condition,
               std::chrono::milliseconds at_most = std::chrono::seconds{15});

/// SLUICE_TEST_KAFKA_BROKERS. Where it is not set the test fails, or is skipped if SLUICE_TEST_WITHOUT_KAFKA=1.
std::string kafka_brokers();
enum class KafkaForTests { there, missing, not_wanted };
KafkaForTests kafka_for_tests();
inline constexpr auto no_broker =
    "SLUICE_TEST_KAFKA_BROKERS names no broker; ./dev test starts one, and SLUICE_TEST_WITHOUT_KAFKA=1 leaves these "
    "tests out";

/// A name that no other test of any run has.
std::string topic_name();

class MemoryBench {
public:
    static constexpr bool needs_kafka = false;
    explicit MemoryBench(runtime::Executor& executor) : executor_{executor} {}

    std::unique_ptr<runtime::Ledger> open(std::optional<runtime::LastSeen> last_seen = {});
    std::unique_ptr<runtime::Ledger> open_where_appends_fail();
    std::unique_ptr<runtime::Ledger> open_out_of_reach();
    void come_into_reach() { log_.set_reachable(true); }
    /// An operator loses the ledger and puts another in its place.
    void start_ledger_over() { log_.rewind(0); }

private:
    runtime::Executor& executor_;
    memory::Log log_;
};

class KafkaBench {
public:
    static constexpr bool needs_kafka = true;
    explicit KafkaBench(runtime::Executor& executor);
    ~KafkaBench();

    std::unique_ptr<runtime::Ledger> open(std::optional<runtime::LastSeen> last_seen = {});
    std::unique_ptr<runtime::Ledger> open_where_appends_fail();
    std::unique_ptr<runtime::Ledger> open_out_of_reach();
    void come_into_reach() { gate_.open(); }
    void start_ledger_over();

    kafka::LedgerOptions options() const;
    runtime::Executor& executor() { return executor_; }

private:
    void make_topic(const std::string& name, const std::string& message_bytes_max = "131072");

    runtime::Executor& executor_;
    std::string topic_ = topic_name(), tight_topic_ = topic_ + ".tight";
    Gate gate_;
};

}  // namespace sluice::tests
