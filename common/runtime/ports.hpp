#pragma once
#include "common/core/envelope.hpp"
#include "common/core/result.hpp"
#include "common/core/sha256.hpp"

#include <functional>
#include <optional>
#include <vector>

// Everything that the loop needs of the outside, in one place. Real parts are named only in common/app.
namespace sluice::runtime {

/// What a reader remembers of the last record that it folded. Kept in a snapshot, it lets the next connection see
/// whether the ledger is still the same one.
struct LastSeen {
    core::Position position = 0;
    core::Hash sha256{};  ///< of the record's value
    SLUICE_FIELDS(LastSeen, position, sha256)
};

/// One connection to the ledger. No call blocks. Not thread-safe: all calls from the executor's thread.
class Ledger {
public:
    virtual ~Ledger() = default;

    /// How many records there are as far as this connection knows: the position that the next one will have. It never
    /// shrinks, is never before what read() has handed out, and may lag behind the truth. While there is no trouble(),
    /// it is exact as of some moment after the first read.
    virtual core::Position end() const = 0;

    /// Records from `from` on, in order and without holes; none where none are at hand yet. `from` may only be where
    /// the last read ended, or any position on the first call. A failure is fatal (the ledger was rewound, or has a
    /// hole) and stays; a ledger that is away is trouble(), and the connection mends itself.
    virtual core::Result<std::vector<core::Record>> read(core::Position from, std::size_t records_max) = 0;

    /// May land now, later, twice or never. Success is reading the record back; there is no other acknowledgement.
    /// A refusal means that nothing was sent, and take_failed() will not name it: poison where the value is larger than
    /// core::value_size_max, retryable where too many appends are under way, fatal where read() is.
    virtual core::Result<void> append(core::Draft draft) = 0;

    /// Ids of appends that failed, or may have: each is reported once.
    virtual std::vector<core::FactId> take_failed() = 0;

    /// Called, on the executor's thread, when read(), take_failed() or trouble() may have news, and again after a read
    /// that gave all it was asked for. At most one; set before use.
    virtual void on_news(std::function<void()> wake) = 0;

    /// Nothing while the ledger can be reached; else what is wrong, in a sentence with advice. There is trouble from
    /// the start until the first read was answered: whoever compares its position with end() asks this first.
    virtual std::optional<core::Failure> trouble() const = 0;
};

/// What append() answers to a value larger than core::value_size_max.
inline core::Failure value_too_large(const core::Draft& draft) {
    return core::Failure::poison("the value of " + draft.type + " " + core::to_text(draft.id) + " has " +
                                     std::to_string(draft.value.size()) + " bytes, more than the " +
                                     std::to_string(core::value_size_max) + " that the ledger takes",
                                 "put large evidence into the artifact store and name it by digest");
}

/// Performs what a decider asks for. No call blocks; the loop collects outcomes and appends them as facts.
template <class Decider> class Effects {
public:
    struct Outcome {
        core::FactId id;                ///< of the agenda entry
        typename Decider::Inputs fact;  ///< one of the effect's Outcomes
    };
    virtual ~Effects() = default;
    /// May be called again with the same id after a failed append or a crash: doing it twice is harmless.
    virtual void begin(const core::FactId& id, const typename Decider::Effects& effect) = 0;
    /// It has become moot; an outcome that still comes is dropped.
    virtual void cancel(const core::FactId& id) = 0;
    virtual std::vector<Outcome> take_outcomes() = 0;
    /// Called, on the executor's thread, when take_outcomes() may have news. At most one; set before use.
    virtual void on_news(std::function<void()> wake) = 0;
};

/// For a decider that asks for nothing.
template <class Decider> class NoEffects final : public Effects<Decider> {
public:
    void begin(const core::FactId&, const typename Decider::Effects&) override {}
    void cancel(const core::FactId&) override {}
    std::vector<typename Effects<Decider>::Outcome> take_outcomes() override { return {}; }
    void on_news(std::function<void()>) override {}
};

}  // namespace sluice::runtime
