#include "common/app/service.hpp"
#include "events/codec.hpp"
#include "services/approver/effects.hpp"

using namespace sluice;

int main(int argc, char** argv) {
    app::Options options("sluice-approver", "Publishes policies and decides who may let a version go live.");
    app::CommonSettings settings;
    app::declare(options, settings, "approver");
    if (const auto code = options.parse(argc, argv)) return *code;

    app::Process process("approver", settings);
    const auto ledger = app::open_ledger(process);
    approver::AlarmClock clock(process.executor());
    app::Service<approver::Decider> service(process, *ledger, clock, events::codec<approver::Decider>());
    return process.run();
}
