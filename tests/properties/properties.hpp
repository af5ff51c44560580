#pragma once
#include "common/core/codec.hpp"
#include "tests/support/random.hpp"

#include <set>

// What every decider must have. Each property takes a seed and says whether it held.
namespace sluice::tests {

template <class Decider> using Folded = core::Folded<Decider>;
template <class Decider> using Incoming = core::Incoming<Decider>;
template <class Decider> using Entry = typename decltype(Decider::State::agenda)::Entry;

template <class Decider> core::Head random_head(Random& random, core::Position position) {
    static const std::vector<std::string> people{"ann", "bob", "cyd"};
    core::Head head;
    head.id = {9, random.bits()};
    head.correlation = head.id;
    head.position = head.basis = head.seen = position;
    head.time = static_cast<core::Time>(100 * position);
    head.service = "test";
    head.actor = random.of(people);
    return head;
}

/// What the ledger says when this debt is paid: the fact itself, or one of the outcomes of the effect.
template <class Decider>
Incoming<Decider> payment(Random& random, const Entry<Decider>& entry, const Known& known, core::Position position) {
    Incoming<Decider> paid;
    paid.head = random_head<Decider>(random, position);
    paid.head.id = entry.id, paid.head.cause = entry.cause, paid.head.basis = entry.basis;
    if (!entry.is_effect()) {
        paid.own = std::get<0>(entry.debt);
        return paid;
    }
    std::visit(
        [&]<class Effect>(const Effect&) {
            if constexpr (!std::is_same_v<Effect, core::NoEffect>)
                std::visit([&](const auto& outcome) { paid.input = outcome; },
                           random_fact<typename Effect::Outcomes>(random, known));
        },
        std::get<1>(entry.debt));
    return paid;
}

template <class Decider> Incoming<Decider> random_input(Random& random, const Known& known, core::Position position) {
    return {random_head<Decider>(random, position), random_fact<typename Decider::Inputs>(random, known), std::nullopt};
}

template <class Decider> const Entry<Decider>& any_entry(Random& random, const Folded<Decider>& folded) {
    auto at = folded.state.agenda.entries().begin();
    std::advance(at, static_cast<std::ptrdiff_t>(random.below(folded.state.agenda.size())));
    return at->second;
}

/// Inputs, payments and echoes in a random order.
template <class Decider> std::vector<Incoming<Decider>> history(std::uint64_t seed, std::size_t length = 120) {
    Random random{seed};
    Folded<Decider> folded{"test"};
    Known known;
    std::vector<Incoming<Decider>> records;
    while (records.size() < length) {
        const auto position = records.size();
        known.now = static_cast<core::Time>(100 * position);
        auto next = random_input<Decider>(random, known, position);
        if (!folded.state.agenda.empty() && random.one_in(2)) {
            next = payment<Decider>(random, any_entry<Decider>(random, folded), known, position);
        } else if (!records.empty() && random.one_in(8)) {
            next = random.of(records);
            next.head.position = position;
        }
        core::fold(folded, next);
        known.ids.push_back(next.head.id);
        records.push_back(std::move(next));
    }
    return records;
}

template <class Decider> Folded<Decider> refold(const std::vector<Incoming<Decider>>& records, std::size_t upto) {
    Folded<Decider> folded{"test"};
    for (std::size_t i = 0; i < upto; ++i) core::fold(folded, records[i]);
    return folded;
}

template <class Decider> bool silent_the_second_time(std::uint64_t seed) {
    Folded<Decider> folded{"test"};
    for (const auto& record : history<Decider>(seed)) {
        core::fold(folded, record);
        auto again = folded;
        auto echo = record;
        echo.head.position = folded.next;
        core::fold(again, echo);
        if (again.state != folded.state) return false;
    }
    return true;
}

template <class Decider> bool settled_is_struck(std::uint64_t seed) {
    Random random{seed};
    auto folded = refold<Decider>(history<Decider>(seed), 80);
    Known known;
    for (int left = 400; left > 0 && !folded.state.agenda.empty(); --left) {
        const auto entry = any_entry<Decider>(random, folded);
        const auto step = core::fold(folded, payment<Decider>(random, entry, known, folded.next));
        if (step.contradiction || folded.state.agenda.has(entry.id)) return false;
    }
    return true;
}

template <class Decider> bool a_cut_anywhere_is_harmless(std::uint64_t seed) {
    const auto records = history<Decider>(seed);
    const auto cut = seed * 7 % records.size();
    auto restored = core::decode<Folded<Decider>>(core::encode(refold<Decider>(records, cut)));
    for (auto i = cut; i < records.size(); ++i) core::fold(restored, records[i]);
    return restored == refold<Decider>(records, records.size());
}

/// What is decided, and under which id, does not depend on whether earlier answers have been read back.
template <class Decider> bool decides_the_same_unanswered(std::uint64_t seed) {
    const auto decisions = [&](bool answered) {
        Random random{seed};
        Folded<Decider> folded{"test"};
        Known known;
        std::map<core::FactId, typename Decider::Outputs> decided;
        std::set<core::FactId> seen;
        for (core::Position cause = 0; cause < 60; ++cause) {
            known.now = static_cast<core::Time>(100 * cause);
            auto input = random_input<Decider>(random, known, cause);
            known.ids.push_back(input.head.id);
            core::fold(folded, input);
            for (const auto& [order, entry] : std::map(folded.state.agenda.entries())) {
                if (seen.insert(entry.id).second) known.ids.push_back(entry.id);
                if (entry.is_effect()) {
                    Random other{seed + entry.id.low};
                    if (other.one_in(2)) core::fold(folded, payment<Decider>(other, entry, known, cause));
                    continue;
                }
                decided.emplace(entry.id, std::get<0>(entry.debt));
                if (!answered) continue;
                Random other{seed + cause};
                core::fold(folded, payment<Decider>(other, entry, known, cause));
            }
        }
        return decided;
    };
    return decisions(true) == decisions(false);
}

/// The same ledger, decided by somebody who pays late: nothing that this decider writes contradicts its own fold.
template <class Decider> bool never_contradicts_itself(std::uint64_t seed) {
    Folded<Decider> folded{"test"};
    for (const auto& record : history<Decider>(seed))
        if (core::fold(folded, record).contradiction) return false;
    return true;
}

template <class... Outputs>
constexpr bool names_any(std::string_view name, std::type_identity<std::variant<Outputs...>>) {
    return ((Outputs::name == name) || ...);
}
template <class Outputs, class... Inputs> constexpr bool overlap(std::type_identity<std::variant<Inputs...>>) {
    return (names_any(Inputs::name, std::type_identity<Outputs>{}) || ...);
}
/// A decided fact is in State from its cause on: who decides it has no use for reading it.
template <class Decider> inline constexpr bool reads_its_own_decisions =
    overlap<typename Decider::Outputs>(std::type_identity<typename Decider::Inputs>{});

/// Nobody decides what is not its to write.
template <class Decider> constexpr bool writes_only_its_own() {
    bool holds = true;
    events::for_each_fact<typename Decider::Outputs>([&]<class Fact>(std::type_identity<Fact>) {
        if constexpr (!std::is_same_v<Fact, core::NoFact>)
            holds = holds && Fact::writer == Decider::name && Fact::kind == events::Kind::decided;
    });
    return holds;
}

}  // namespace sluice::tests
