#include "events/codec.hpp"
#include "events/telemetry.hpp"
#include "tests/events/wild.hpp"

#include <gtest/gtest.h>

using namespace sluice;
using namespace sluice::events;
using namespace sluice::tests;

namespace {

constexpr std::uint64_t seeds = 20;

core::Stamp wild_stamp(Random& random) {
    core::Stamp stamp;
    stamp.id = {random.bits(), random.bits()};
    if (random.one_in(2)) stamp.cause = {random.bits(), random.bits()};
    stamp.correlation = {random.bits(), random.bits()};
    if (random.one_in(2)) stamp.basis = wild_whole<core::Position>(random);
    stamp.seen = wild_whole<core::Position>(random);
    stamp.time = wild_moment(random);
    stamp.cell = random.one_in(2) ? "main" : "größe";
    stamp.service = "listener";
    if (random.one_in(2)) stamp.actor = "trainer-1";
    if (random.one_in(2)) stamp.trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    return stamp;
}

void expect_same(const core::Stamp& stamp, const Parsed& parsed) {
    EXPECT_EQ(parsed.head.id, stamp.id);
    EXPECT_EQ(parsed.head.cause, stamp.cause);
    EXPECT_EQ(parsed.head.correlation, stamp.correlation);
    EXPECT_EQ(parsed.has_basis, stamp.basis.has_value());
    EXPECT_EQ(parsed.head.basis, stamp.basis.value_or(0));
    EXPECT_EQ(parsed.head.seen, stamp.seen);
    EXPECT_EQ(parsed.head.time, stamp.time);
    EXPECT_EQ(parsed.head.service, stamp.service);
    EXPECT_EQ(parsed.head.actor, stamp.actor);
    EXPECT_EQ(parsed.head.trace, stamp.trace);
    EXPECT_EQ(parsed.cell, stamp.cell);
}

template <class Fact> void comes_back(const core::Stamp& stamp, const Fact& fact) {
    SCOPED_TRACE(std::string(Fact::name));
    const auto draft = write(stamp, fact);
    const auto parsed = parse(draft.value);
    ASSERT_TRUE(parsed) << draft.value;
    expect_same(stamp, *parsed);
    const auto read = data_as<Fact>(*parsed);
    ASSERT_TRUE(read.value) << draft.value << "\n" << read.problems.front().pointer;
    EXPECT_EQ(*read.value, fact);
    EXPECT_EQ(write(stamp, *read.value).value, draft.value);
    EXPECT_EQ(core::decode<Fact>(core::encode(fact)), fact);
}

template <class Fact> void peek_agrees(const core::Stamp& stamp, const Fact& fact) {
    const auto draft = write(stamp, fact);
    const auto front = peek(draft.value);
    const auto parsed = parse(draft.value);
    ASSERT_TRUE(front && parsed) << draft.value;
    EXPECT_EQ(front->id, parsed->head.id);
    EXPECT_EQ(front->seen, parsed->head.seen);
    EXPECT_EQ(front->type, parsed->type);
    EXPECT_EQ(name_and_version(front->type), (std::pair{Fact::name, Fact::schema_version}));
}

template <class Visit> void with_every_fact(Visit visit) {
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        Random random{seed};
        for_each_fact<AllFacts>([&]<class Fact>(std::type_identity<Fact>) {
            const auto stamp = wild_stamp(random);
            visit(stamp, wild_value<Fact>(random));
        });
        if (testing::Test::HasFailure()) return;
    }
}

}  // namespace

TEST(Codec, reads_back_every_fact_that_it_wrote) {
    with_every_fact([](const core::Stamp& stamp, const auto& fact) { comes_back(stamp, fact); });
}

TEST(Codec, peeks_what_it_would_parse) {
    with_every_fact([](const core::Stamp& stamp, const auto& fact) { peek_agrees(stamp, fact); });
}

TEST(Codec, reads_back_facts_as_deciders_make_them) {
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
        Random random{seed};
        const auto stamp = wild_stamp(random);
        std::visit([&](const auto& fact) { comes_back(stamp, fact); }, random_fact<AllFacts>(random, {}));
    }
}

TEST(Codec, reads_back_windows_of_telemetry) {
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
        Random random{seed};
        const auto window = wild_value<TelemetryWindow>(random);
        const auto read = from_json<TelemetryWindow>(to_json(window));
        ASSERT_TRUE(read.value);
        EXPECT_EQ(*read.value, window);
    }
}
