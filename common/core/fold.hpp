#pragma once
#include "common/core/agenda.hpp"
#include "common/core/result.hpp"

#include <deque>
#include <set>

namespace sluice::core {

/// Tells the first record with an id from its echoes, exactly and in bounded memory. A writer finds no fact with this
/// id up to `seen`, and a record further than the window behind what its writer saw is no fact at all: so an earlier
/// record with the same id is always among the last `window` records.
class Echoes {
public:
    static constexpr Position window_default = 65'536;  // 16 bytes each: 1 MiB of ids

    Echoes() = default;
    /// Simulations take a small window, so that they cross it.
    explicit Echoes(Position window) : window_{window} {}

    Position window() const { return window_; }

    /// No fact, whatever its id: its writer sends it again, with a new `seen`.
    bool is_too_late(Position position, Position seen) const { return position > seen && position - seen > window_; }

    bool is_first(const FactId& id, Position position, Position seen) {
        while (!recent_.empty() && recent_.front().first + window_ < position) {
            ids_.erase(recent_.front().second);
            recent_.pop_front();
        }
        if (is_too_late(position, seen) || !ids_.insert(id).second) return false;
        recent_.emplace_back(position, id);
        return true;
    }

    SLUICE_FIELDS(Echoes, window_, recent_, ids_)

private:
    Position window_ = window_default;
    std::deque<std::pair<Position, FactId>> recent_;
    std::set<FactId> ids_;
};

/// One record as a decider meets it: decoded only where its type is among the decider's own.
template <class Decider> struct Incoming {
    Head head;
    std::optional<typename Decider::Inputs> input;
    std::optional<typename Decider::Outputs> own;
};

/// Everything that a service is, after so many records; also what a snapshot holds.
template <class Decider> struct Folded {
    typename Decider::State state;
    Echoes echoes;
    Position next = 0;

    Folded() = default;
    explicit Folded(std::string cell, Position window = Echoes::window_default) : echoes{window} {
        state.agenda = decltype(state.agenda){Writer{std::move(cell), std::string(Decider::name), {}}};
    }
    SLUICE_FIELDS(Folded, state, echoes, next)
};

/// May this fact only be the outcome of an effect that the decider itself asked for?
template <class Fact, class... Outcomes> constexpr bool names_outcome(std::type_identity<std::variant<Outcomes...>>) {
    return (std::is_same_v<Fact, Outcomes> || ...);
}
template <class Fact, class... Effects> constexpr bool is_outcome(std::type_identity<std::variant<Effects...>>) {
    return (names_outcome<Fact>(std::type_identity<typename Effects::Outcomes>{}) || ...);
}

/// What one record did.
template <class Decider> struct FoldStep {
    bool first = false;  ///< false: an echo; nothing happened
    std::optional<typename decltype(Decider::State::agenda)::Entry> settled;
    std::optional<Failure> contradiction;
};

/// A first record of an own decided type that is not on the agenda, or has other data: somebody decided otherwise.
template <class Decider>
std::optional<Failure> contradiction(const Incoming<Decider>& in, const FoldStep<Decider>& step) {
    if (!in.own) return std::nullopt;
    if (step.settled && !step.settled->is_effect() && std::get<0>(step.settled->debt) == *in.own) return std::nullopt;
    const auto type = std::visit([](const auto& fact) { return std::string(fact.name); }, *in.own);
    return Failure::fatal(
        "position " + std::to_string(in.head.position) + ": " + type + " " + to_text(in.head.id) +
            (step.settled ? " says otherwise than the ledger before it demands" : " is owed by nothing on the ledger"),
        "find out which build wrote it; until then this service decides nothing more");
}

/// The one fold: pure, and the same for a live service, a refold and an audit.
template <class Decider> FoldStep<Decider> fold(Folded<Decider>& folded, const Incoming<Decider>& in) {
    FoldStep<Decider> step;
    folded.next = in.head.position + 1;
    step.first = folded.echoes.is_first(in.head.id, in.head.position, in.head.seen);
    if (!step.first) return step;
    step.settled = folded.state.agenda.settle(in.head.id);
    step.contradiction = contradiction(in, step);
    if (!in.input || step.contradiction) return step;
    const bool moot = !step.settled && std::visit(
                                           []<class Fact>(const Fact&) {
                                               return is_outcome<Fact>(std::type_identity<typename Decider::Effects>{});
                                           },
                                           *in.input);
    if (!moot) Decider::evolve(folded.state, Recorded<typename Decider::Inputs>{in.head, *in.input});
    return step;
}

/// A record that no decider reads: it has a position, and if it has an id, that counts.
template <class Decider> void pass_over(Folded<Decider>& folded, Position position) { folded.next = position + 1; }

}  // namespace sluice::core
