#include "common/app/service.hpp"
#include "common/artifacts/folder.hpp"
#include "common/kafka/stream.hpp"
#include "events/codec.hpp"
#include "services/listener/api/door.hpp"
#include "services/listener/settings.hpp"

using namespace sluice;

// Copies that wait for Kafka are held in memory, up to 120 kB each.
constexpr std::size_t quarantine_waiting_max = 256;

int main(int argc, char** argv) {
    app::Options options("sluice-listener",
                         "Takes what training jobs say, and their files, and puts it on the ledger.");
    listener::Settings settings;
    listener::declare(options, settings);
    if (const auto code = options.parse(argc, argv)) return *code;

    const auto tokens = app::read_tokens(settings.tokens_file);
    if (!tokens) return app::refuse_to_start("sluice-listener", tokens.failure());
    const auto artifacts = artifacts::Folder::open(settings.artifacts_dir);
    if (!artifacts) return app::refuse_to_start("sluice-listener", artifacts.failure());

    app::Process process("listener", settings.common);
    const auto ledger = app::open_ledger(process);
    kafka::Publisher publisher(process.executor(), {.brokers = settings.common.kafka_brokers,
                                                    .client_id = "listener-" + settings.common.instance,
                                                    .waiting_max = quarantine_waiting_max});
    runtime::NoEffects<listener::Decider> effects;
    app::Service<listener::Decider> service(process, *ledger, effects, events::codec<listener::Decider>());

    listener::Door door({app::desk_of(service), process.executor(), **artifacts, *tokens, process.metrics(), publisher,
                         settings.common.cell, settings.upload_bytes_max});
    service.on_folded([&] { door.look(); });
    door.open(process.server());
    process.serve(settings.port);
    return process.run();
}
