#pragma once
#include "events/catalogue.hpp"
#include "rules/policy.hpp"

#include <random>

// Random facts from their field lists, over small alphabets, so that they often mean each other.
namespace sluice::tests {

struct Random {
    std::mt19937_64 bits;
    explicit Random(std::uint64_t seed) : bits{seed} {}
    std::size_t below(std::size_t bound) { return bits() % bound; }
    bool one_in(std::size_t n) { return below(n) == 0; }
    template <class T> const T& of(const std::vector<T>& any) { return any[below(any.size())]; }
};

/// What random facts may refer to.
struct Known {
    std::vector<core::FactId> ids{{0, 1}};
    core::Time now = 0;
};

template <class T> inline constexpr bool is_vector = false;
template <class T> inline constexpr bool is_vector<std::vector<T>> = true;
template <class T> inline constexpr bool is_text_map = false;
template <class T> inline constexpr bool is_text_map<std::map<std::string, T>> = true;

inline std::string random_name(Random& random, std::string_view pattern) {
    static const std::vector<std::string> words{"fraud", "churn", "lake.cards.fraud"};
    if (pattern == events::DigestText::pattern) return "sha256:" + std::string(64, "0123456789abcdef"[random.below(4)]);
    if (pattern == events::CommitText::pattern) return "0123abc";
    return random.of(words);
}

template <class T> T random_value(Random& random, const Known& known);

/// One that would be published, mostly: deciders have little to do without.
inline events::Policy random_policy(Random& random, const Known& known) {
    using namespace events;
    Policy policy;
    policy.model = random_value<Model>(random, known);
    policy.evaluation = {{random_value<Digest>(random, known), {"label"}}, 0.5, {}};
    policy.evaluation.gates.push_back({"good enough", "auc", 0.25, {}, {}, {}, {}});
    policy.evaluation.gates.push_back({"not worse", "auc", {}, {}, 0.5, Against::champion, {}});
    if (random.one_in(8)) policy.evaluation.gates.clear();
    policy.approval.mode = random.one_in(2) ? ApprovalMode::automatic : ApprovalMode::manual;
    policy.endpoint = {policy.model.text};
    policy.rollout.strategy = random.one_in(4) ? Strategy::all_at_once : Strategy::canary;
    if (policy.rollout.strategy == Strategy::canary) policy.rollout.steps = {{10, 1, 2}, {50, 1, 4}};
    return policy;
}

template <class T> T random_number(Random& random) {
    if constexpr (std::is_floating_point_v<T>)
        return static_cast<T>(random.below(5)) / 4;
    else
        return static_cast<T>(random.below(5));
}

template <class T> T random_value(Random& random, const Known& known) {
    if constexpr (std::is_same_v<T, events::Policy>) {
        return random_policy(random, known);
    } else if constexpr (core::is_name<T>) {
        return {random_name(random, T::tag::pattern)};
    } else if constexpr (std::is_same_v<T, core::Instant>) {
        return {known.now + static_cast<core::Time>(random.below(2000)) - 500};
    } else if constexpr (std::is_same_v<T, core::FactId>) {
        return random.of(known.ids);
    } else if constexpr (core::NamedEnum<T>) {
        return static_cast<T>(random.below(names_of(T{}).size()));
    } else if constexpr (std::is_same_v<T, std::string>) {
        static const std::vector<std::string> words{"", "reviewer", "a comment"};
        return random.of(words);
    } else if constexpr (std::is_same_v<T, bool>) {
        return random.one_in(2);
    } else if constexpr (std::is_arithmetic_v<T>) {
        return random_number<T>(random);
    } else if constexpr (core::is_optional<T>) {
        return random.one_in(2) ? T{} : T{random_value<typename T::value_type>(random, known)};
    } else {
        T value{};
        if constexpr (is_vector<T>)
            for (auto left = random.below(3); left > 0; --left)
                value.push_back(random_value<typename T::value_type>(random, known));
        else if constexpr (is_text_map<T>)
            for (auto left = random.below(3); left > 0; --left)
                value["key " + std::to_string(left)] = random_value<typename T::mapped_type>(random, known);
        else
            core::for_each_field(
                value, [&]<class M>(std::string_view, M& member) { member = random_value<M>(random, known); });
        return value;
    }
}

template <class Facts, std::size_t... I>
Facts random_fact(Random& random, const Known& known, std::index_sequence<I...>) {
    const auto which = random.below(sizeof...(I));
    Facts fact;
    ((which == I && (fact = random_value<std::variant_alternative_t<I, Facts>>(random, known), true)) || ...);
    return fact;
}
/// Any of these facts.
template <class Facts> Facts random_fact(Random& random, const Known& known) {
    return random_fact<Facts>(random, known, std::make_index_sequence<std::variant_size_v<Facts>>{});
}

}  // namespace sluice::tests
