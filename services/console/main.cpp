#include "common/app/service.hpp"
#include "events/codec.hpp"
#include "services/console/api/door.hpp"
#include "services/console/settings.hpp"

using namespace sluice;

int main(int argc, char** argv) {
    app::Options options("sluice-console", "Shows people what the ledger says, and takes what they ask for.");
    console::Settings settings;
    console::declare(options, settings);
    if (const auto code = options.parse(argc, argv)) return *code;

    const auto tokens = app::read_tokens(settings.tokens_file);
    if (!tokens) return app::refuse_to_start("sluice-console", tokens.failure());
    app::Process process("console", settings.common);
    const auto ledger = app::open_ledger(process);
    runtime::NoEffects<console::Decider> effects;
    app::Service<console::Decider> service(process, *ledger, effects, events::codec<console::Decider>());

    console::Door door({app::desk_of(service), process.executor(), *tokens, settings.common.cell});
    service.on_folded([&] { door.look(); });
    door.open(process.server());
    process.serve(settings.port);
    return process.run();
}
