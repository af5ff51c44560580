#include "tests/common/postgres/database.hpp"

#include <unistd.h>

#include <cstdlib>

namespace sluice::postgres {
namespace {

std::string environment(const char* name) {
    const char* value = std::getenv(name);
    return value ? value : "";
}

/// postgresql://[user@]host[:port][/database][?…], with another user and database.
std::string url_of(const std::string& role, const std::string& database) {
    const auto base = environment("SLUICE_TEST_DATABASE_URL");
    const auto host = base.find("://") + 3;
    const auto path = std::min(base.find_first_of("/?", host), base.size());
    auto authority = base.substr(host, path - host);
    if (!role.empty()) authority = role + "@" + authority.substr(authority.find('@') + 1);
    const auto options = base.find('?');
    return "postgresql://" + authority + "/" + database + (options == base.npos ? "" : base.substr(options));
}

void as_superuser(const std::string& sql) {
    pqxx::connection connection{environment("SLUICE_TEST_DATABASE_URL")};
    pqxx::nontransaction{connection}.exec(sql);
}

std::string new_name() {
    static int count = 0;
    return "sluice_test_" + std::to_string(getpid()) + "_" + std::to_string(++count);
}

bool goes_without() { return environment("SLUICE_TEST_WITHOUT_POSTGRES") == "1"; }

}  // namespace

Database::Database() : name_{new_name()} {
    as_superuser("CREATE DATABASE " + name_);
    if (migrate() != 0) throw std::runtime_error("dev.d/migrate.sh failed: see what it printed above");
}

Database::Database(std::string name) : name_{std::move(name)} {}

std::unique_ptr<Database> Database::copy_of(const Database& original) {
    const auto name = new_name();
    as_superuser("CREATE DATABASE " + name + " TEMPLATE " + original.name_);
    return std::unique_ptr<Database>{new Database{name}};
}

int Database::migrate() const {
    const std::string root = SLUICE_SOURCE_DIR;
    return std::system((root + "/dev.d/migrate.sh '" + url() + "' " + root + "/migrations >/dev/null").c_str());
}

Database::~Database() {
    try {
        as_superuser("DROP DATABASE " + name_ + " WITH (FORCE)");
    } catch (const std::exception& error) {
        ADD_FAILURE() << "database " << name_ << " is left behind: " << error.what();
    }
}

std::string Database::url(const std::string& role) const { return url_of(role, name_); }

std::string Database::run(const std::string& sql, const std::string& role) const {
    pqxx::connection connection{url(role)};
    pqxx::work work{connection};
    const auto rows = work.exec(sql);
    work.commit();
    return rows.empty() || rows.columns() == 0 || rows[0][0].is_null() ? "" : rows[0][0].c_str();
}

std::string Database::refusal(const std::string& sql, const std::string& role) const try {
    run(sql, role);
    return "done";
} catch (const pqxx::insufficient_privilege&) {
    return "42501";  // libpqxx 6 gives it no SQLSTATE
} catch (const pqxx::sql_error& error) {
    return error.sqlstate();
} catch (const pqxx::broken_connection& error) {
    return std::string("no connection: ") + error.what();
}

void PostgresTest::SetUpTestSuite() {
    if (!goes_without() && !environment("SLUICE_TEST_DATABASE_URL").empty()) database = std::make_unique<Database>();
}

void PostgresTest::SetUp() {
    if (goes_without()) GTEST_SKIP() << "SLUICE_TEST_WITHOUT_POSTGRES=1";
    if (!database)
        FAIL() << "SLUICE_TEST_DATABASE_URL is not set: name a superuser of a Postgres cluster that is there for tests "
                  "(./dev test does), or set SLUICE_TEST_WITHOUT_POSTGRES=1 to go without";
}

}  // namespace sluice::postgres
