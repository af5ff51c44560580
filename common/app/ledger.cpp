#include "common/kafka/ledger.hpp"
#include "common/app/service.hpp"

namespace sluice::app {

std::unique_ptr<runtime::Ledger> open_ledger(Process& process) {
    kafka::LedgerOptions options;
    options.brokers = process.settings().kafka_brokers;
    options.client_id = process.service() + "-" + process.settings().instance;
    return std::make_unique<kafka::Ledger>(process.executor(), std::move(options));
}

}  // namespace sluice::app
