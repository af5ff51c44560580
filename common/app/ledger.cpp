#include "common/app/service.hpp"
#include "common/kafka/ledger.hpp"
#include "common/kafka/topics.hpp"

#include <condition_variable>
#include <mutex>
#include <thread>

namespace sluice::app {
namespace {

constexpr int look_timeout_ms = 2000;
constexpr std::chrono::seconds pause{1};

/// Looks on a thread of its own, because asking a broker waits; again until there was an answer.
void look_at_topics(std::stop_token stop, Process& process) {
    std::mutex mutex;
    std::condition_variable_any resting;
    while (!stop.stop_requested()) {
        const auto checked = kafka::check_topics(process.settings().kafka_brokers, kafka::topics(), look_timeout_ms);
        if (checked) return;
        if (checked.failure().kind != core::Failure::Kind::retryable)
            return process.executor().post([&process, why = checked.failure()] { process.fail(why); });
        std::unique_lock lock(mutex);
        resting.wait_for(lock, stop, pause, [] { return false; });
    }
}

}  // namespace

std::unique_ptr<runtime::Ledger> open_ledger(Process& process) {
    auto looking = std::make_shared<std::jthread>([&process](std::stop_token stop) { look_at_topics(stop, process); });
    process.on_stop([looking] {
        looking->request_stop();
        looking->join();
    });
    kafka::LedgerOptions options;
    options.brokers = process.settings().kafka_brokers;
    options.client_id = process.service() + "-" + process.settings().instance;
    return std::make_unique<kafka::Ledger>(process.executor(), std::move(options));
}

}  // namespace sluice::app
