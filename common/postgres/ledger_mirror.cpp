#include "common/postgres/ledger_mirror.hpp"

#include "common/core/sha256.hpp"
#include "common/postgres/nul.hpp"
#include "common/postgres/transaction.hpp"

#include <pqxx/stream_to>

#include <set>

namespace sluice::postgres {
namespace {

using core::Failure;
using core::Position;
using core::Result;
using runtime::Echo;
using runtime::MirrorBatch;
using runtime::MirroredFact;
using runtime::MirrorPlace;

Result<Position> read_next(pqxx::work& work, const std::string& topic) {
    const auto rows = work.exec_params("SELECT next FROM ledger.mirror_position WHERE topic = $1", topic);
    if (rows.size() == 1) return rows[0][0].as<Position>();
    return Failure::fatal("ledger.mirror_position has no row for topic " + topic,
                          "add it with next = 0 as the database's superuser, or correct the topic");
}

/// The row lock makes a second writer wait here; after it, READ COMMITTED looks at the condition again.
Result<void> move_position(pqxx::work& work, const std::string& topic, const MirrorBatch& batch) {
    const auto moved = work.exec_params("UPDATE ledger.mirror_position SET next = $1 WHERE topic = $2 AND next = $3",
                                        batch.next(), topic, batch.from);
    if (moved.affected_rows() == 1) return {};
    return Failure::retryable("the mirror's position is no longer " + std::to_string(batch.from) +
                                  ": another mirror writes too, or an earlier write succeeded unheard",
                              "it goes on from where the position is now; one running mirror is enough");
}

void add_records(pqxx::work& work, const std::vector<core::Record>& records) {
    pqxx::stream_to rows{work, "ledger.record", std::vector<std::string>{"position", "appended_at", "value"}};
    for (const auto& each : records)
        rows << std::make_tuple(each.position, core::rfc3339(each.appended_at), "\\x" + core::hex(each.value));
    rows.complete();
}

std::string quoted(pqxx::work& work, const std::string& text) { return work.quote(without_nul(text)); }
std::string id_or_null(pqxx::work& work, const core::FactId& id) {
    return id.is_none() ? "NULL" : work.quote(core::to_text(id));
}

std::string fact_row(pqxx::work& work, const MirroredFact& fact) {
    const auto& head = fact.head;
    return "(" + work.quote(core::to_text(head.id)) + "," + std::to_string(head.position) + "," +
           quoted(work, fact.type) + "," + std::to_string(fact.schema_version) + "," + quoted(work, head.service) +
           "," + quoted(work, fact.subject) + "," + work.quote(core::rfc3339(head.time)) + "," +
           (fact.has_basis ? std::to_string(head.basis) : "NULL") + "," + id_or_null(work, head.cause) + "," +
           id_or_null(work, head.correlation) + "," + (head.actor.empty() ? "NULL" : quoted(work, head.actor)) + "," +
           work.quote(json_without_nul(fact.data)) + ")";
}

/// The primary key on id makes the first record the fact; the order of the rows decides within a batch.
std::set<Position> add_facts(pqxx::work& work, const std::vector<MirroredFact>& facts) {
    std::string sql =
        "INSERT INTO ledger.fact (id, position, type, schema_version, service, subject, time, basis, cause, "
        "correlation, actor, data) VALUES ";
    for (const auto& each : facts) sql += (&each == &facts.front() ? "" : ",") + fact_row(work, each);
    std::set<Position> added;
    for (const auto& row : work.exec(sql + " ON CONFLICT (id) DO NOTHING RETURNING position"))
        added.insert(row[0].as<Position>());
    return added;
}

Echo compare(pqxx::work& work, const MirroredFact& late) {
    const auto rows = work.exec_params(
        "SELECT position, (type, schema_version, data) IS DISTINCT FROM ($2::text, $3::integer, $4::jsonb) "
        "FROM ledger.fact WHERE id = $1::uuid",
        core::to_text(late.head.id), without_nul(late.type), late.schema_version, json_without_nul(late.data));
    return {late.head.id, late.head.position, rows.at(0)[0].as<Position>(), rows.at(0)[1].as<bool>()};
}

std::vector<Echo> add_facts_and_find_echoes(pqxx::work& work, const std::vector<MirroredFact>& facts) {
    std::vector<Echo> echoes;
    if (facts.empty()) return echoes;
    const auto added = add_facts(work, facts);
    for (const auto& each : facts)
        if (!added.contains(each.head.position)) echoes.push_back(compare(work, each));
    return echoes;
}

}  // namespace

LedgerMirror::LedgerMirror(std::string url, std::string topic)
    : connection_{std::move(url)}, topic_{std::move(topic)} {}

Result<MirrorPlace> LedgerMirror::place() {
    MirrorPlace place;
    const auto done = connection_.transact([&](Transaction& open) -> Result<void> {
        const auto next = read_next(open.work, topic_);
        if (!next) return next.failure();
        place.next = *next;
        const auto rows =
            open.work.exec_params("SELECT position, value FROM ledger.record WHERE position = $1::bigint - 1", *next);
        if (rows.size() == 1)
            place.last = core::Record{rows[0][0].as<Position>(), 0, pqxx::binarystring{rows[0][1]}.str()};
        if (place.next == 0 || place.last) return {};
        return Failure::fatal("ledger.record lacks position " + std::to_string(place.next - 1) +
                                  ", although the mirror's position is after it",
                              "restore the database from a backup, or start a new one and mirror from the beginning");
    });
    if (!done) return done.failure();
    return place;
}

Result<std::vector<Echo>> LedgerMirror::append(const MirrorBatch& batch) {
    std::vector<Echo> echoes;
    const auto done = connection_.transact([&](Transaction& open) -> Result<void> {
        if (auto moved = move_position(open.work, topic_, batch); !moved) return moved;
        add_records(open.work, batch.records);
        echoes = add_facts_and_find_echoes(open.work, batch.facts);
        return {};
    });
    if (!done) return done.failure();
    if (*done == Commit::done) return echoes;
    const auto now = place();
    if (!now) return now.failure();
    if (now->next >= batch.next()) return echoes;
    return Failure::retryable("the connection to Postgres broke during a commit, which did not happen",
                              "it is tried again; nothing is lost");
}

}  // namespace sluice::postgres
