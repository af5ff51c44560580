#pragma once
#include "common/kafka/client.hpp"
#include "common/kafka/ledger.hpp"

#include <deque>

struct rd_kafka_message_s;

namespace sluice::kafka {

/// The reading half of a ledger connection.
class Reader {
public:
    Reader(const LedgerOptions& options, const Bell& bell);
    ~Reader();
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;

    core::Result<std::vector<core::Record>> read(core::Position from, std::size_t records_max);

    /// Learns what came in; hands nothing out.
    void take_in();
    bool has_records() const { return !ready_.empty(); }

    /// Reads what it remembers of the ledger once more.
    void recheck();

    core::Position end() const { return end_; }
    const std::optional<core::Failure>& trouble() const { return trouble_; }
    bool broken() const { return phase_ == Phase::broken; }

private:
    //                      trouble, recheck()
    //              ┌───────────────────────────────┐
    //              ▼                               │
    // unopened ─▶ checking ── what we remember ──▶ reading
    //  first read  │          is still there       │ a hole, or out of range
    //              └────────▶ broken ◀─────────────┘
    enum class Phase { unopened, checking, reading, broken };

    void start_check();
    void fetch_from(core::Position first);
    void stop_fetching();
    void fetch_until(std::size_t records);
    void take(const rd_kafka_message_s& message);
    void take_record(const rd_kafka_message_s& message);
    void confirm(core::Position position, std::string_view value);
    void all_confirmed();
    void reached_end();
    void lost(const std::string& why, const char* advice);
    void break_off(const std::string& what);
    void learn_end();
    /// The record before everything that is still to come; without a digest where that is not known.
    std::optional<core::Hash> last_digest() const;
    std::string where() const;

    LedgerOptions options_;
    const Bell& bell_;
    Client client_;
    TopicHandle topic_;
    Queue events_;
    std::optional<Queue> messages_;  // a new one for each fetch: in the old one stale records may lie
    Phase phase_ = Phase::unopened;
    core::Position next_ = 0;     // to be handed out
    core::Position fetched_ = 0;  // everything before it is handed out or in ready_
    core::Position end_ = 0;
    std::deque<core::Record> ready_;
    std::optional<std::string> last_value_;  // of the record handed out last
    std::optional<runtime::LastSeen>
        anchor_;  // what was last at the check before: the topic may have been replaced since
    std::deque<core::Position> to_confirm_;
    std::optional<core::Failure> trouble_;
};

}  // namespace sluice::kafka
