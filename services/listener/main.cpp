#include "common/app/service.hpp"
#include "common/artifacts/folder.hpp"
#include "events/codec.hpp"
#include "services/listener/api/door.hpp"
#include "services/listener/settings.hpp"

using namespace sluice;

int main(int argc, char** argv) {
    app::Options options("sluice-listener", "Takes what training jobs say, and their files, and puts it on the ledger.");
    listener::Settings settings;
    listener::declare(options, settings);
    if (const auto code = options.parse(argc, argv)) return *code;

    const auto tokens = app::read_tokens(settings.tokens_file);
    if (!tokens) return app::refuse_to_start("sluice-listener", tokens.failure());
    const auto artifacts = artifacts::Folder::open(settings.artifacts_dir);
    if (!artifacts) return app::refuse_to_start("sluice-listener", artifacts.failure());

    app::Process process("listener", settings.common);
    const auto ledger = app::open_ledger(process);
    runtime::NoEffects<listener::Decider> effects;
    app::Service<listener::Decider> service(process, *ledger, effects, events::codec<listener::Decider>());

    listener::Door door({
        .desk = {.state = [&]() -> const auto& { return service.state(); },
                 .unready = [&] { return service.unready(); },
                 .say = [&](auto saying, auto settled) { return service.say(std::move(saying), std::move(settled)); }},
        .executor = process.executor(),
        .artifacts = **artifacts,
        .tokens = *tokens,
        .metrics = process.metrics(),
        .quarantine = {},
        .cell = settings.common.cell,
        .upload_bytes_max = settings.upload_bytes_max,
    });
    door.open(process.server());
    process.serve(settings.port);
    return process.run();
}
