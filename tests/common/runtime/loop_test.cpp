#include "tests/common/runtime/town.hpp"

#include <gtest/gtest.h>

using namespace sluice;
using namespace sluice::tests;
using memory::Fate;

namespace {

runtime::Saying<Ringer> saying(std::uint64_t number, std::string why = "noon") {
    return {{7, number}, {}, {}, "ann", "00-trace", BellAsked{std::move(why)}};
}

}  // namespace

TEST(Loop, pays_what_it_owes_and_performs_what_it_asks_for) {
    Town town;
    const auto ask = town.asks(1);
    town.turn();
    EXPECT_EQ(town.count(grant_of(ask)), 1u);
    EXPECT_EQ(town.bell.begun, std::vector{ring_of(ask)});
    town.bell.rings(ring_of(ask), 80);
    town.turn();
    EXPECT_EQ(town.loop.folded().state.loudest, 80);
    EXPECT_TRUE(town.loop.folded().state.agenda.empty());
    EXPECT_EQ(town.loop.counts().appended, 2u);
}

TEST(Loop, stamps_a_decision_with_its_cause_and_an_outcome_with_its_moment) {
    Town town;
    const auto ask = town.asks(1);
    town.asks(2);
    town.turn();
    EXPECT_EQ(town.head(grant_of(ask)).basis, 0u) << "where its cause stands, whenever it is written";
    EXPECT_EQ(town.head(grant_of(ask)).cause, ask);
    EXPECT_EQ(town.head(grant_of(ask)).seen, 2u);
    EXPECT_EQ(town.head(grant_of(ask)).time, 1000);
    EXPECT_EQ(town.head(grant_of(ask)).service, "ringer");
    town.bell.rings(ring_of(ask), 80);
    town.turn();
    EXPECT_EQ(town.head(ring_of(ask)).basis, 3u) << "the last position that had been folded";
}

TEST(Loop, tries_a_failed_append_again) {
    Town town;
    town.fates = {Fate::fails, Fate::fails};
    const auto ask = town.asks(1);
    town.turn();
    EXPECT_EQ(town.count(grant_of(ask)), 1u);
    EXPECT_EQ(town.loop.counts().append_failures, 2u);
}

TEST(Loop, tries_again_what_the_ledger_had_no_room_for) {
    Town town;
    town.ledger.shut = true;
    const auto ask = town.asks(1);
    town.turn();
    EXPECT_EQ(town.count(grant_of(ask)), 0u);
    town.ledger.shut = false;
    town.turn();
    EXPECT_EQ(town.count(grant_of(ask)), 1u);
}

TEST(Loop, is_not_harmed_by_a_lost_acknowledgement) {
    Town town;
    town.fates = {Fate::lands_but_reported_failed};
    const auto ask = town.asks(1);
    town.turn();
    EXPECT_GE(town.count(grant_of(ask)), 1u);
    EXPECT_FALSE(town.loop.stopped());
    EXPECT_EQ(town.loop.folded().state.granted, 1);
    EXPECT_FALSE(town.owes(grant_of(ask)));
}

TEST(Loop, counts_an_append_that_landed_twice_as_an_echo) {
    Town town;
    town.fates = {Fate::lands_twice};
    const auto ask = town.asks(1);
    town.turn();
    EXPECT_EQ(town.count(grant_of(ask)), 2u);
    EXPECT_EQ(town.loop.counts().echoes, 1u);
    EXPECT_FALSE(town.loop.stopped());
}

TEST(Loop, waits_for_a_delayed_append) {
    Town town;
    town.fates = {Fate::lands_later};
    const auto ask = town.asks(1);
    town.turn();
    EXPECT_TRUE(town.owes(grant_of(ask)));
    town.log.thaw(0);
    town.turn();
    EXPECT_FALSE(town.owes(grant_of(ask)));
    EXPECT_EQ(town.count(grant_of(ask)), 1u);
}

TEST(Loop, sends_again_what_landed_too_late) {
    Town town({}, 10);
    town.fates = {Fate::lands_later};
    const auto ask = town.asks(1);
    town.turn();
    for (int i = 0; i < 20; ++i) {
        town.log.put("foreign");
        town.turn();
    }
    town.log.thaw(0);
    town.turn();
    EXPECT_EQ(town.count(grant_of(ask)), 2u) << "the one that came too late, and the fact";
    EXPECT_FALSE(town.owes(grant_of(ask)));
}

TEST(Loop, performs_an_effect_anew_whose_outcome_did_not_land) {
    Town town;
    const auto ask = town.asks(1);
    town.turn();
    town.fates = {Fate::fails};
    town.bell.rings(ring_of(ask), 80);
    town.turn();
    ASSERT_EQ(town.bell.begun, (std::vector{ring_of(ask), ring_of(ask)}));
    town.bell.rings(ring_of(ask), 70);
    town.turn();
    EXPECT_EQ(town.loop.folded().state.loudest, 70);
}

TEST(Loop, cancels_an_effect_that_was_withdrawn) {
    Town town;
    const auto ask = town.asks(1);
    town.turn();
    town.asks(2, "silence");
    town.turn();
    EXPECT_EQ(town.bell.cancelled, std::vector{ring_of(ask)});
    town.bell.rings(ring_of(ask), 80);
    town.turn();
    EXPECT_EQ(town.count(ring_of(ask)), 0u) << "an outcome that still comes is dropped";
}

TEST(Loop, lets_another_instance_pay) {
    Town town;
    const auto ask = town.asks(1);
    town.turn(false);
    EXPECT_EQ(town.log.records().size(), 1u) << "without the lease it only folds";
    EXPECT_TRUE(town.bell.begun.empty());
    core::Stamp stamp;
    stamp.id = grant_of(ask);
    town.log.put(line(stamp, {}, BellGranted{1, "noon"}));
    town.turn();
    EXPECT_EQ(town.count(grant_of(ask)), 1u);
}

TEST(Loop, does_all_that_is_owed_after_a_crash) {
    Town town;
    town.fates = {Fate::fails};
    const auto ask = town.asks(1);
    town.loop.step(town.now, true);
    Bell bell;
    memory::Ledger ledger{town.log};
    runtime::Loop<Ringer> next{ledger, bell, town_codec(), core::Folded<Ringer>{"town"}};
    for (int i = 0; i < 5; ++i) next.step(town.now, true);
    EXPECT_EQ(town.count(grant_of(ask)), 1u);
    EXPECT_EQ(bell.begun, std::vector{ring_of(ask)});
}

TEST(Loop, passes_over_what_is_foreign) {
    Town town;
    town.log.put("foreign");
    town.asks(1);
    town.turn();
    EXPECT_EQ(town.loop.counts().foreign, 1u);
    EXPECT_EQ(town.loop.folded().state.granted, 1);
}

TEST(Loop, stops_at_a_newer_schema_and_stays_up) {
    Town town;
    town.asks(1);
    town.log.put("newer");
    town.asks(2);
    town.turn();
    ASSERT_TRUE(town.loop.stopped());
    EXPECT_EQ(town.loop.stopped()->what, "a newer schema");
    EXPECT_FALSE(town.loop.ready());
    EXPECT_EQ(town.loop.folded().next, 1u) << "nothing after it is folded";
    EXPECT_EQ(town.log.records().size(), 3u) << "and nothing is written";
}

TEST(Loop, stops_where_its_own_build_fails) {
    Town town;
    town.log.put("broken");
    town.turn();
    ASSERT_TRUE(town.loop.stopped());
    EXPECT_NE(town.loop.stopped()->what.find("position 0: "), std::string::npos);
    EXPECT_FALSE(town.loop.stopped()->advice.empty());
}

TEST(Loop, stops_at_a_contradiction) {
    Town town;
    const auto ask = town.asks(1);
    core::Stamp stamp;
    stamp.id = grant_of(ask);
    town.log.put(line(stamp, {}, BellGranted{17, "noon"}));
    town.turn();
    ASSERT_TRUE(town.loop.stopped());
    EXPECT_NE(town.loop.stopped()->what.find("says otherwise"), std::string::npos);
    EXPECT_EQ(town.log.records().size(), 2u);
}

TEST(Loop, stops_when_the_ledger_was_rewound) {
    Town town;
    town.asks(1);
    town.turn();
    town.log.rewind(0);
    town.turn();
    ASSERT_TRUE(town.loop.stopped());
    EXPECT_NE(town.loop.stopped()->what.find("rewound"), std::string::npos);
}

TEST(Loop, stops_where_it_owes_more_than_a_record_takes) {
    Town town;
    town.asks(1, std::string(core::value_size_max - 300, 'x'));
    town.turn();
    EXPECT_FALSE(town.loop.stopped()) << "as much as fits is written";
    town.asks(2, std::string(core::value_size_max, 'x'));
    town.turn();
    ASSERT_TRUE(town.loop.stopped());
    EXPECT_EQ(town.loop.stopped()->kind, core::Failure::Kind::poison);
    EXPECT_NE(town.loop.stopped()->what.find("65535"), std::string::npos);
}

TEST(Loop, has_only_so_many_appends_under_way) {
    Town town({.batch_max = 512, .in_flight_max = 3, .sayings_max = 4096});
    town.fates = std::deque<Fate>(3, Fate::lands_later);
    for (std::uint64_t i = 1; i <= 10; ++i) town.asks(i);
    town.turn();
    EXPECT_EQ(town.log.delayed().size(), 3u);
    EXPECT_EQ(town.log.records().size(), 10u);
    while (!town.log.delayed().empty()) town.log.thaw(0);
    town.turn();
    EXPECT_EQ(town.log.records().size(), 20u);
}

TEST(Loop, does_not_count_effects_among_its_appends) {
    Town town({.batch_max = 512, .in_flight_max = 1, .sayings_max = 4096});
    for (std::uint64_t i = 1; i <= 10; ++i) town.asks(i);
    town.turn();
    EXPECT_EQ(town.bell.begun.size(), 10u);
    EXPECT_EQ(town.log.records().size(), 20u);
}

TEST(Loop, folds_only_so_much_in_one_step) {
    Town town({.batch_max = 4, .in_flight_max = 1024, .sayings_max = 4096});
    for (std::uint64_t i = 1; i <= 9; ++i) town.log.put("foreign");
    EXPECT_TRUE(town.loop.step(town.now, true));
    EXPECT_EQ(town.loop.folded().next, 4u);
    EXPECT_TRUE(town.loop.step(town.now, true));
    EXPECT_FALSE(town.loop.step(town.now, true));
    EXPECT_TRUE(town.loop.at_the_end());
}

TEST(Loop, does_not_work_while_it_lags) {
    Town town({.batch_max = 4, .in_flight_max = 1024, .sayings_max = 4096}, 20);
    town.asks(1);
    for (int i = 0; i < 30; ++i) town.log.put("foreign");
    const auto before = town.log.records().size();
    for (int i = 0; i < 5; ++i) {
        town.loop.step(town.now, true);
        EXPECT_FALSE(town.loop.ready());
        EXPECT_EQ(town.log.records().size(), before);
    }
    town.turn();
    EXPECT_TRUE(town.loop.ready());
    EXPECT_EQ(town.log.records().size(), before + 1);
}

TEST(Loop, does_not_work_while_the_ledger_is_away) {
    Town town;
    const auto ask = town.asks(1);
    town.log.set_reachable(false);
    town.turn();
    EXPECT_FALSE(town.loop.ready());
    town.log.set_reachable(true);
    town.turn();
    EXPECT_EQ(town.count(grant_of(ask)), 1u);
}

TEST(Saying, settles_once_when_it_was_read_back) {
    Town town;
    int settled = 0;
    town.loop.say(saying(1), 500, [&](const core::Incoming<Ringer>& in) {
        ++settled;
        EXPECT_EQ(in.head.position, 0u);
        EXPECT_EQ(in.head.time, 500);
        EXPECT_EQ(in.head.actor, "ann");
        EXPECT_EQ(in.head.trace, "00-trace");
    });
    town.fates = {Fate::lands_twice};
    town.turn();
    EXPECT_EQ(settled, 1);
    EXPECT_EQ(town.loop.sayings(), 0u);
    EXPECT_EQ(town.loop.folded().state.granted, 1);
}

TEST(Saying, settles_everybody_who_asked_for_the_same) {
    Town town;
    int settled = 0;
    for (int i = 0; i < 3; ++i) town.loop.say(saying(1), 0, [&](const auto&) { ++settled; });
    town.loop.say(saying(1), 0, {});
    town.turn();
    EXPECT_EQ(settled, 3);
    EXPECT_EQ(town.count({7, 1}), 1u);
}

TEST(Saying, is_said_again_until_it_lands) {
    Town town;
    int settled = 0;
    town.fates = {Fate::fails, Fate::fails};
    town.loop.say(saying(1), 500, [&](const auto&) { ++settled; });
    town.turn();
    EXPECT_EQ(settled, 1);
    EXPECT_EQ(town.head({7, 1}).time, 500) << "when it became true, however often it was sent";
}

TEST(Saying, is_said_again_when_it_landed_too_late) {
    Town town({}, 10);
    int settled = 0;
    town.fates = {Fate::lands_later};
    town.loop.say(saying(1, "silence"), 0, [&](const auto&) { ++settled; });
    town.turn();
    for (int i = 0; i < 20; ++i) town.log.put("foreign");
    town.log.thaw(0);
    town.turn();
    EXPECT_EQ(settled, 1);
}

TEST(Saying, is_settled_by_another_instance) {
    Town town;
    int settled = 0;
    town.fates = {Fate::lands_later};
    town.loop.say(saying(1), 0, [&](const auto&) { ++settled; });
    town.turn();
    core::Stamp stamp;
    stamp.id = {7, 1};
    town.log.put(line(stamp, BellAsked{"noon"}, {}));
    town.turn();
    EXPECT_EQ(settled, 1);
    town.log.thaw(0);
    town.turn();
    EXPECT_EQ(settled, 1);
    EXPECT_FALSE(town.loop.stopped());
}

TEST(Saying, needs_no_lease) {
    Town town;
    int settled = 0;
    town.loop.say(saying(1), 0, [&](const auto&) { ++settled; });
    town.turn(false);
    EXPECT_EQ(settled, 1);
}

TEST(Saying, is_refused_where_too_many_wait) {
    Town town({.batch_max = 512, .in_flight_max = 1024, .sayings_max = 2});
    EXPECT_TRUE(town.loop.say(saying(1), 0, {}));
    EXPECT_TRUE(town.loop.say(saying(2), 0, {}));
    EXPECT_FALSE(town.loop.say(saying(3), 0, {}));
    town.turn();
    EXPECT_TRUE(town.loop.say(saying(3), 0, {}));
}
