#pragma once
#include "common/kafka/client.hpp"
#include "common/kafka/ledger.hpp"

#include <unordered_map>

namespace sluice::kafka {

/// The appending half of a ledger connection.
class Writer {
public:
    Writer(const LedgerOptions& options, const Bell& bell);

    core::Result<void> append(core::Draft draft);
    /// Learns what became of what was sent.
    void take_in();
    bool has_failed() const { return !failed_.empty(); }
    std::vector<core::FactId> take_failed() { return std::exchange(failed_, {}); }

private:
    void connect();
    void start_over();
    void delivered(const Event& event);

    LedgerOptions options_;
    const Bell& bell_;
    std::unique_ptr<Client> client_;
    TopicHandle topic_;  // it and the events go before their client
    std::optional<Queue> events_;
    std::unordered_map<std::uint64_t, core::FactId> in_flight_;
    std::uint64_t next_number_ = 1;
    std::vector<core::FactId> failed_;
};

}  // namespace sluice::kafka
