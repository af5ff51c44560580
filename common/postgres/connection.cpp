#include "common/postgres/connection.hpp"

#include "common/postgres/transaction.hpp"

#include <algorithm>
#include <array>

namespace sluice::postgres {
namespace {

using core::Failure;

struct Limit {
    std::string_view key, value, url_value;
};
constexpr std::string_view session_limits =
    "-c statement_timeout=5000 -c lock_timeout=2000 -c idle_in_transaction_session_timeout=10000";
constexpr std::string_view session_limits_in_url =
    "-c%20statement_timeout%3D5000%20-c%20lock_timeout%3D2000%20-c%20idle_in_transaction_session_timeout%3D10000";
constexpr std::array limits{
    Limit{"connect_timeout", "3", "3"},
    Limit{"tcp_user_timeout", "10000", "10000"},
    Limit{"keepalives_idle", "5", "5"},
    Limit{"options", session_limits, session_limits_in_url},
};

std::string one_line(std::string text) {
    while (!text.empty() && text.back() == '\n') text.pop_back();
    std::replace(text.begin(), text.end(), '\n', ' ');
    return text;
}

Failure away(const std::exception& error) {
    return Failure::retryable("Postgres is away: " + one_line(error.what()),
                              "start it, or correct the database's address; nothing is lost meanwhile");
}

bool is_any_of(std::string_view state, std::initializer_list<std::string_view> beginnings) {
    return std::any_of(beginnings.begin(), beginnings.end(), [&](auto each) { return state.starts_with(each); });
}

/// By SQLSTATE: Postgres 15 documentation, appendix A.
Failure from_sql(const pqxx::sql_error& error) {
    const auto& state = error.sqlstate();
    const auto what = "Postgres says " + state + ": " + one_line(error.what());
    if (is_any_of(state, {"08", "53", "55P03", "57"}))
        return Failure::retryable(what, "it is tried again; look at the server's load and its log if this stays");
    if (is_any_of(state, {"22", "54"})) return Failure::poison(what, "the value is kept as bytes where it came from");
    if (is_any_of(state, {"3F000", "42P01", "42703", "42883"}))
        return Failure::fatal(what, "apply the migrations (./dev up does), then start again");
    return Failure::fatal(what, "compare the database with the ledger before going on");
}

}  // namespace

std::string with_limits(std::string url) {
    const bool is_url = url.find("://") != url.npos;
    for (const auto& limit : limits) {
        if (url.find(std::string(limit.key) + "=") != url.npos) continue;
        if (is_url)
            url +=
                (url.find('?') == url.npos ? "?" : "&") + std::string(limit.key) + "=" + std::string(limit.url_value);
        else
            url += " " + std::string(limit.key) + "='" + std::string(limit.value) + "'";
    }
    return url;
}

struct Connection::Session {
    explicit Session(const std::string& url) : connection{url} {}
    pqxx::connection connection;
};

Connection::Connection(std::string url) : url_{with_limits(std::move(url))} {}
Connection::~Connection() = default;

core::Result<Commit> Connection::transact(const std::function<core::Result<void>(Transaction&)>& work) {
    auto session = std::move(session_);  // comes back only from a transaction that went well
    try {
        if (!session) session = std::make_unique<Session>(url_);
        {
            pqxx::work transaction{session->connection};
            Transaction open{transaction};
            if (auto done = work(open); !done) return done.failure();
            transaction.commit();
        }
        session_ = std::move(session);
        return Commit::done;
    } catch (const pqxx::in_doubt_error&) {
        return Commit::in_doubt;
    } catch (const pqxx::broken_connection& error) {
        return away(error);
    } catch (const pqxx::transaction_rollback& error) {
        return Failure::retryable("Postgres gave the transaction up: " + one_line(error.what()), "it is tried again");
    } catch (const pqxx::insufficient_privilege& error) {  // libpqxx 6 gives it no SQLSTATE
        return Failure::fatal("Postgres does not permit it: " + one_line(error.what()),
                              "connect with the role that the migrations made for this service");
    } catch (const pqxx::sql_error& error) {
        return from_sql(error);
    } catch (const std::exception& error) {
        return Failure::fatal(std::string("the Postgres adapter failed: ") + one_line(error.what()),
                              "this is a fault of the program: report it with this text");
    }
}

}  // namespace sluice::postgres
