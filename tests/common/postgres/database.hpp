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
    ~Database();
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    /// For a role of this cluster; the superuser's without one.
    std::string url(const std::string& role = {}) const;

    /// Runs one statement in a transaction of its own; answers the first column of the first row.
    std::string run(const std::string& sql, const std::string& role = {}) const;
    /// The SQLSTATE with which it was refused, or `done`. Several statements are separated by semicolons.
    std::string refusal(const std::string& sql, const std::string& role = {}) const;

private:
    std::string name_;
};

/// Skips where SLUICE_TEST_WITHOUT_POSTGRES=1, and fails where no server was named.
struct PostgresTest : ::testing::Test {
    void SetUp() override;
    std::unique_ptr<Database> database;
};

}  // namespace sluice::postgres
