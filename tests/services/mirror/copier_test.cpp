#include "services/mirror/copier.hpp"

#include "common/memory/ledger.hpp"
#include "events/codec.hpp"
#include "services/mirror/decode.hpp"
#include "tests/support/memory_mirror_store.hpp"

#include <gtest/gtest.h>

namespace sluice::mirror {
namespace {

using core::Failure;

/// Answers when the test says so; fails as it is told.
class LaterStore final : public StoreCalls {
public:
    void place(Placed done) override {
        answer_ = [this, done] { done(failure ? core::Result<runtime::MirrorPlace>{*failure} : held.place()); };
    }
    void append(std::shared_ptr<const runtime::MirrorBatch> batch, Appended done) override {
        batches.push_back(batch->records.size());
        answer_ = [this, batch, done] {
            const bool cannot = std::any_of(batch->facts.begin(), batch->facts.end(),
                                            [&](const auto& fact) { return fact.head.position == cannot_hold; });
            if (failure) return done(*failure);
            if (cannot) return done(Failure::poison("too deep", "it stays bytes"));
            auto echoes = held.append(*batch);
            if (unheard) return done(Failure::retryable("the answer was lost", "look again"));
            done(std::move(echoes));
        };
    }
    bool answer() {
        const auto with = std::exchange(answer_, nullptr);
        if (with) with();
        return with != nullptr;
    }

    support::MemoryMirrorStore held;
    std::optional<Failure> failure;
    bool unheard = false;
    std::optional<core::Position> cannot_hold;
    std::vector<std::size_t> batches;

private:
    std::function<void()> answer_;
};

struct CopierTest : ::testing::Test {
    void say(const std::string& model, std::uint64_t id, core::Position seen, const std::string& job = "nightly") {
        core::Stamp stamp;
        stamp.id = {1, id}, stamp.seen = seen, stamp.cell = "main", stamp.service = "listener";
        log.put(events::write(stamp, events::TrainingStarted{{model}, {"run-1"}, job}).value);
    }
    void say_many(int count) {
        for (int i = 0; i < count; ++i) say("fraud", static_cast<std::uint64_t>(i), log.records().size());
    }
    Copier make(Copier::Limits limits = {}) {
        ledger = std::make_unique<memory::Ledger>(log);
        return Copier{*ledger, store, decode, limits};
    }
    /// Until nothing more happens, or the copier waits.
    void settle(Copier& copier) {
        do copier.step(now);
        while (store.answer() || (!copier.retry_at() && !copier.trouble() && copier.lag() > 0));
        copier.step(now);
    }
    void expect_same_bytes() const { EXPECT_EQ(store.held.records, log.records()); }

    memory::Log log;
    std::unique_ptr<memory::Ledger> ledger;
    LaterStore store;
    core::Time now = 1'000'000;
};

TEST_F(CopierTest, copies_every_record_byte_for_byte_and_opens_the_facts) {
    say("fraud", 1, 0);
    log.put("not JSON");
    say("churn", 2, 1);
    auto copier = make();
    settle(copier);
    expect_same_bytes();
    EXPECT_EQ(store.held.facts.size(), 2U);
    EXPECT_EQ(store.held.facts.at({1, 2}).subject, "models/churn");
    EXPECT_EQ(store.held.facts.at({1, 2}).type, "TrainingStarted");
    EXPECT_EQ(store.held.facts.at({1, 2}).head.position, 2U);
    EXPECT_FALSE(copier.trouble());
    EXPECT_EQ(copier.lag(), 0U);
}

TEST_F(CopierTest, goes_on_wherever_the_store_is) {
    say_many(7);
    for (core::Position cut = 0; cut <= 7; ++cut) {
        store.held = {};
        memory::Ledger all{log};
        runtime::MirrorBatch before{0, *all.read(0, cut), {}};
        ASSERT_TRUE(store.held.append(before));
        auto copier = make();
        settle(copier);
        expect_same_bytes();
    }
}

TEST_F(CopierTest, keeps_an_echo_as_a_record_only) {
    say("fraud", 1, 0);
    say("fraud", 1, 0);
    auto copier = make();
    settle(copier);
    expect_same_bytes();
    EXPECT_EQ(store.held.facts.at({1, 1}).head.position, 0U);
    EXPECT_EQ(copier.counts().facts, 1U);
    EXPECT_EQ(copier.counts().echoes, 1U);
    EXPECT_EQ(copier.counts().echoes_that_differ, 0U);
    EXPECT_TRUE(copier.take_notices().empty());
}

TEST_F(CopierTest, reports_an_echo_that_says_something_else) {
    say("fraud", 1, 0);
    say("fraud", 1, 0, "hourly");
    auto copier = make();
    settle(copier);
    EXPECT_EQ(copier.counts().echoes_that_differ, 1U);
    const auto notices = copier.take_notices();
    ASSERT_EQ(notices.size(), 1U);
    EXPECT_EQ(notices[0].kind, Notice::Kind::echo_differs);
    EXPECT_EQ(notices[0].position, 1U);
    EXPECT_NE(notices[0].text.find("position 0"), std::string::npos);
}

TEST_F(CopierTest, takes_no_record_for_a_fact_that_stands_too_far_behind_what_its_writer_had_seen) {
    say_many(4);
    say("fraud", 77, 1);  // at 4: 3 after what was seen
    say("fraud", 78, 3);
    say("fraud", 77, 5);  // sent again, with a new `seen`
    auto copier = make({.window = 2});
    settle(copier);
    expect_same_bytes();
    EXPECT_EQ(copier.counts().late, 1U);
    EXPECT_EQ(store.held.facts.at({1, 77}).head.position, 6U);
    EXPECT_EQ(store.held.facts.at({1, 78}).head.position, 5U);
}

TEST_F(CopierTest, reports_an_echo_that_folds_must_have_counted) {
    say("fraud", 1, 0);
    say_many(4);
    say("fraud", 1, 5);
    auto copier = make({.window = 2});
    settle(copier);
    const auto notices = copier.take_notices();
    EXPECT_TRUE(std::any_of(notices.begin(), notices.end(), [](const auto& notice) {
        return notice.kind == Notice::Kind::counted_twice && notice.position == 5;
    }));
}

TEST_F(CopierTest, reports_each_foreign_record_once_even_if_the_first_write_failed) {
    log.put("not JSON");
    log.put(R"({"specversion":"1.0","type":"com.example.other","id":"1"})");
    auto copier = make();
    copier.step(now);
    store.answer();
    store.failure = Failure::retryable("away", "wait");
    copier.step(now);
    store.answer();
    EXPECT_TRUE(copier.take_notices().empty());
    store.failure.reset();
    copier.step(now);
    now += 1000;
    settle(copier);
    EXPECT_EQ(copier.counts().foreign, 2U);
    EXPECT_EQ(copier.take_notices().size(), 2U);
    EXPECT_TRUE(store.held.facts.empty());
    expect_same_bytes();
}

TEST_F(CopierTest, takes_a_type_that_no_catalogue_knows_for_foreign) {
    core::Stamp stamp;
    stamp.id = {1, 1}, stamp.cell = "main", stamp.service = "listener";
    log.put(events::write_value(stamp, "io.sluice.Nonsense.v1", "Nonsense", 1, "ledger", "{}"));
    auto copier = make();
    settle(copier);
    EXPECT_EQ(copier.counts().foreign, 1U);
    EXPECT_TRUE(store.held.facts.empty());
}

TEST_F(CopierTest, stops_at_a_schema_version_newer_than_its_own) {
    say_many(1);
    core::Stamp stamp;
    stamp.id = {1, 9}, stamp.cell = "main", stamp.service = "listener";
    log.put(events::write_value(stamp, "io.sluice.TrainingStarted.v900", "TrainingStarted", 900, "models/a", "{}"));
    auto copier = make();
    settle(copier);
    ASSERT_TRUE(copier.trouble());
    EXPECT_EQ(copier.trouble()->kind, Failure::Kind::fatal);
}

TEST_F(CopierTest, waits_longer_and_longer_while_the_store_is_away_and_says_so) {
    say_many(3);
    store.failure = Failure::retryable("Postgres is away", "start it");
    auto copier = make({.wait_ms_min = 100, .wait_ms_max = 350});
    for (const core::Time wait : {100, 200, 350, 350}) {
        copier.step(now);
        ASSERT_TRUE(store.answer());
        copier.step(now);
        ASSERT_EQ(copier.retry_at(), now + wait);
        EXPECT_EQ(copier.trouble(), store.failure);
        copier.step(now + wait - 1);
        EXPECT_FALSE(store.answer());
        now += wait;
    }
    store.failure.reset();
    settle(copier);
    expect_same_bytes();
    EXPECT_FALSE(copier.trouble());
}

TEST_F(CopierTest, goes_on_after_a_write_whose_answer_was_lost) {
    say_many(3);
    store.unheard = true;
    auto copier = make();
    copier.step(now), store.answer(), copier.step(now), store.answer(), copier.step(now);
    EXPECT_EQ(store.held.records.size(), 3U);
    store.unheard = false;
    say("churn", 50, 3);
    now = *copier.retry_at();
    settle(copier);
    expect_same_bytes();
    EXPECT_EQ(store.held.facts.size(), 4U);
}

TEST_F(CopierTest, goes_on_where_another_mirror_has_come_to) {
    say_many(5);
    auto slow = make({.records_max = 2});
    slow.step(now), store.answer(), slow.step(now);  // its write of two is under way
    memory::Ledger other{log};
    ASSERT_TRUE(store.held.append({0, *other.read(0, 4), {}}));
    store.answer();
    slow.step(now);
    now = *slow.retry_at();
    settle(slow);
    expect_same_bytes();
}

TEST_F(CopierTest, stops_when_the_ledger_is_not_the_one_that_it_mirrored) {
    say_many(3);
    runtime::MirrorBatch other;
    other.records = {{0, 0, "a"}, {1, 0, "b"}};
    ASSERT_TRUE(store.held.append(other));
    auto copier = make();
    settle(copier);
    ASSERT_TRUE(copier.trouble());
    EXPECT_EQ(copier.trouble()->kind, Failure::Kind::fatal);
    EXPECT_EQ(store.held.records.size(), 2U);
}

TEST_F(CopierTest, stops_when_the_ledger_is_shorter_than_its_mirror) {
    runtime::MirrorBatch other;
    other.records = {{0, 0, "a"}, {1, 0, "b"}};
    ASSERT_TRUE(store.held.append(other));
    log.put("a");
    auto copier = make();
    settle(copier);
    ASSERT_TRUE(copier.trouble());
    EXPECT_EQ(copier.trouble()->kind, Failure::Kind::fatal);
}

TEST_F(CopierTest, keeps_as_bytes_a_fact_that_the_store_cannot_hold_and_all_others_whole) {
    say_many(20);
    store.cannot_hold = 13;
    auto copier = make({.records_max = 8});
    settle(copier);
    while (store.answer()) copier.step(now);
    expect_same_bytes();
    EXPECT_EQ(store.held.facts.size(), 19U);
    const auto notices = copier.take_notices();
    ASSERT_EQ(notices.size(), 1U);
    EXPECT_EQ(notices[0].kind, Notice::Kind::cannot_be_held);
    EXPECT_EQ(notices[0].position, 13U);
    EXPECT_NE(notices[0].text.find("too deep"), std::string::npos);
}

TEST_F(CopierTest, bounds_a_batch_in_records_and_in_bytes) {
    for (int i = 0; i < 6; ++i) log.put(std::string(100, 'x'));
    auto few = make({.records_max = 4});
    settle(few);
    EXPECT_EQ(store.batches, (std::vector<std::size_t>{4, 2}));
    store.held = {}, store.batches = {};
    auto small = make({.bytes_max = 250});
    settle(small);
    EXPECT_EQ(store.batches, (std::vector<std::size_t>{2, 2, 2}));
    store.held = {}, store.batches = {};
    auto tiny = make({.bytes_max = 1});
    settle(tiny);
    EXPECT_EQ(store.batches.size(), 6U);
}

TEST_F(CopierTest, says_that_the_ledger_is_away) {
    auto copier = make();
    settle(copier);
    log.set_reachable(false);
    ASSERT_TRUE(copier.trouble());
    log.set_reachable(true);
    say_many(2);
    settle(copier);
    expect_same_bytes();
}

}  // namespace
}  // namespace sluice::mirror
