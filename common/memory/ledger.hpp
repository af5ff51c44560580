#pragma once
#include "common/runtime/ports.hpp"

#include <map>
#include <memory>

// The ledger in memory: small, real, and held to the same contract suite as Kafka.
namespace sluice::memory {

/// What may happen to one append.
enum class Fate {
    lands,
    lands_twice,
    lands_but_reported_failed,
    lands_later,  ///< waits in Log::delayed() for thaw(), also after the end of the connection that sent it
    fails,
};

/// What all connections share. Must outlive them.
class Log {
public:
    const std::vector<core::Record>& records() const { return records_; }

    /// Appends a record, whoever wrote it: also one that is no fact.
    void put(std::string value);

    const std::vector<core::Draft>& delayed() const { return delayed_; }
    /// The delayed append number `which` lands now.
    void thaw(std::size_t which);

    /// What `appended_at` of the next records will say.
    void set_time(core::Time now) { now_ = now; }

    /// Forgets all records from `end` on: what must never happen, so that it can be tested.
    void rewind(core::Position end);

    /// While it is away nothing is read, appends fail, and every connection has trouble().
    void set_reachable(bool reachable);
    bool reachable() const { return reachable_; }

private:
    friend class Ledger;
    void wake_all();

    std::vector<core::Record> records_;
    std::vector<core::Draft> delayed_;
    std::map<std::uint64_t, std::function<void()>> wakes_;
    std::uint64_t next_wake_id_ = 0;
    std::uint64_t rewinds_ = 0;
    core::Time now_ = 0;
    bool reachable_ = true;
};

/// One connection.
class Ledger final : public runtime::Ledger {
public:
    using Post = std::function<void(std::function<void()>)>;
    struct Options {
        /// Asked once for each append; none: every append lands.
        std::function<Fate()> fate = {};
        /// Runs wake-ups. Without it they come from inside append(), thaw() and the like: for whoever only notes them.
        Post post = {};
        std::optional<runtime::LastSeen> last_seen = {};
    };

    explicit Ledger(Log& log) : Ledger(log, Options{}) {}
    Ledger(Log& log, Options options);
    ~Ledger() override;
    Ledger(const Ledger&) = delete;
    Ledger& operator=(const Ledger&) = delete;

    core::Position end() const override;
    core::Result<std::vector<core::Record>> read(core::Position from, std::size_t records_max) override;
    core::Result<void> append(core::Draft draft) override;
    std::vector<core::FactId> take_failed() override { return std::exchange(failed_, {}); }
    void on_news(std::function<void()> wake) override;
    std::optional<core::Failure> trouble() const override;

private:
    std::optional<core::Failure> rewound(core::Position from) const;
    void fail(const core::FactId& id);
    void wake();

    Log& log_;
    Options options_;
    std::optional<core::Position> next_;  // where the last read ended
    std::string last_value_;              // of the record before it
    std::uint64_t rewinds_seen_ = 0;
    mutable core::Position end_ = 0;
    std::optional<core::Failure> broken_;
    std::vector<core::FactId> failed_;
    std::uint64_t wake_id_;
    std::shared_ptr<std::function<void()>> wake_;
};

}  // namespace sluice::memory
