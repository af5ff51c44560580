#include "common/postgres/ledger_mirror.hpp"
#include "tests/common/postgres/database.hpp"
#include "tests/support/memory_mirror_store.hpp"

// What every mirror's store promises: one suite for memory and Postgres.
namespace sluice::postgres {
namespace {

using core::Failure;
using runtime::Echo;

runtime::MirroredFact fact(std::uint64_t id, core::Position position, std::string data) {
    runtime::MirroredFact made;
    made.head.id = {0x0102030405068708, 0x8000000000000000 + id}, made.head.position = position;
    made.head.service = "listener", made.head.time = 1'700'000'000'000;
    made.type = "TrainingStarted", made.schema_version = 1, made.subject = "models/fraud";
    made.data = std::move(data);
    return made;
}

runtime::MirrorBatch batch(core::Position from, std::vector<std::string> values,
                           std::vector<runtime::MirroredFact> facts = {}) {
    runtime::MirrorBatch made{from, {}, std::move(facts)};
    for (auto& value : values) made.records.push_back({from++, 1'700'000'000'123, std::move(value)});
    return made;
}

enum class Kind { memory, postgres };

struct MirrorStore : PostgresTest, ::testing::WithParamInterface<Kind> {
    void SetUp() override {
        if (GetParam() == Kind::memory) {
            store = std::make_unique<support::MemoryMirrorStore>();
            return;
        }
        PostgresTest::SetUp();
        if (!database) return;
        own = Database::copy_of(*database);
        store = std::make_unique<LedgerMirror>(own->url("mirror_writer"));
    }
    void TearDown() override { store.reset(), own.reset(); }

    std::unique_ptr<Database> own;
    std::unique_ptr<runtime::MirrorStore> store;
};
INSTANTIATE_TEST_SUITE_P(Each, MirrorStore, ::testing::Values(Kind::memory, Kind::postgres),
                         [](const auto& kind) { return kind.param == Kind::memory ? "memory" : "postgres"; });

TEST_P(MirrorStore, begins_at_position_zero) {
    const auto place = store->place();
    ASSERT_TRUE(place) << place.failure().text();
    EXPECT_EQ(place->next, 0U);
    EXPECT_FALSE(place->last);
}

TEST_P(MirrorStore, keeps_every_byte_of_every_record) {
    std::string every_byte;
    for (int c = 0; c < 256; ++c) every_byte.push_back(static_cast<char>(c));
    ASSERT_TRUE(store->append(batch(0, {"one", "", every_byte})));
    const auto place = store->place();
    EXPECT_EQ(place->next, 3U);
    ASSERT_TRUE(place->last);
    EXPECT_EQ(place->last->position, 2U);
    EXPECT_EQ(place->last->value, every_byte);
}

TEST_P(MirrorStore, takes_the_first_record_of_an_id_for_the_fact) {
    ASSERT_TRUE(store->append(batch(0, {"a", "b"}, {fact(1, 0, R"({"a":1})"), fact(2, 1, "{}")})));
    const auto echoes = store->append(batch(2, {"c", "d"}, {fact(1, 2, R"({"a":1})"), fact(3, 3, "{}")}));
    ASSERT_TRUE(echoes);
    EXPECT_EQ(*echoes, (std::vector<Echo>{{fact(1, 0, "").head.id, 2, 0, false}}));
    EXPECT_EQ(store->place()->next, 4U);
}

TEST_P(MirrorStore, finds_echoes_within_one_batch) {
    const auto echoes =
        store->append(batch(0, {"a", "b", "c"}, {fact(1, 0, "{}"), fact(1, 1, "{}"), fact(1, 2, R"({"other":true})")}));
    ASSERT_TRUE(echoes);
    const auto id = fact(1, 0, "").head.id;
    EXPECT_EQ(*echoes, (std::vector<Echo>{{id, 1, 0, false}, {id, 2, 0, true}}));
}

TEST_P(MirrorStore, lets_one_of_two_writers_win_and_tells_the_other_to_look) {
    ASSERT_TRUE(store->append(batch(0, {"a"})));
    const auto again = store->append(batch(0, {"a"}));
    ASSERT_FALSE(again);
    EXPECT_EQ(again.failure().kind, Failure::Kind::retryable);
    const auto ahead = store->append(batch(5, {"f"}));
    ASSERT_FALSE(ahead);
    EXPECT_EQ(store->place()->next, 1U);
    EXPECT_TRUE(store->append(batch(1, {"b"})));
}

}  // namespace
}  // namespace sluice::postgres
