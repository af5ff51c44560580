#include "common/app/service.hpp"
#include "common/kafka/stream.hpp"
#include "events/codec.hpp"
#include "services/deployer/effects.hpp"

using namespace sluice;

int main(int argc, char** argv) {
    app::Options options("sluice-deployer", "Moves traffic to approved versions, step by step, on evidence.");
    app::CommonSettings settings;
    app::declare(options, settings, "deployer");
    if (const auto code = options.parse(argc, argv)) return *code;

    app::Process process("deployer", settings);
    const auto ledger = app::open_ledger(process);
    kafka::Subscriber telemetry(process.executor(),
                                {settings.kafka_brokers, "sluice.telemetry", {}, "deployer-" + settings.instance});
    deployer::Watching watching(process.executor(), telemetry, process.metrics(), settings.cell);
    app::Service<deployer::Decider> service(process, *ledger, watching, events::codec<deployer::Decider>());
    process.ready_when([&] { return watching.unready(); });
    service.on_step([&] {
        if (service.unready()) return;
        for (auto& each : watching.observed(service.state().nodes))
            service.loop().say({each.id, each.cause, each.cause, {}, {}, std::move(each.fact)}, service.now(), {});
    });
    return process.run();
}
