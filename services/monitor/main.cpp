#include "common/app/service.hpp"
#include "common/kafka/stream.hpp"
#include "events/codec.hpp"
#include "services/monitor/watch.hpp"

using namespace sluice;

int main(int argc, char** argv) {
    app::Options options("sluice-monitor", "Watches that the features which a policy requires reach the models.");
    app::CommonSettings settings;
    app::declare(options, settings, "monitor");
    if (const auto code = options.parse(argc, argv)) return *code;

    app::Process process("monitor", settings);
    const auto ledger = app::open_ledger(process);
    runtime::NoEffects<monitor::Decider> effects;
    app::Service<monitor::Decider> service(process, *ledger, effects, events::codec<monitor::Decider>());
    kafka::Subscriber telemetry(
        process.executor(),
        {.brokers = settings.kafka_brokers, .topic = "sluice.telemetry", .client_id = "monitor-" + settings.instance});
    monitor::Watch watch({process.executor(), telemetry, service.state(), process.metrics(), process.log()});
    service.on_folded([&] { watch.follow(); });
    process.ready_when([&] { return watch.unready(); });
    return process.run();
}
