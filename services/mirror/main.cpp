#include "common/app/service.hpp"
#include "common/postgres/ledger_mirror.hpp"
#include "services/mirror/mirror.hpp"

using namespace sluice;

int main(int argc, char** argv) {
    app::Options options("sluice-mirror", "Copies the ledger to Postgres, where reviewers ask it questions in SQL.");
    app::CommonSettings settings;
    app::declare(options, settings, "mirror");
    std::string database_url;
    options.required(database_url, "database-url", "the database with the tables of migrations/, as mirror_writer");
    if (const auto code = options.parse(argc, argv)) return *code;

    app::Process process("mirror", settings);
    const auto ledger = app::open_ledger(process);
    postgres::LedgerMirror store(database_url);
    mirror::Mirror mirror({process.executor(), process.log(), process.metrics(), *ledger, store});
    process.ready_when([&] { return mirror.not_ready(); });
    return process.run();
}
