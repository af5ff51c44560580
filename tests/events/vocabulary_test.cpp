#include "tests/vocabulary/flow.hpp"
#include "tests/vocabulary/tree.hpp"

#include <gtest/gtest.h>

#include <set>

using namespace sluice;
using namespace sluice::events;
using namespace sluice::vocabulary;

namespace {

const std::set<std::string_view> doors{"listener", "registry", "console", "serving"};

template <class Decider, class Fact> constexpr bool decides() { return names<typename Decider::Outputs, Fact>(); }

/// Calls `visit(fact, decider)` for every pair.
template <class Visit> void for_each_pair(Visit visit) {
    for_each_fact<AllFacts>([&]<class Fact>(std::type_identity<Fact> fact) {
        for_each_decider([&]<class Decider>(std::type_identity<Decider> decider) { visit(fact, decider); });
    });
}

}  // namespace

TEST(Vocabulary, is_in_the_tree_as_the_types_say) {
    for (const auto& complaint : check(SLUICE_SOURCE_DIR)) ADD_FAILURE() << complaint;
}

TEST(Vocabulary, has_one_fact_of_each_name) {
    std::set<std::string_view> seen;
    for_each_fact<AllFacts>([&]<class Fact>(std::type_identity<Fact>) {
        EXPECT_TRUE(seen.insert(Fact::name).second) << Fact::name << " is in the catalogue twice";
        EXPECT_GE(Fact::schema_version, 1) << Fact::name;
        EXPECT_FALSE(Fact::about.empty()) << Fact::name;
    });
}

TEST(Vocabulary, speaks_in_the_past_tense) {
    for_each_fact<AllFacts>([&]<class Fact>(std::type_identity<Fact>) {
        EXPECT_EQ(Fact::name.find("Event"), Fact::name.npos) << Fact::name;
        const bool asks = Fact::name.ends_with("Requested") || Fact::name.ends_with("Submitted");
        EXPECT_TRUE(asks || Fact::kind != Kind::request) << Fact::name;
    });
}

TEST(Vocabulary, lets_a_decided_fact_be_written_by_its_decider_alone) {
    for_each_pair([]<class Fact, class Decider>(std::type_identity<Fact>, std::type_identity<Decider>) {
        const bool is_its = Fact::kind == Kind::decided && Fact::writer == Decider::name;
        EXPECT_EQ((decides<Decider, Fact>()), is_its)
            << Decider::name << " and " << Fact::name << ": who decides a fact is its writer, and the other way round";
    });
}

TEST(Vocabulary, lets_an_outcome_be_written_by_who_asked_for_it) {
    for_each_pair([]<class Fact, class Decider>(std::type_identity<Fact>, std::type_identity<Decider>) {
        if (effect_behind<Decider, Fact>().empty()) return;
        EXPECT_EQ(Fact::kind, Kind::observed) << Fact::name << " is the outcome of an effect";
        EXPECT_TRUE(Fact::writer == Decider::name || Fact::writer == "each") << Fact::name << ", " << Decider::name;
        EXPECT_TRUE((names<typename Decider::Inputs, Fact>()))
            << Decider::name << " asks for " << Fact::name << " and must read it";
    });
}

TEST(Vocabulary, lets_only_doors_write_requests) {
    for_each_fact<AllFacts>([]<class Fact>(std::type_identity<Fact>) {
        EXPECT_TRUE(Fact::kind != Kind::request || doors.contains(Fact::writer)) << Fact::name;
    });
}

TEST(Vocabulary, has_somebody_to_answer_every_request) {
    for_each_fact<AllFacts>([]<class Fact>(std::type_identity<Fact>) {
        bool answered = Fact::kind != Kind::request;
        for_each_decider([&]<class Decider>(std::type_identity<Decider>) {
            answered |= names<typename Decider::Inputs, Fact>() && !names<typename Decider::Outputs, core::NoFact>();
        });
        EXPECT_TRUE(answered) << Fact::name << " is read by nobody who decides";
    });
}

TEST(Vocabulary, knows_what_a_golden_example_is) {
    const auto files = examples();
    const auto path = "events/examples/DeadlinePassed.v1.json";
    const auto& text = files.at(path);
    EXPECT_TRUE(is_golden(path, text));
    EXPECT_FALSE(is_golden(path, text.substr(0, text.size() - 1)));
    EXPECT_FALSE(is_golden(path, " " + text));
    EXPECT_FALSE(is_golden("events/examples/RouteApplied.v1.json", text));
    EXPECT_FALSE(is_golden(path, ""));
}
