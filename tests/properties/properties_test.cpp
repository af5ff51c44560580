#include "tests/properties/properties.hpp"

#include "services/approver/decider.hpp"
#include "services/console/decider.hpp"
#include "services/deployer/decider.hpp"
#include "services/evaluator/decider.hpp"
#include "services/listener/decider.hpp"
#include "services/monitor/decider.hpp"
#include "services/registry/decider.hpp"
#include "services/serving/decider.hpp"

#include <gtest/gtest.h>

using namespace sluice;
using namespace sluice::tests;

namespace {

constexpr std::uint64_t seeds = 100;

template <class Property> std::optional<std::uint64_t> first_failure(Property holds) {
    for (std::uint64_t seed = 1; seed <= seeds; ++seed)
        if (!holds(seed)) return seed;
    return std::nullopt;
}

template <class Decider> struct EveryDecider : testing::Test {
    static_assert(!reads_its_own_decisions<Decider>);
    static_assert(writes_only_its_own<Decider>());
};
using Deciders = testing::Types<listener::Decider, registry::Decider, approver::Decider, evaluator::Decider,
                                deployer::Decider, serving::Decider, monitor::Decider, console::Decider>;
TYPED_TEST_SUITE(EveryDecider, Deciders);

/// A mistake made on purpose: it counts what it owes just now and takes the count for a slot.
struct AgendaSizeAsSlot : registry::Decider {
    static void evolve(State& state, const core::Recorded<Inputs>& record) {
        const auto before = state.agenda.size();
        registry::evolve(state, record);
        for (const auto& [order, entry] : std::map(state.agenda.entries()))
            if (entry.cause == record.head.id)
                state.agenda.owe(record.head, std::get<0>(state.agenda.settle(entry.id)->debt), std::to_string(before));
    }
};

/// Another: a field that its list does not name.
struct ForgetsAField : registry::Decider {
    struct State : registry::State {
        std::uint64_t folded = 0;
        bool operator==(const State&) const = default;
    };
    static void evolve(State& state, const core::Recorded<Inputs>& record) {
        registry::evolve(state, record);
        ++state.folded;
    }
};

}  // namespace

TYPED_TEST(EveryDecider, is_silent_the_second_time) {
    EXPECT_EQ(first_failure(silent_the_second_time<TypeParam>), std::nullopt);
}
TYPED_TEST(EveryDecider, strikes_what_is_settled) {
    EXPECT_EQ(first_failure(settled_is_struck<TypeParam>), std::nullopt);
}
TYPED_TEST(EveryDecider, does_not_notice_a_cut) {
    EXPECT_EQ(first_failure(a_cut_anywhere_is_harmless<TypeParam>), std::nullopt);
}
TYPED_TEST(EveryDecider, decides_the_same_before_its_answers_are_read) {
    EXPECT_EQ(first_failure(decides_the_same_unanswered<TypeParam>), std::nullopt);
}
TYPED_TEST(EveryDecider, never_contradicts_itself) {
    EXPECT_EQ(first_failure(never_contradicts_itself<TypeParam>), std::nullopt);
}

TEST(Properties, find_a_count_as_slot) {
    EXPECT_NE(first_failure(decides_the_same_unanswered<AgendaSizeAsSlot>), std::nullopt);
}
TEST(Properties, find_a_field_that_is_missing_from_its_list) {
    EXPECT_NE(first_failure(a_cut_anywhere_is_harmless<ForgetsAField>), std::nullopt);
}
