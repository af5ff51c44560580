#include "common/app/service.hpp"
#include "common/artifacts/folder.hpp"
#include "common/kafka/stream.hpp"
#include "events/codec.hpp"
#include "services/serving/node.hpp"
#include "services/serving/settings.hpp"

using namespace sluice;

namespace {

constexpr std::chrono::seconds patience{2};  // for the last telemetry to arrive
constexpr app::ScorerLimits warm_up_limits{std::chrono::seconds{60}, std::chrono::seconds{60}, 4ULL << 30, 1};

}  // namespace

int main(int argc, char** argv) {
    app::Options options("sluice-serving", "Answers applications: features, scores, and which version gives them.");
    serving::Settings settings;
    serving::declare(options, settings);
    if (const auto code = options.parse(argc, argv)) return *code;
    if (!events::NodeTag::fits(settings.node))
        return app::refuse_to_start("sluice-serving", core::Failure::fatal("SLUICE_SERVING_NODE is malformed",
                                                                           "give up to 128 characters without blanks"));
    const auto tokens = app::read_tokens(settings.tokens_file);
    if (!tokens) return app::refuse_to_start("sluice-serving", tokens.failure());
    const auto artifacts = artifacts::Folder::open(settings.artifacts_dir);
    if (!artifacts) return app::refuse_to_start("sluice-serving", artifacts.failure());

    app::Process process("serving", settings.common);
    const auto ledger = app::open_ledger(process);
    runtime::NoEffects<serving::Decider> effects;
    app::Service<serving::Decider> service(process, *ledger, effects, events::codec<serving::Decider>());
    const auto& brokers = settings.common.kafka_brokers;
    kafka::Publisher telemetry(process.executor(), {.brokers = brokers, .client_id = settings.node});
    kafka::Subscriber features(process.executor(),
                               {.brokers = brokers, .topic = "sluice.features", .client_id = settings.node});
    app::Scorer scorer(process.executor(), settings.scorer_path, warm_up_limits);
    const auto warm_up = [&](const auto& request, auto done) { scorer.warm(request, std::move(done)); };

    serving::Node node({process.executor(), process.log(), process.metrics(), **artifacts, warm_up, serving::open_onnx,
                        telemetry, features, service.state(), settings.node, settings.feature_entities_max});
    service.on_step([&] {
        if (!service.unready()) node.follow();
    });
    process.ready_when([&] { return node.unready(); });
    node.open(process.server(), *tokens);
    process.serve(settings.port);
    const int code = process.run();
    node.leave(patience);
    return code;
}
