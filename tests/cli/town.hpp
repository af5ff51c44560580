#pragma once
#include "services/approver/decider.hpp"
#include "services/console/api/door.hpp"
#include "services/deployer/decider.hpp"
#include "services/evaluator/decider.hpp"
#include "services/registry/api/door.hpp"
#include "tests/cli/shell.hpp"
#include "tests/support/facts.hpp"
#include "tests/support/ledger_town.hpp"

namespace sluice::cli {

/// The real console and the real registry, with those who decide, on one ledger; and somebody at a shell. The test says
/// what jobs and serving nodes do.
class DoorsTest : public tests::Street {
protected:
    void SetUp() override {
        open();
        there([this] {
            registry = std::make_unique<tests::House<registry::Decider, registry::Door>>(town);
            console = std::make_unique<tests::House<console::Decider, console::Door>>(town);
            evaluator = std::make_unique<tests::Room<evaluator::Decider>>(town);
            approver = std::make_unique<tests::Room<approver::Decider>>(town);
            deployer = std::make_unique<tests::Room<deployer::Decider>>(town);
        });
        const auto at = [](std::uint16_t port) { return "http://127.0.0.1:" + std::to_string(port); };
        shell.environment = {{"SLUICE_CONSOLE_URL", at(console->port)}, {"SLUICE_REGISTRY_URL", at(registry->port)},
                             {"SLUICE_TOKEN_AUDITOR", "auditor-1"},     {"SLUICE_TOKEN_OPERATOR", "operator-1"},
                             {"SLUICE_TOKEN_REVIEWER_1", "reviewer-1"}, {"SLUICE_TOKEN_REVIEWER_2", "reviewer-2"}};
    }
    void TearDown() override {
        there([this] { deployer.reset(), approver.reset(), evaluator.reset(), console.reset(), registry.reset(); });
        close();
    }

    /// Waits until the ledger has so many facts of this type, and the console has folded them.
    void until_fact(const std::string& type, std::ptrdiff_t count = 1) {
        until([&] {
            const auto quoted = "\"type\":\"io.sluice." + type + ".v1\"";
            return std::ranges::count_if(town.log.records(),
                                         [&](const auto& record) { return has(record.value, quoted); }) >= count;
        });
        for (int turn = 0; turn < 3; ++turn) there([this] { console->step(), registry->step(), deployer->step(); });
    }

    void apply_policy() {
        write_file(shell.folder.path / "policy.yaml", policy);
        ASSERT_EQ(shell.types("policy apply policy.yaml"), Exit::ok) << shell.err;
    }

    void complete(events::Version version, events::Person by = {"trainer-1"}) {
        events::TrainingCompleted done;
        const auto name = std::to_string(version);
        done.model = {"fraud"};
        done.run = {{"run-" + name}, {1'790'000'000'000}, {1'790'000'060'000}};
        done.artifact = {tests::artifact_of(version), 7};
        done.code = {"https://example.org/fraud", {"0123abc"}, true};
        done.data = {"cards", "2026-01-31", tests::digest_of("data")};
        done.environment.digest = tests::digest_of("environment");
        done.probe.digest = tests::digest_of("probe");
        done.seeds = {7, 8};
        done.features = {{{"user"}, 1}};
        done.signature.inputs = {{{"amount"}, "double"}, {{"hour"}, "double"}};
        done.signature.outputs = {{{"score"}, "double"}};
        done.metrics = {{"auc", 0.93, {}}, {"auc", 0.91, "abroad"}};
        done.parameters = {{"depth", "3"}};
        done.owner = "team fraud", done.job = "nightly";
        done.sweep = events::Sweep{"sweep-1", 20, 3};
        there([&] { town.put({7, version}, done, by.text); });
        until_fact("ModelVersionRegistered", version);
    }

    void measure(events::Version version, double auc) {
        until([this] { return !evaluator->state().running.empty(); });
        there([&] {
            events::EvaluationMeasured measured;
            measured.model = {"fraud"}, measured.version = version, measured.artifact = tests::artifact_of(version);
            measured.policy_version = 1, measured.dataset = tests::digest_of("rows");
            measured.rows = 1000, measured.positives = 100;
            measured.scores = {auc, 0.25, 0.95};
            measured.probe = {100, 0, 1e-7}, measured.runtime = "onnxruntime 1.22";
            if (version > 1)
                measured.champion =
                    events::ChampionScores{version - 1, tests::artifact_of(version - 1), {0.90, 0.30, 0.94}};
            evaluator->pay<events::RunEvaluation>(measured);
        });
    }

    void wait_for_review(events::Version version, double auc = 0.93) {
        complete(version);
        measure(version, auc);
        until_fact("ApprovalRequested", version);
    }

    void nodes_apply(events::Revision revision) {
        there([&] {
            deployer->pay<events::WatchRoute>(
                events::RouteApplied{{"fraud"}, revision, {events::Node{"serving-1"}, events::Node{"serving-2"}}});
        });
    }

    void promote_first() {
        apply_policy();
        wait_for_review(1);
        ASSERT_EQ(shell.types({"review", "approve", "fraud/1", "--comment", "first"}), Exit::ok) << shell.err;
        until_fact("RouteChanged");
        nodes_apply(1);
        until_fact("RolloutPromoted");
    }
    void begin_canary() {
        promote_first();
        wait_for_review(2);
        ASSERT_EQ(shell.types({"review", "approve", "fraud/2", "--comment", "better"}), Exit::ok) << shell.err;
        until_fact("RouteChanged", 2);
    }

    static constexpr auto policy =
        "model: fraud\n"
        "evaluation:\n"
        "  dataset: {digest: \"sha256:dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd\", label: y}\n"
        "  threshold: 0.5\n"
        "  gates:\n"
        "    - {name: good enough, metric: auc, at_least: 0.8}\n"
        "    - {name: not worse, metric: auc, against: champion, max_drop: 0.05}\n"
        "approval: {mode: manual, role: reviewer, expires_after_s: 600}\n"
        "endpoint: fraud\n"
        "rollout:\n"
        "  strategy: canary\n"
        "  steps: [{weight_percent: 10, bake_s: 5, entities_min: 300}, {weight_percent: 50, bake_s: 5, entities_min: "
        "300}]\n";

    std::unique_ptr<tests::House<registry::Decider, registry::Door>> registry;
    std::unique_ptr<tests::House<console::Decider, console::Door>> console;
    std::unique_ptr<tests::Room<evaluator::Decider>> evaluator;
    std::unique_ptr<tests::Room<approver::Decider>> approver;
    std::unique_ptr<tests::Room<deployer::Decider>> deployer;
    Shell shell;
};

}  // namespace sluice::cli
