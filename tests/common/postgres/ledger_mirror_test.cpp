#include "common/postgres/ledger_mirror.hpp"

#include "common/core/time.hpp"
#include "common/postgres/nul.hpp"
#include "tests/common/postgres/cut_wire.hpp"
#include "tests/common/postgres/database.hpp"

#include <regex>
#include <thread>

namespace sluice::postgres {
namespace {

using core::Failure;

struct LedgerMirrorTest : PostgresTest {
    void SetUp() override {
        PostgresTest::SetUp();
        if (!database) return;
        own = Database::copy_of(*database);
        mirror = std::make_unique<LedgerMirror>(own->url("mirror_writer"));
    }
    void TearDown() override { mirror.reset(), own.reset(); }

    static runtime::MirroredFact fact(core::Position position) {
        runtime::MirroredFact made;
        made.head.id = {7, position + 1}, made.head.position = position;
        made.head.service = "registry", made.head.time = *core::from_rfc3339("2026-01-31T12:34:56.789Z");
        made.type = "ModelCreated", made.schema_version = 1, made.subject = "models/fraud/versions/12",
        made.data = "{}";
        return made;
    }
    static runtime::MirrorBatch one(core::Position position, runtime::MirroredFact fact) {
        return {position, {{position, 1'700'000'000'123, "value"}}, {std::move(fact)}};
    }
    void add(runtime::MirroredFact fact) {
        const auto added = mirror->append(one(fact.head.position, fact));
        ASSERT_TRUE(added) << added.failure().text();
    }

    std::unique_ptr<Database> own;
    std::unique_ptr<LedgerMirror> mirror;
};

TEST_F(LedgerMirrorTest, opens_the_envelope_into_columns) {
    auto whole = fact(0);
    whole.head.basis = 41, whole.has_basis = true, whole.head.cause = {7, 7}, whole.head.correlation = {7, 6};
    whole.head.actor = "o'brien";
    add(whole);
    add(fact(1));
    const auto row = [&](core::Position at) {
        return own->run(
            "SELECT (id, type, schema_version, service, subject, model, version, time AT TIME ZONE 'UTC', "
            "basis, cause, correlation, actor, data)::text FROM ledger.fact WHERE position = " +
            std::to_string(at));
    };
    EXPECT_EQ(row(0),
              "(00000000-0000-0007-0000-000000000001,ModelCreated,1,registry,models/fraud/versions/12,fraud,12,"
              "\"2026-01-31 12:34:56.789\",41,00000000-0000-0007-0000-000000000007,"
              "00000000-0000-0007-0000-000000000006,o'brien,{})");
    EXPECT_EQ(row(1),
              "(00000000-0000-0007-0000-000000000002,ModelCreated,1,registry,models/fraud/versions/12,fraud,12,"
              "\"2026-01-31 12:34:56.789\",,,,,{})");
    EXPECT_EQ(own->run("SELECT extract(epoch FROM appended_at) FROM ledger.record"), "1700000000.123000");
}

TEST_F(LedgerMirrorTest, keeps_an_echo_in_record_and_not_in_fact) {
    add(fact(0));
    auto echo = fact(1);
    echo.head.id = fact(0).head.id, echo.data = R"({"a": 1})";
    const auto echoes = mirror->append(one(1, echo));
    ASSERT_TRUE(echoes);
    EXPECT_EQ(*echoes, (std::vector<runtime::Echo>{{echo.head.id, 1, 0, true}}));
    EXPECT_EQ(own->run("SELECT count(*) FROM ledger.record"), "2");
    EXPECT_EQ(own->run("SELECT string_agg(position::text, ',') FROM ledger.fact"), "0");
}

TEST_F(LedgerMirrorTest, does_all_or_nothing) {
    auto bad = one(0, fact(0));
    bad.records.push_back({1, 0, "second"}), bad.facts.push_back(fact(1));
    bad.facts[1].data = std::string(60'000, '[');
    const auto refused = mirror->append(bad);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.failure().kind, Failure::Kind::poison) << refused.failure().text();
    EXPECT_EQ(own->run("SELECT count(*) FROM ledger.record"), "0");
    EXPECT_EQ(mirror->place()->next, 0U);
    add(fact(0));
}

TEST_F(LedgerMirrorTest, calls_what_no_column_can_hold_poison) {
    for (const auto& data : std::vector<std::string>{"1e400000", "1e-999999999", "not JSON"}) {
        auto bad = fact(0);
        bad.data = data;
        const auto refused = mirror->append(one(0, bad));
        ASSERT_FALSE(refused) << data;
        EXPECT_EQ(refused.failure().kind, Failure::Kind::poison) << refused.failure().text();
    }
    auto late = fact(0);
    late.has_basis = true, late.head.basis = ~0ULL;
    EXPECT_EQ(mirror->append(one(0, late)).failure().kind, Failure::Kind::poison);
}

TEST_F(LedgerMirrorTest, writes_a_nul_as_the_replacement_character) {
    auto odd = fact(0);
    odd.data = R"({"comment":"a\u0000b\\u0000"})", odd.head.actor = std::string("x\0y", 3);
    add(odd);
    EXPECT_EQ(own->run("SELECT data ->> 'comment' FROM ledger.fact"), "a\uFFFDb\\u0000");
    EXPECT_EQ(own->run("SELECT actor FROM ledger.fact"), "x\uFFFDy");
}

TEST_F(LedgerMirrorTest, lets_exactly_one_of_two_writers_add_each_batch) {
    constexpr core::Position batches = 40;
    std::atomic<int> won = 0, lost = 0;
    const auto write = [&] {
        LedgerMirror mine{own->url("mirror_writer")};
        for (auto place = mine.place(); place && place->next < batches; place = mine.place())
            mine.append(one(place->next, fact(place->next))) ? ++won : ++lost;
    };
    std::thread other{write};
    write();
    other.join();
    EXPECT_EQ(won, 40);
    EXPECT_EQ(own->run("SELECT count(*) || ' ' || max(position) FROM ledger.record"), "40 39");
    EXPECT_EQ(own->run("SELECT count(*) FROM ledger.fact"), "40");
}

TEST_F(LedgerMirrorTest, says_that_a_server_is_away_and_goes_on_when_it_is_back) {
    LedgerMirror nowhere{"postgresql://mirror_writer@127.0.0.1:1/nothing"};
    ASSERT_FALSE(nowhere.place());
    EXPECT_EQ(nowhere.place().failure().kind, Failure::Kind::retryable);

    add(fact(0));
    own->run(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'mirror_writer' "
        "AND datname = current_database()");
    const auto broken = mirror->append(one(1, fact(1)));
    ASSERT_FALSE(broken);
    EXPECT_EQ(broken.failure().kind, Failure::Kind::retryable) << broken.failure().text();
    add(fact(1));
}

TEST_F(LedgerMirrorTest, waits_for_a_lock_only_so_long) {
    pqxx::connection other{own->url()};
    pqxx::work holding{other};
    holding.exec("LOCK TABLE ledger.mirror_position");
    const auto waited = mirror->append(one(0, fact(0)));
    ASSERT_FALSE(waited);
    EXPECT_EQ(waited.failure().kind, Failure::Kind::retryable) << waited.failure().text();
}

TEST_F(LedgerMirrorTest, stops_without_tables_or_permission) {
    const auto empty = LedgerMirror{std::regex_replace(own->url(), std::regex{"/[^/]*$"}, "/template1")}.place();
    ASSERT_FALSE(empty);
    EXPECT_EQ(empty.failure().kind, Failure::Kind::fatal);
    EXPECT_NE(empty.failure().advice.find("migrations"), std::string::npos);
    const auto denied = LedgerMirror{own->url("reviewer")}.place();
    ASSERT_FALSE(denied);
    EXPECT_EQ(denied.failure().kind, Failure::Kind::fatal);
    const auto no_topic = LedgerMirror{own->url("mirror_writer"), "other"}.place();
    ASSERT_FALSE(no_topic);
    EXPECT_EQ(no_topic.failure().kind, Failure::Kind::fatal);
}

struct InDoubt : LedgerMirrorTest {
    void SetUp() override {
        LedgerMirrorTest::SetUp();
        if (!own) return;
        const auto url = own->url("mirror_writer");
        std::smatch found;
        ASSERT_TRUE(std::regex_search(url, found, std::regex{"@([^:/]+):([0-9]+)/"}));
        wire = std::make_unique<CutWire>(static_cast<std::uint16_t>(std::stoi(found[2])));
        const auto through = "@127.0.0.1:" + std::to_string(wire->port()) + "/";
        mirror = std::make_unique<LedgerMirror>(std::regex_replace(url, std::regex{"@[^/]+/"}, through) +
                                                "?sslmode=disable");
        add(fact(0));
    }
    void TearDown() override { mirror.reset(), wire.reset(), LedgerMirrorTest::TearDown(); }
    std::unique_ptr<CutWire> wire;
};

TEST_F(InDoubt, a_commit_whose_answer_was_lost_is_found_to_have_happened) {
    wire->cut_after("COMMIT");
    auto echo = fact(1);
    echo.head.id = fact(0).head.id;
    const auto done = mirror->append(one(1, echo));
    ASSERT_TRUE(done) << done.failure().text();
    EXPECT_EQ(done->size(), 1U);
    EXPECT_EQ(own->run("SELECT count(*) FROM ledger.record"), "2");
}

TEST_F(InDoubt, a_commit_that_did_not_arrive_is_tried_again) {
    wire->cut_before("COMMIT");
    const auto done = mirror->append(one(1, fact(1)));
    ASSERT_FALSE(done);
    EXPECT_EQ(done.failure().kind, Failure::Kind::retryable) << done.failure().text();
    EXPECT_EQ(mirror->place()->next, 1U);
    add(fact(1));
}

TEST(Limits, are_put_into_either_form_of_address_unless_it_has_its_own) {
    const auto url = with_limits("postgresql://mirror_writer@127.0.0.1:5432/sluice");
    EXPECT_TRUE(url.starts_with("postgresql://mirror_writer@127.0.0.1:5432/sluice?connect_timeout=3&"));
    EXPECT_NE(url.find("options=-c%20statement_timeout%3D5000"), url.npos);
    const auto own = with_limits("postgresql://h/d?connect_timeout=9");
    EXPECT_EQ(own.find("connect_timeout=3"), own.npos);
    EXPECT_NE(own.find("&tcp_user_timeout=10000"), own.npos);
    EXPECT_NE(with_limits("host=h dbname=d").find(" options='-c statement_timeout=5000 "), std::string::npos);
}

TEST(Nul, is_replaced_in_json_only_where_it_is_one) {
    EXPECT_EQ(json_without_nul(R"("\u0000")"), "\"\uFFFD\"");
    EXPECT_EQ(json_without_nul(R"("\\u0000")"), R"("\\u0000")");
    EXPECT_EQ(json_without_nul(R"("\\\u0000\n")"), "\"\\\\\uFFFD\\n\"");
    EXPECT_EQ(json_without_nul(R"({"a":"b"})"), R"({"a":"b"})");
    EXPECT_EQ(without_nul(std::string_view("a\0", 2)), "a\uFFFD");
}

}  // namespace
}  // namespace sluice::postgres
