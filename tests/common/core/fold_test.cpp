#include "tests/support/ringer.hpp"

#include <gtest/gtest.h>

using namespace sluice::core;
using namespace sluice::tests;

namespace {

using State = Folded<Ringer>;

Incoming<Ringer> asked(std::uint64_t id, Position position) {
    Incoming<Ringer> in;
    in.head.id = {0, id}, in.head.position = in.head.seen = position;
    in.input = BellAsked{"noon"};
    return in;
}
Incoming<Ringer> granted(const FactId& id, int number, Position position) {
    Incoming<Ringer> in;
    in.head.id = id, in.head.position = in.head.seen = position;
    in.own = BellGranted{number, "noon"};
    return in;
}
Incoming<Ringer> rang(const FactId& id, int loudness, Position position) {
    Incoming<Ringer> in;
    in.head.id = id, in.head.position = in.head.seen = position;
    in.input = BellRang{loudness};
    return in;
}

}  // namespace

TEST(Echoes, take_the_first_record_and_no_other) {
    Echoes echoes;
    EXPECT_TRUE(echoes.is_first({0, 1}, 0, 0));
    EXPECT_FALSE(echoes.is_first({0, 1}, 1, 0));
    EXPECT_TRUE(echoes.is_first({0, 2}, 2, 0));
    EXPECT_FALSE(echoes.is_first({0, 1}, 3, 3));
}

TEST(Echoes, take_a_record_up_to_a_window_after_what_its_writer_saw) {
    Echoes echoes{10};
    EXPECT_TRUE(echoes.is_first({0, 1}, 10, 0));
    EXPECT_FALSE(echoes.is_first({0, 2}, 11, 0)) << "too late: no fact";
    EXPECT_TRUE(echoes.is_first({0, 2}, 12, 11)) << "sent again with a new `seen`";
    EXPECT_TRUE(echoes.is_first({0, 3}, 13, 9999)) << "a writer cannot have seen what is yet to come; that is harmless";
}

TEST(Echoes, know_an_echo_at_the_rim_of_the_window) {
    Echoes echoes{10};
    EXPECT_TRUE(echoes.is_first({0, 1}, 5, 5));
    EXPECT_FALSE(echoes.is_first({0, 1}, 15, 5)) << "the last position at which a writer with that `seen` may land";
}

TEST(Echoes, forget_what_is_older_than_the_window) {
    Echoes echoes{10};
    for (Position at = 0; at < 1000; ++at) ASSERT_TRUE(echoes.is_first({1, at}, at, at));
    EXPECT_LE(encode(echoes).size(), 16u + 11 * (24 + 16) + 8) << "11 ids with positions, and the same as a set";
    EXPECT_FALSE(echoes.is_first({1, 990}, 1000, 1000));
    EXPECT_TRUE(echoes.is_first({1, 988}, 1001, 1001)) << "only a writer that did not look could do this";
}

TEST(Echoes, survive_their_binary_form) {
    Echoes echoes{10};
    echoes.is_first({0, 1}, 0, 0);
    auto again = decode<Echoes>(encode(echoes));
    EXPECT_EQ(again, echoes);
    EXPECT_FALSE(again.is_first({0, 1}, 1, 1));
}

TEST(Agenda, keeps_the_order_in_which_it_came_to_owe) {
    State folded{"town"};
    fold(folded, asked(7, 0));
    fold(folded, asked(3, 1));
    std::vector<FactId> order;
    for (const auto& [key, entry] : folded.state.agenda.entries()) order.push_back(entry.id);
    EXPECT_EQ(order, (std::vector{grant_of({0, 7}), ring_of({0, 7}), grant_of({0, 3}), ring_of({0, 3})}));
}

TEST(Agenda, knows_cause_basis_and_chain_of_what_it_owes) {
    State folded{"town"};
    auto in = asked(7, 41);
    in.head.correlation = {5, 5}, in.head.trace = "00-trace";
    fold(folded, in);
    const auto* entry = folded.state.agenda.find(grant_of({0, 7}));
    ASSERT_TRUE(entry);
    EXPECT_EQ(entry->cause, (FactId{0, 7}));
    EXPECT_EQ(entry->correlation, (FactId{5, 5}));
    EXPECT_EQ(entry->basis, 41u);
    EXPECT_EQ(entry->trace, "00-trace");
    EXPECT_FALSE(entry->is_effect());
    EXPECT_TRUE(folded.state.agenda.find(ring_of({0, 7}))->is_effect());
}

TEST(Agenda, owes_the_same_debt_once) {
    Agenda<Ringer::Outputs, Ringer::Effects> agenda{{"town", "ringer", ""}};
    const Head cause{{0, 1}, {}, {}, 0, 0, 0, 0, {}, {}, {}};
    const auto id = agenda.owe(cause, BellGranted{1, {}});
    EXPECT_EQ(agenda.owe(cause, BellGranted{2, {}}), id);
    EXPECT_EQ(agenda.size(), 1u);
    EXPECT_NE(agenda.owe(cause, BellGranted{2, {}}, "second"), id);
    EXPECT_EQ(agenda.size(), 2u);
}

TEST(Agenda, withdraws_effects_and_never_decisions) {
    Agenda<Ringer::Outputs, Ringer::Effects> agenda{{"town", "ringer", ""}};
    const Head cause{{0, 1}, {}, {}, 0, 0, 0, 0, {}, {}, {}};
    const auto decided = agenda.owe(cause, BellGranted{1, {}});
    const auto effect = agenda.ask(cause, RingBell{1});
    agenda.withdraw(decided);
    agenda.withdraw(effect);
    agenda.withdraw({9, 9});
    EXPECT_TRUE(agenda.has(decided));
    EXPECT_FALSE(agenda.has(effect));
}

TEST(Agenda, gives_new_entries_keys_after_all_old_ones) {
    Agenda<Ringer::Outputs, Ringer::Effects> agenda{{"town", "ringer", ""}};
    const auto first = agenda.owe({{0, 1}, {}, {}, 0, 0, 0, 0, {}, {}, {}}, BellGranted{1, {}});
    const auto last = agenda.entries().rbegin()->first;
    EXPECT_TRUE(agenda.settle(first));
    EXPECT_FALSE(agenda.settle(first));
    EXPECT_TRUE(agenda.empty());
    agenda.owe({{0, 2}, {}, {}, 0, 0, 0, 0, {}, {}, {}}, BellGranted{2, {}});
    EXPECT_GT(agenda.entries().begin()->first, last);
}

TEST(Fold, decides_where_the_cause_stands) {
    State folded{"town"};
    fold(folded, asked(1, 0));
    fold(folded, asked(2, 1));
    EXPECT_EQ(folded.state.granted, 2);
    EXPECT_EQ(folded.next, 2u);
    EXPECT_EQ(std::get<0>(folded.state.agenda.find(grant_of({0, 2}))->debt), (Ringer::Outputs{BellGranted{2, "noon"}}));
}

TEST(Fold, strikes_what_is_settled) {
    State folded{"town"};
    fold(folded, asked(1, 0));
    const auto step = fold(folded, granted(grant_of({0, 1}), 1, 1));
    EXPECT_TRUE(step.first && step.settled && !step.contradiction);
    EXPECT_FALSE(folded.state.agenda.has(grant_of({0, 1})));
}

TEST(Fold, is_silent_at_an_echo) {
    State folded{"town"};
    fold(folded, asked(1, 0));
    auto before = folded;
    EXPECT_FALSE(fold(folded, asked(1, 1)).first);
    before.next = 2;
    EXPECT_EQ(folded, before);
}

TEST(Fold, finds_a_decision_that_says_otherwise) {
    State folded{"town"};
    fold(folded, asked(1, 0));
    const auto step = fold(folded, granted(grant_of({0, 1}), 99, 1));
    ASSERT_TRUE(step.contradiction);
    EXPECT_EQ(step.contradiction->kind, Failure::Kind::fatal);
    EXPECT_NE(step.contradiction->what.find("position 1: BellGranted"), std::string::npos);
    EXPECT_NE(step.contradiction->what.find("says otherwise"), std::string::npos);
    EXPECT_FALSE(step.contradiction->advice.empty());
}

TEST(Fold, finds_a_decision_that_nothing_demands) {
    State folded{"town"};
    const auto step = fold(folded, granted({0, 77}, 1, 0));
    ASSERT_TRUE(step.contradiction);
    EXPECT_NE(step.contradiction->what.find("owed by nothing"), std::string::npos);
}

TEST(Fold, finds_a_decision_under_the_id_of_an_effect) {
    State folded{"town"};
    fold(folded, asked(1, 0));
    EXPECT_TRUE(fold(folded, granted(ring_of({0, 1}), 1, 1)).contradiction);
}

TEST(Fold, takes_an_outcome_that_was_asked_for) {
    State folded{"town"};
    fold(folded, asked(1, 0));
    fold(folded, rang(ring_of({0, 1}), 80, 1));
    EXPECT_EQ(folded.state.loudest, 80);
    EXPECT_FALSE(folded.state.agenda.has(ring_of({0, 1})));
}

TEST(Fold, drops_an_outcome_that_has_become_moot) {
    State folded{"town"};
    fold(folded, asked(1, 0));
    folded.state.agenda.withdraw(ring_of({0, 1}));
    EXPECT_FALSE(fold(folded, rang(ring_of({0, 1}), 80, 1)).contradiction);
    EXPECT_EQ(folded.state.loudest, 0);
}

TEST(Fold, only_counts_what_nobody_reads) {
    State folded{"town"};
    Incoming<Ringer> in;
    in.head.id = {0, 5}, in.head.position = 3, in.head.seen = 3;
    EXPECT_TRUE(fold(folded, in).first);
    EXPECT_EQ(folded.next, 4u);
    EXPECT_TRUE(folded.state.agenda.empty());
    pass_over(folded, 4);
    EXPECT_EQ(folded.next, 5u);
}

TEST(Fold, survives_its_binary_form) {
    State folded{"town"};
    fold(folded, asked(1, 0));
    EXPECT_EQ(decode<State>(encode(folded)), folded);
}
