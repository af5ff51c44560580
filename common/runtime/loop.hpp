#pragma once
#include "common/core/codec.hpp"
#include "common/runtime/ports.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace sluice::runtime {

/// What a loop has met since it started.
struct LoopCounts {
    std::uint64_t records = 0, echoes = 0, foreign = 0, appended = 0, append_failures = 0;
};

/// A fact from outside that a service says without owing it: a door's request, a watcher's observation.
template <class Decider> struct Saying {
    core::FactId id;
    core::FactId cause = {}, correlation = {};
    std::string actor = {}, trace = {};
    typename Decider::Inputs fact;
};

/// Reads, folds, works the agenda off. Holds no business rule; step() neither blocks nor spawns. Not thread-safe.
template <class Decider> class Loop {
public:
    using Folded = core::Folded<Decider>;
    using Incoming = core::Incoming<Decider>;
    /// Called once, when the first record with this id has been folded; it may be another instance's.
    using Settled = std::function<void(const Incoming&)>;
    using Entry = typename decltype(Decider::State::agenda)::Entry;

    struct Limits {
        std::size_t batch_max = 512;       ///< records folded in one step
        std::size_t in_flight_max = 1024;  ///< appends under way
        std::size_t sayings_max = 4096;    ///< said and not yet read back
    };

    Loop(Ledger& ledger, Effects<Decider>& effects, core::Codec<Decider> codec, Folded start)
        : Loop{ledger, effects, std::move(codec), std::move(start), Limits{}} {}
    Loop(Ledger& ledger, Effects<Decider>& effects, core::Codec<Decider> codec, Folded start, Limits limits)
        : folded_{std::move(start)}, ledger_{ledger}, effects_{effects}, codec_{std::move(codec)}, limits_{limits} {}

    /// One turn. True where more is at hand: call again soon.
    bool step(core::Time now, bool holds_lease) {
        if (stopped_) return false;
        const bool more = read();
        for (const auto& id : ledger_.take_failed()) {
            ++counts_.append_failures;
            forget(id);
        }
        drop_withdrawn();
        if (stopped_ || !ready()) return more;
        if (holds_lease) work(now);
        speak(now);
        return more;
    }

    /// Keeps saying it until the first record with this id has been read; `settled` may be empty. A caller that finds
    /// the id in its own state already does not ask. False: too many wait; nothing was taken.
    bool say(Saying<Decider> saying, core::Time now, Settled settled) {
        if (sayings_.size() >= limits_.sayings_max) return false;
        auto& waiting = sayings_[saying.id];
        if (settled) waiting.settled.push_back(std::move(settled));
        if (!waiting.saying) waiting.saying = std::move(saying), waiting.since = now;
        return true;
    }

    const Folded& folded() const { return folded_; }
    /// Why it decides nothing more; it stays up and says so.
    const std::optional<core::Failure>& stopped() const { return stopped_; }
    /// Near enough to the end to work: what is sent from further behind lands too late, is sent again, and would keep
    /// the writer behind for ever.
    bool ready() const {
        return !stopped_ && !ledger_.trouble() &&
               ledger_.end() - std::min(ledger_.end(), folded_.next) <= folded_.echoes.window() / 2;
    }
    bool at_the_end() const { return ready() && folded_.next >= ledger_.end(); }
    const LoopCounts& counts() const { return counts_; }
    std::size_t sayings() const { return sayings_.size(); }

protected:
    struct Waiting {
        std::optional<Saying<Decider>> saying;
        core::Time since = 0;
        std::vector<Settled> settled;
    };

    bool read() {
        const auto records = ledger_.read(folded_.next, limits_.batch_max);
        if (!records) {
            stopped_ = records.failure();
            return false;
        }
        for (const auto& record : *records) {
            fold(record);
            if (stopped_) return false;
        }
        return records->size() == limits_.batch_max;
    }

    void fold(const core::Record& record) try {
        ++counts_.records;
        const auto incoming = codec_.read(record);
        if (!incoming) {
            stopped_ = incoming.failure();
        } else if (!*incoming) {
            ++counts_.foreign;
            core::pass_over(folded_, record.position);
        } else {
            fold(**incoming);
        }
    } catch (const std::exception& error) {
        stopped_ = core::Failure::fatal("position " + std::to_string(record.position) + ": " + error.what(),
                                        "this is a fault of this build: report it with the record at that position");
    }

    void fold(const Incoming& incoming) {
        const auto step = core::fold(folded_, incoming);
        if (step.contradiction) stopped_ = step.contradiction;
        if (!step.first) return pass_echo(incoming.head);
        in_flight_.erase(incoming.head.id);
        settle(incoming);
    }

    void pass_echo(const core::Head& head) {
        ++counts_.echoes;
        if (folded_.echoes.is_too_late(head.position, head.seen)) forget(head.id);
    }

    void settle(const Incoming& incoming) {
        auto said = sayings_.extract(incoming.head.id);
        if (said.empty()) return;
        for (const auto& settled : said.mapped().settled) settled(incoming);
    }

    void forget(const core::FactId& id) {
        if (in_flight_.erase(id) > 0) once_more(id);
    }

    /// An effect begins anew: its outcome is not kept here.
    void once_more(const core::FactId& id) {
        begun_.erase(id);
        again_.insert(id);
    }

    void drop_withdrawn() {
        if (looked_at_ == folded_.next) return;
        looked_at_ = folded_.next;
        std::erase_if(begun_, [&](const core::FactId& id) {
            if (folded_.state.agenda.has(id)) return false;
            effects_.cancel(id);
            return true;
        });
    }

    void work(core::Time now) {
        const auto& entries = folded_.state.agenda.entries();
        for (auto at = entries.lower_bound(worked_); at != entries.end() && has_room(); ++at) {
            worked_ = at->first + 1;
            perform(at->second, now);
        }
        for (const auto& id : std::exchange(again_, {})) {
            const auto* entry = folded_.state.agenda.find(id);
            if (entry && has_room())
                perform(*entry, now);
            else if (entry)
                again_.insert(id);
        }
        for (auto& [id, fact] : effects_.take_outcomes())
            if (const auto* entry = folded_.state.agenda.find(id))
                append(entry->id, codec_.write_observed(stamp(*entry, now, last()), fact));
    }

    bool has_room() const { return in_flight_.size() < limits_.in_flight_max; }
    std::optional<core::Position> last() const {
        return folded_.next > 0 ? std::optional{folded_.next - 1} : std::nullopt;
    }

    void perform(const Entry& entry, core::Time now) {
        if (in_flight_.contains(entry.id)) return;
        if (!entry.is_effect())
            append(entry.id, codec_.write_decided(stamp(entry, now, entry.basis), std::get<0>(entry.debt)));
        else if (begun_.insert(entry.id).second)
            effects_.begin(entry.id, std::get<1>(entry.debt));
    }

    core::Stamp stamp(const Entry& entry, core::Time now, std::optional<core::Position> basis) const {
        const auto& writer = folded_.state.agenda.writer();
        return {entry.id, entry.cause, entry.correlation, basis, folded_.next,
                now,      writer.cell, writer.service,    {},    entry.trace};
    }

    void append(const core::FactId& id, core::Draft draft) {
        const auto taken = ledger_.append(std::move(draft));
        if (taken) {
            in_flight_.insert(id);
            ++counts_.appended;
        } else if (taken.failure().kind == core::Failure::Kind::retryable) {
            once_more(id);
        } else {
            stopped_ = taken.failure();
        }
    }

    void speak(core::Time) {
        for (auto& [id, waiting] : sayings_) {
            if (!has_room()) return;
            if (in_flight_.contains(id)) continue;
            const auto& said = *waiting.saying;
            const auto& writer = folded_.state.agenda.writer();
            const core::Stamp stamp{id,           said.cause,    said.correlation, last(),
                                    folded_.next, waiting.since, writer.cell,      writer.service,
                                    said.actor,   said.trace};
            append(id, codec_.write_observed(stamp, said.fact));
        }
    }

    Folded folded_;
    Ledger& ledger_;
    Effects<Decider>& effects_;
    core::Codec<Decider> codec_;
    Limits limits_;
    std::uint64_t worked_ = 0;          // agenda entries before this key were performed, or stand in again_
    std::set<core::FactId> in_flight_;  // appended, not yet read back; forgotten in a crash
    std::set<core::FactId> begun_;      // effects that are being performed
    std::set<core::FactId> again_;      // to be performed once more
    std::map<core::FactId, Waiting> sayings_;
    core::Position looked_at_ = 0;
    std::optional<core::Failure> stopped_;
    LoopCounts counts_;
};

}  // namespace sluice::runtime
