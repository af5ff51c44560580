#pragma once
#include "common/core/fold.hpp"
#include "tests/support/describe.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <initializer_list>
#include <source_location>

namespace sluice::tests {

/// Given these facts, when this one is folded, then that is owed: a decider under the real fold, in words.
/// A fact that is the outcome of an effect settles the last such effect that is owed, unless an id says which. `then…`
/// looks at what came to be owed, or was withdrawn, with the last fact.
template <class Decider> class Scenario {
public:
    using Inputs = typename Decider::Inputs;
    using Outputs = typename Decider::Outputs;
    using Effects = typename Decider::Effects;
    using Here = std::source_location;

    /// The facts that follow become true then, or are this person's act.
    void at(core::Time now) { now_ = now; }
    void by(std::string actor) { actor_ = std::move(actor); }

    /// The next fact lands late: what it reports was decided at this position.
    void as_of(core::Position basis) { basis_ = basis; }

    core::FactId given(Inputs fact, std::optional<core::FactId> id = {}) {
        before_ = folded_.state.agenda.entries();
        core::Incoming<Decider> in;
        in.head = head_of(fact, id);
        settled_ = in.head.id;
        in.input = std::move(fact);
        core::fold(folded_, in);
        basis_.reset();
        return in.head.id;
    }
    core::FactId when(Inputs fact, std::optional<core::FactId> id = {}) { return given(std::move(fact), id); }

    void then(std::initializer_list<Outputs> facts, Here here = Here::current()) const {
        compare<0>(std::vector<Outputs>(facts), here);
    }
    void then_asks(std::initializer_list<Effects> effects, Here here = Here::current()) const {
        compare<1>(std::vector<Effects>(effects), here);
    }
    void then_nothing(Here here = Here::current()) const {
        then({}, here), then_asks({}, here), then_withdraws({}, here);
    }
    void then_withdraws(std::initializer_list<Effects> effects, Here here = Here::current()) const {
        std::vector<Effects> found;
        for (const auto& [order, entry] : before_)
            if (entry.is_effect() && entry.id != settled_ && !folded_.state.agenda.has(entry.id))
                found.push_back(std::get<1>(entry.debt));
        report(found, std::vector<Effects>(effects), "withdrew", here);
    }

    /// The fact, or the effect, of this type that came to be owed with the last fact; an empty one if there is none.
    template <class T> T owed(Here here = Here::current()) const {
        const auto* entry = newest<T>();
        if (entry && is_new(*entry)) return std::get<T>(std::get<kind_of<T>>(entry->debt));
        ADD_FAILURE_AT(here.file_name(), static_cast<int>(here.line())) << T::name << " did not come to be owed";
        return {};
    }
    template <class T> bool owes() const {
        const auto* entry = newest<T>();
        return entry && is_new(*entry);
    }
    /// The id that settles the last debt of this type, new or old.
    template <class T> core::FactId id_of() const {
        const auto* entry = newest<T>();
        return entry ? entry->id : core::FactId{};
    }
    const typename Decider::State& state() const { return folded_.state; }

private:
    using Entry = typename decltype(Decider::State::agenda)::Entry;

    template <class T, class... Each> static constexpr bool among(std::type_identity<std::variant<Each...>>) {
        return (std::is_same_v<T, Each> || ...);
    }
    template <class T> static constexpr std::size_t kind_of = among<T>(std::type_identity<Outputs>{}) ? 0 : 1;

    bool is_new(const Entry& entry) const {
        const auto at = std::ranges::find_if(before_, [&](const auto& each) { return each.second.id == entry.id; });
        return at == before_.end();
    }
    template <class T> const Entry* newest() const {
        const Entry* found = nullptr;
        for (const auto& [order, entry] : folded_.state.agenda.entries())
            if (const auto* some = std::get_if<kind_of<T>>(&entry.debt); some && std::holds_alternative<T>(*some))
                found = &entry;
        return found;
    }

    core::Head head_of(const Inputs& fact, std::optional<core::FactId> id) const {
        core::Head head;
        const auto* settles = settled_by(fact, id);
        if (settles) head.cause = settles->cause, head.correlation = settles->correlation;
        head.position = head.seen = folded_.next;
        head.basis = basis_.value_or(folded_.next);
        head.id = settles ? settles->id : id.value_or(core::FactId{1, folded_.next});
        if (head.correlation.is_none()) head.correlation = head.id;
        head.time = now_;
        head.actor = actor_;
        return head;
    }
    /// The effect that ends in this fact.
    const Entry* settled_by(const Inputs& fact, std::optional<core::FactId> id) const {
        if (id) return folded_.state.agenda.find(*id);
        const Entry* found = nullptr;
        for (const auto& [order, entry] : folded_.state.agenda.entries())
            if (entry.is_effect() && may_end_in(std::get<1>(entry.debt), fact)) found = &entry;
        return found;
    }
    static bool may_end_in(const Effects& effect, const Inputs& fact) {
        return std::visit(
            []<class Effect, class Fact>(const Effect&, const Fact&) {
                return among<Fact>(std::type_identity<typename Effect::Outcomes>{});
            },
            effect, fact);
    }

    template <std::size_t Kind, class T> void compare(const std::vector<T>& expected, Here here) const {
        std::vector<T> found;
        for (const auto& [order, entry] : folded_.state.agenda.entries())
            if (entry.debt.index() == Kind && is_new(entry)) found.push_back(std::get<Kind>(entry.debt));
        report(found, expected, Kind == 0 ? "decided" : "asked", here);
    }
    template <class T>
    static void report(const std::vector<T>& found, const std::vector<T>& expected, std::string_view what, Here here) {
        if (found == expected) return;
        const auto list = [](const std::vector<T>& each) {
            std::string text = each.empty() ? "\n    nothing" : "";
            for (const auto& one : each) text += "\n    " + describe(one);
            return text;
        };
        ADD_FAILURE_AT(here.file_name(), static_cast<int>(here.line()))
            << "it " << what << ":" << list(found) << "\nand not:" << list(expected);
    }

    core::Folded<Decider> folded_{"test"};
    std::map<std::uint64_t, Entry> before_;
    core::FactId settled_;
    std::optional<core::Position> basis_;
    core::Time now_ = 0;
    std::string actor_;
};

}  // namespace sluice::tests
