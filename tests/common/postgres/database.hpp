#pragma once
#include "common/runtime/mirror_store.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <pqxx/pqxx>
#include <string>

namespace sluice::postgres {

/// A database of its own with all migrations applied; dropped at the end. Needs SLUICE_TEST_DATABASE_URL: the URL of a
/// superuser (postgresql://user@host:port/database) on a cluster that is there for tests.
class Database {
public:
    Database();
    /// A copy of another, to which nobody may be connected: quicker, but without what belongs to no table (who may
    /// connect, the settings of roles).
    static std::unique_ptr<Database> copy_of(const Database& original);
    ~Database();
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    /// For a role of this cluster; the superuser's without one.
    std::string url(const std::string& role = {}) const;

    /// Runs statements in one transaction; answers the first column of the last one's first row.
    std::string run(const std::string& sql, const std::string& role = {}) const;
    /// The SQLSTATE with which it was refused, or `done`.
    std::string refusal(const std::string& sql, const std::string& role = {}) const;
    /// Applies the migrations that are not applied yet; the exit code.
    int migrate() const;

private:
    explicit Database(std::string name);

    std::string name_;
};

/// One database for a suite of tests. Skips where SLUICE_TEST_WITHOUT_POSTGRES=1, and fails where no server was named.
struct PostgresTest : ::testing::Test {
    static void SetUpTestSuite();
    static void TearDownTestSuite() { database.reset(); }
    void SetUp() override;
    static inline std::unique_ptr<Database> database;
};

}  // namespace sluice::postgres
