#include "tests/common/postgres/database.hpp"

namespace sluice::postgres {
namespace {

constexpr auto not_permitted = "42501";

struct AppendOnly : PostgresTest {
    static void SetUpTestSuite() {
        PostgresTest::SetUpTestSuite();
        if (!database) return;
        database->run(R"(INSERT INTO ledger.record VALUES (0, now(), '{}');
            INSERT INTO ledger.fact (id, position, type, schema_version, service, subject, time, data)
            VALUES ('00000000-0000-8000-8000-000000000001', 0, 'TrainingStarted', 1, 'listener', 'models/a', now(), '{}');
            UPDATE ledger.mirror_position SET next = 1)",
                      "mirror_writer");
    }
    void expect_refused(const std::string& before, const std::string& role) {
        for (const auto& table : std::vector<std::string>{"record", "fact"})
            for (const auto& change :
                 std::vector<std::string>{"DELETE FROM ledger." + table, "TRUNCATE ledger." + table,
                                          "UPDATE ledger." + table + " SET position = position + 1"})
                EXPECT_EQ(database->refusal(before + change, role), not_permitted) << change;
        for (const auto& change :
             std::vector<std::string>{"DELETE FROM ledger.mirror_position", "TRUNCATE ledger.mirror_position",
                                      "UPDATE ledger.mirror_position SET next = 0",
                                      "UPDATE ledger.mirror_position SET topic = 'other', next = 9"})
            EXPECT_EQ(database->refusal(before + change, role), not_permitted) << change;
    }
};

TEST_F(AppendOnly, holds_for_the_writer) {
    expect_refused("", "mirror_writer");
    EXPECT_EQ(database->refusal("INSERT INTO ledger.record VALUES (0, now(), 'x') "
                                "ON CONFLICT (position) DO UPDATE SET value = 'x'",
                                "mirror_writer"),
              not_permitted);
    EXPECT_EQ(database->refusal("SET session_replication_role = replica", "mirror_writer"), not_permitted);
    EXPECT_EQ(database->refusal("INSERT INTO ledger.mirror_position VALUES ('other', 0)", "mirror_writer"),
              not_permitted);
    EXPECT_EQ(database->refusal("CREATE TABLE ledger.other ()", "mirror_writer"), not_permitted);
    EXPECT_EQ(database->refusal("CREATE TEMP TABLE other ()", "mirror_writer"), not_permitted);
}

TEST_F(AppendOnly, holds_for_the_owner) {
    expect_refused("SET ROLE ledger_owner; ", "");
    for (const auto& change :
         std::vector<std::string>{"ALTER TABLE ledger.record DISABLE TRIGGER record_no_change",
                                  "DROP TRIGGER record_no_change ON ledger.record", "DROP TABLE ledger.fact",
                                  "DROP FUNCTION ledger.no_rewrite CASCADE", "DROP SCHEMA ledger CASCADE",
                                  "CREATE RULE nothing AS ON INSERT TO ledger.record DO INSTEAD NOTHING",
                                  "GRANT ALL ON ledger.record TO reviewer",
                                  "CREATE OR REPLACE FUNCTION ledger.no_rewrite() RETURNS trigger LANGUAGE plpgsql "
                                  "AS 'BEGIN RETURN NULL; END'"})
        EXPECT_EQ(database->refusal("SET ROLE ledger_owner; " + change), not_permitted) << change;
    EXPECT_NE(database->refusal("SELECT 1", "ledger_owner"), "done") << "the owner may log in";
}

TEST_F(AppendOnly, holds_for_a_superuser_even_as_a_replica) {
    expect_refused("", "");
    expect_refused("SET LOCAL session_replication_role = replica; ", "");
}

TEST_F(AppendOnly, lets_the_position_only_move_on) {
    EXPECT_EQ(database->refusal("UPDATE ledger.mirror_position SET next = 5", "mirror_writer"), "done");
    EXPECT_EQ(database->refusal("UPDATE ledger.mirror_position SET next = 5", "mirror_writer"), not_permitted);
    EXPECT_EQ(database->refusal("UPDATE ledger.mirror_position SET next = 4"), not_permitted);
}

TEST_F(AppendOnly, lets_the_reviewer_select_from_every_view_and_from_nothing_else) {
    pqxx::connection connection{database->url()};
    pqxx::work work{connection};
    const auto views = work.exec("SELECT viewname FROM pg_views WHERE schemaname = 'reviewer' ORDER BY 1");
    EXPECT_GE(views.size(), 7U);
    for (const auto& view : views)
        EXPECT_EQ(database->refusal("SELECT * FROM reviewer." + view[0].as<std::string>(), "reviewer"), "done");
    EXPECT_EQ(database->refusal("SELECT * FROM reviewer.served_at(now())", "reviewer"), "done");
    for (const auto& table : std::vector<std::string>{"record", "fact", "mirror_position"})
        EXPECT_EQ(database->refusal("SELECT * FROM ledger." + table, "reviewer"), not_permitted);
}

TEST_F(AppendOnly, lets_the_reviewer_write_nowhere) {
    EXPECT_EQ(database->run("SHOW default_transaction_read_only", "reviewer"), "on");
    EXPECT_EQ(database->run("SHOW statement_timeout", "reviewer"), "30s");
    EXPECT_EQ(database->refusal("CREATE TEMP TABLE mine ()", "reviewer"), "25006");
    const std::string writable = "SET TRANSACTION READ WRITE; ";
    for (const auto& act : std::vector<std::string>{
             "CREATE TEMP TABLE mine ()", "CREATE TABLE mine ()", "CREATE TABLE public.mine ()", "CREATE SCHEMA mine",
             "CREATE TABLE reviewer.mine ()", "CREATE FUNCTION reviewer.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
             "CREATE VIEW public.mine AS SELECT 1", "SELECT lo_create(0)", "SELECT lo_from_bytea(0, 'x')",
             "DO $$ BEGIN END $$", "INSERT INTO reviewer.history DEFAULT VALUES", "DELETE FROM reviewer.approvals",
             "INSERT INTO ledger.record VALUES (9, now(), 'x')", "UPDATE ledger.mirror_position SET next = 99",
             "DELETE FROM public.migration", "SET ROLE ledger_owner", "SET ROLE mirror_writer",
             "COPY (SELECT 1) TO '/tmp/mine'", "COPY (SELECT 1) TO PROGRAM 'cat'"}) {
        const auto state = database->refusal(writable + act, "reviewer");
        EXPECT_TRUE(state == not_permitted || state == "55000") << act << " gave " << state;
    }
}

TEST_F(AppendOnly, lets_strangers_in_nowhere) {
    EXPECT_EQ(database->run("SELECT has_database_privilege('public', current_database(), 'CONNECT')"), "f");
    EXPECT_EQ(database->run("SELECT has_schema_privilege('public', 'public', 'USAGE')"), "f");
    EXPECT_EQ(database->run("SELECT has_database_privilege('reviewer', current_database(), 'TEMP')"), "f");
    EXPECT_EQ(database->run("SELECT has_database_privilege('mirror_writer', current_database(), 'TEMP')"), "f");
}

TEST_F(AppendOnly, migrations_applied_again_change_nothing) {
    const auto before = database->run("SELECT count(*) FROM public.migration");
    EXPECT_EQ(database->migrate(), 0);
    EXPECT_EQ(database->run("SELECT count(*) FROM public.migration"), before);
    EXPECT_GE(std::stoi(before), 29);
}

}  // namespace
}  // namespace sluice::postgres
