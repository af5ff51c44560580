#pragma once
#include "common/runtime/ports.hpp"
#include "services/mirror/store_calls.hpp"

#include <deque>

namespace sluice::mirror {

/// What an operator should hear of, once for each record that it is about.
struct Notice {
    enum class Kind {
        foreign,         ///< no fact of ours
        echo_differs,    ///< an echo that says something else than the fact
        counted_twice,   ///< an echo so far behind its fact that folds took it for one
        cannot_be_held,  ///< a fact that the store cannot hold; its bytes are kept as a record
    };
    Kind kind;
    core::Position position = 0;
    std::string text;
};

/// Since the start of this process.
struct Counts {
    std::uint64_t records = 0, facts = 0, echoes = 0, echoes_that_differ = 0, foreign = 0;
    std::uint64_t late = 0;  ///< more than a window after what their writer had seen: no facts
};

/// Copies the ledger to a store: every record, and the first of each id as a fact. No thread and no clock of its own,
/// and one call to the store at a time. All calls from the executor's thread.
///
///     asking ──▶ reading ──▶ writing      asking, writing ──▶ waiting ──▶ asking    the store is away
///                   ▲───────────┘         any ──▶ stopped                           for good, with the reason
class Copier {
public:
    using Decode = std::function<core::Result<runtime::MirroredFact>(const core::Record&)>;
    struct Limits {
        std::size_t records_max = 1000;           ///< in one batch
        std::size_t bytes_max = 4 * 1024 * 1024;  ///< of values in one batch, unless a single one is larger
        core::Time wait_ms_min = 100;             ///< before the store is asked again; doubled each time …
        core::Time wait_ms_max = 10'000;          ///< … up to this
        core::Position window = 65'536;           ///< a record further behind what its writer had seen is no fact
    };

    Copier(runtime::Ledger& ledger, StoreCalls& store, Decode decode) : Copier{ledger, store, std::move(decode), {}} {}
    Copier(runtime::Ledger& ledger, StoreCalls& store, Decode decode, Limits limits);

    /// One turn. Call it after news, of the ledger or of this, and at retry_at().
    void step(core::Time now);
    void on_news(std::function<void()> wake) { wake_ = std::move(wake); }
    std::optional<core::Time> retry_at() const;

    /// The position of the next record to copy; nothing before the store has said it.
    std::optional<core::Position> next() const { return next_; }
    std::uint64_t lag() const;
    const Counts& counts() const { return counts_; }
    std::vector<Notice> take_notices() { return std::exchange(notices_, {}); }

    /// Why nothing is copied, with advice; nothing while all is well. There is trouble from the start.
    std::optional<core::Failure> trouble() const;

private:
    enum class State { asking, reading, writing, waiting, stopped };
    struct Flight {
        std::shared_ptr<runtime::MirrorBatch> batch;
        std::vector<Notice> notices;
        Counts counts;
    };

    void still_waiting();
    void ask();
    void placed(core::Result<runtime::MirrorPlace> place);
    void read();
    bool is_same_ledger();
    void write();
    void add(const core::Record& record);
    void appended(const core::Result<std::vector<runtime::Echo>>& echoes);
    void committed(const std::vector<runtime::Echo>& echoes);
    void note(const runtime::Echo& echo);
    void smaller_batch();
    void wait(core::Failure why);
    void stop(core::Failure why);
    void wake();

    runtime::Ledger& ledger_;
    StoreCalls& store_;
    Decode decode_;
    Limits limits_;
    std::function<void()> wake_;

    State state_ = State::waiting;
    core::Time now_ = 0, wait_ms_;
    std::optional<core::Time> retry_at_ = 0;
    std::optional<core::Failure> why_;

    std::optional<core::Position> next_;     // to copy
    std::optional<core::Record> last_;       // in the store, to be compared with the ledger's
    std::optional<core::Position> read_to_;  // in the ledger
    bool end_was_checked_ = false;
    std::deque<core::Record> at_hand_;  // read and not copied

    std::size_t batch_max_;
    std::optional<core::Position> without_fact_;
    Flight flight_;
    Counts counts_;
    std::vector<Notice> notices_;
};

}  // namespace sluice::mirror
