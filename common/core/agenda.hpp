#pragma once
#include "common/core/binary.hpp"
#include "common/core/envelope.hpp"

#include <map>
#include <optional>
#include <vector>

namespace sluice::core {

/// For a decider that asks for nothing, or decides nothing: std::variant<> cannot be made.
struct NoEffect {
    static constexpr std::string_view name = "NoEffect";
    using Outcomes = std::variant<std::monostate>;
    bool operator==(const NoEffect&) const = default;
    static constexpr auto fields() { return std::tuple{}; }
};
struct NoFact {
    static constexpr std::string_view name = "NoFact";
    bool operator==(const NoFact&) const = default;
    static constexpr auto fields() { return std::tuple{}; }
};

/// What a service owes the world, in the order in which it came to owe it. Each entry is keyed by the id of the fact
/// that settles it: a decided fact to append, or an effect to perform whose outcome comes back as a fact. An effect may
/// end in one of several facts, so the id is derived from the name of the debt. A decided fact is final: only an effect
/// can be withdrawn.
template <class Outputs, class Effects> class Agenda {
public:
    struct Entry {
        FactId id, cause, correlation;
        Position basis = 0;
        std::string trace;
        std::variant<Outputs, Effects> debt;
        bool is_effect() const { return debt.index() == 1; }
        SLUICE_FIELDS(Entry, id, cause, correlation, basis, trace, debt)
    };

    Agenda() = default;
    explicit Agenda(Writer writer) : writer_{std::move(writer)} {}

    /// Returns the id that the fact will have.
    FactId owe(const Head& cause, Outputs fact, std::string_view slot = {}) {
        return add(cause, std::variant<Outputs, Effects>{std::in_place_index<0>, std::move(fact)}, slot);
    }

    /// Returns the id that the outcome will have; withdraw() wants it.
    FactId ask(const Head& cause, Effects effect, std::string_view slot = {}) {
        return add(cause, std::variant<Outputs, Effects>{std::in_place_index<1>, std::move(effect)}, slot);
    }

    void withdraw(const FactId& id) {
        const auto* entry = find(id);
        if (entry && entry->is_effect()) settle(id);
    }

    /// Strikes the entry that this fact settles, and returns it.
    std::optional<Entry> settle(const FactId& id) {
        const auto at = order_of_.find(id);
        if (at == order_of_.end()) return std::nullopt;
        auto node = entries_.extract(at->second);
        order_of_.erase(at);
        return std::move(node.mapped());
    }

    const Entry* find(const FactId& id) const {
        const auto at = order_of_.find(id);
        return at == order_of_.end() ? nullptr : &entries_.at(at->second);
    }
    bool has(const FactId& id) const { return order_of_.contains(id); }
    bool empty() const { return entries_.empty(); }
    std::size_t size() const { return entries_.size(); }

    /// In the order in which they came to be owed. The keys only grow: whoever has seen key k finds news after it.
    const std::map<std::uint64_t, Entry>& entries() const { return entries_; }
    const Writer& writer() const { return writer_; }

    SLUICE_FIELDS(Agenda, writer_, entries_, order_of_, next_)

private:
    FactId add(const Head& cause, std::variant<Outputs, Effects> debt, std::string_view slot) {
        const auto name =
            std::visit([](const auto& kind) { return std::visit([](const auto& d) { return d.name; }, kind); }, debt);
        const auto id = derive(writer_, cause.id, name, slot);
        if (order_of_.try_emplace(id, next_).second)
            entries_.emplace(next_++,
                             Entry{id, cause.id, cause.correlation, cause.position, cause.trace, std::move(debt)});
        return id;
    }

    Writer writer_;
    std::map<std::uint64_t, Entry> entries_;
    std::map<FactId, std::uint64_t> order_of_;
    std::uint64_t next_ = 0;
};

/// As if `id` were the cause: for what is owed because of a fact that this service has itself just decided.
inline Head caused_by(const FactId& id, Head head) {
    head.cause = head.id;
    head.id = id;
    return head;
}

}  // namespace sluice::core
