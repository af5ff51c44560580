#include "common/app/service.hpp"
#include "events/codec.hpp"
#include "services/registry/api/door.hpp"
#include "services/registry/settings.hpp"

using namespace sluice;

int main(int argc, char** argv) {
    app::Options options("sluice-registry",
                         "Numbers model versions, keeps aliases, archives, and answers what there is.");
    registry::Settings settings;
    registry::declare(options, settings);
    if (const auto code = options.parse(argc, argv)) return *code;

    const auto tokens = app::read_tokens(settings.tokens_file);
    if (!tokens) return app::refuse_to_start("sluice-registry", tokens.failure());
    app::Process process("registry", settings.common);
    const auto ledger = app::open_ledger(process);
    runtime::NoEffects<registry::Decider> effects;
    app::Service<registry::Decider> service(process, *ledger, effects, events::codec<registry::Decider>());

    registry::Door door({app::desk_of(service), process.executor(), *tokens, settings.common.cell});
    service.on_folded([&] { door.look(); });
    door.open(process.server());
    process.serve(settings.port);
    return process.run();
}
