#include "common/app/service.hpp"
#include "common/artifacts/folder.hpp"
#include "events/codec.hpp"
#include "services/evaluator/effects.hpp"

using namespace sluice;

int main(int argc, char** argv) {
    app::Options options("sluice-evaluator",
                         "Scores versions on the policy's data set and says whether they pass its gates.");
    app::CommonSettings settings;
    app::declare(options, settings, "evaluator");
    std::string folder, scorer_path = app::scorer_beside_this_program();
    std::uint64_t memory_mib = 4096, seconds = 600;
    options.required(folder, "artifacts-dir", "folder of the artifact store");
    options.text(scorer_path, "scorer-path", "path of sluice-scorer");
    options.number(memory_mib, "evaluator-memory-mib", "address space of one scoring child", 256, 1 << 20);
    options.number(seconds, "evaluator-time-s", "how long one evaluation may take", 1, 86'400);
    if (const auto code = options.parse(argc, argv)) return *code;

    const auto artifacts = artifacts::Folder::open(folder);
    if (!artifacts) return app::refuse_to_start("sluice-evaluator", artifacts.failure());
    app::Process process("evaluator", settings);
    const auto ledger = app::open_ledger(process);
    app::ScorerLimits limits;
    limits.memory_bytes = memory_mib << 20;
    limits.wall = std::chrono::seconds{seconds};
    limits.cpu = std::chrono::seconds{seconds};
    app::Scorer scorer(process.executor(), scorer_path, limits);
    evaluator::Scoring scoring(process.executor(), **artifacts, scorer, process.log());
    process.ready_when([&] { return scoring.trouble(); });
    app::Service<evaluator::Decider> service(process, *ledger, scoring, events::codec<evaluator::Decider>());
    return process.run();
}
