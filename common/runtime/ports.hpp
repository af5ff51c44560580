#pragma once
#include "common/core/envelope.hpp"
#include "common/core/result.hpp"

#include <functional>
#include <optional>
#include <vector>

// Everything that the loop needs of the outside, in one place. Real parts are named only in common/app.
namespace sluice::runtime {

/// One connection to the ledger. No call blocks. Not thread-safe: all calls from the executor's thread.
class Ledger {
public:
    virtual ~Ledger() = default;

    /// How many records there are as far as this connection knows: the position that the next one will have. It never
    /// shrinks and may lag behind the truth; it is exact as of some moment after the connection was opened.
    virtual core::Position end() const = 0;

    /// Records from `from` on, in order and without holes; none where none are at hand yet. `from` may only be where the
    /// last read ended, or any position on the first call and after a failure. A failure is retryable (wait: the
    /// connection mends itself) or fatal (the ledger was rewound, or has a hole).
    virtual core::Result<std::vector<core::Record>> read(core::Position from, std::size_t records_max) = 0;

    /// May land now, later, twice or never. Success is reading the record back; there is no other acknowledgement.
    virtual void append(core::Draft draft) = 0;

    /// Ids of appends that failed, or may have: each is reported once.
    virtual std::vector<core::FactId> take_failed() = 0;

    /// Called, on the executor's thread, when reading or take_failed() may have news. At most one; set before use.
    virtual void on_news(std::function<void()> wake) = 0;

    /// Nothing while the ledger can be reached; else what is wrong, in a sentence with advice.
    virtual std::optional<core::Failure> trouble() const = 0;
};

/// Performs what a decider asks for. No call blocks; the loop collects outcomes and appends them as facts.
template <class Decider> class Effects {
public:
    struct Outcome {
        core::FactId id;                 ///< of the agenda entry
        typename Decider::Inputs fact;   ///< one of the effect's Outcomes
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
