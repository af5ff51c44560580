#include "common/app/scorer.hpp"
#include "tests/services/evaluator/scorer/files.hpp"
#include "tests/support/inbox.hpp"

namespace sluice::scorer {
namespace {

using namespace std::chrono_literals;
using core::Failure;

/// A service and its scorer: the real program, or a script that misbehaves in its place.
class ScorerChild : public Files {
protected:
    core::Result<app::EvaluateAnswer> evaluate(const app::EvaluateRequest& request,
                                               const std::string& program = SLUICE_SCORER,
                                               app::ScorerLimits limits = {}) {
        app::Scorer scorer{inbox_, program, limits};
        std::optional<core::Result<app::EvaluateAnswer>> answer;
        scorer.evaluate(request, [&](auto result) { answer = std::move(result); });
        inbox_.run_one();
        return *answer;
    }

    std::string program(const std::string& script) const {
        const auto path = write("program", "#!/bin/sh\n" + script + "\n");
        std::filesystem::permissions(path, std::filesystem::perms::owner_all);
        return path;
    }

    Failure failure_of(const std::string& script, app::ScorerLimits limits = {}) {
        const auto answer = evaluate(request(good_dataset), program(script), limits);
        return answer ? Failure{Failure::Kind::fatal, "it answered", ""} : answer.failure();
    }

    support::Inbox inbox_;
};

bool says(const Failure& failure, const std::string& part) { return failure.text().find(part) != std::string::npos; }

TEST_F(ScorerChild, answers_an_evaluation) {
    auto asked = request(good_dataset);
    asked.champion = model("cleans.onnx");
    const auto answer = evaluate(asked);
    ASSERT_TRUE(answer) << answer.failure().text();
    const auto& evaluated = std::get<app::Evaluated>(*answer);
    EXPECT_EQ(evaluated.rows, 4u);
    EXPECT_EQ(evaluated.metrics, evaluated.champion);
    EXPECT_EQ(evaluated.probe.different, 0u);
}

TEST_F(ScorerChild, answers_a_warm_up) {
    app::Scorer scorer{inbox_, SLUICE_SCORER};
    std::optional<core::Result<app::WarmAnswer>> answer;
    scorer.warm({model(), 10}, [&](auto result) { answer = std::move(result); });
    inbox_.run_one();
    ASSERT_TRUE(*answer) << answer->failure().text();
    EXPECT_EQ(std::get<app::Warmed>(**answer).width, 3u);
}

TEST_F(ScorerChild, refuses_with_a_code_and_advice) {
    const auto answer = evaluate(request("a,b,is_fraud\n0,0,0\n"));
    ASSERT_TRUE(answer) << answer.failure().text();
    const auto& refused = std::get<app::Refused>(*answer);
    EXPECT_EQ(refused.code, "dataset_missing_column");
    EXPECT_NE(refused.detail.find("no column c"), std::string::npos);
}

TEST_F(ScorerChild, that_crashes_is_the_models_fault_and_names_the_signal) {
    const auto failure = failure_of("kill -SEGV $$");
    EXPECT_EQ(failure.kind, Failure::Kind::poison);
    EXPECT_TRUE(says(failure, "signal 11")) << failure.text();
}

TEST_F(ScorerChild, that_hangs_is_the_models_fault_and_names_the_limit) {
    const auto failure = failure_of("sleep 1000", {100ms, 60s, 1 << 30, 1});
    EXPECT_EQ(failure.kind, Failure::Kind::poison);
    EXPECT_TRUE(says(failure, "100 ms")) << failure.text();
}

TEST_F(ScorerChild, that_computes_for_ever_is_the_models_fault_and_names_the_limit) {
    const auto failure = failure_of("while :; do :; done", {60s, 1s, 1 << 30, 1});
    EXPECT_EQ(failure.kind, Failure::Kind::poison);
    EXPECT_TRUE(says(failure, "1 s of CPU time")) << failure.text();
}

TEST_F(ScorerChild, that_eats_memory_is_the_models_fault_and_names_the_limit) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    GTEST_SKIP() << "a sanitizer reserves more address space than any limit";
#endif
    const std::string probe = "a,b,c,score\n0,0,0,0.5\n";
    const auto greedy =
        evaluate(request(good_dataset, probe, model("greedy.onnx")), SLUICE_SCORER, {60s, 60s, 1 << 30, 1});
    ASSERT_FALSE(greedy);
    EXPECT_EQ(greedy.failure().kind, Failure::Kind::poison);
    EXPECT_TRUE(says(greedy.failure(), "more than 1024 MiB of memory")) << greedy.failure().text();
}

TEST_F(ScorerChild, that_is_killed_from_outside_says_so) {
    EXPECT_TRUE(says(failure_of("kill -KILL $$"), "killed from outside"));
}

TEST_F(ScorerChild, that_ends_with_an_unknown_code_is_the_models_fault) {
    EXPECT_EQ(failure_of("exit 3").kind, Failure::Kind::poison);
    EXPECT_TRUE(says(failure_of("exit 3"), "code 3"));
}

TEST_F(ScorerChild, that_blames_the_machine_is_tried_again) {
    const auto failure = failure_of("echo the disk is away >&2; exit 75");
    EXPECT_EQ(failure.kind, Failure::Kind::retryable);
    EXPECT_TRUE(says(failure, "the disk is away"));
}

TEST_F(ScorerChild, that_cannot_be_started_or_understood_stops_the_service) {
    EXPECT_EQ(failure_of("echo hello").kind, Failure::Kind::fatal);
    EXPECT_EQ(failure_of("exit 127").kind, Failure::Kind::fatal);
    const auto missing = evaluate(request(good_dataset), "/no/such/sluice-scorer");
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.failure().kind, Failure::Kind::fatal);
    EXPECT_TRUE(says(missing.failure(), "SLUICE_SCORER_PATH"));
}

TEST_F(ScorerChild, can_be_cancelled) {
    app::Scorer scorer{inbox_, program("sleep 1000")};
    std::optional<Failure> failure;
    const auto handle = scorer.evaluate(request(good_dataset), [&](auto result) { failure = result.failure(); });
    handle.cancel();
    inbox_.run_one();
    EXPECT_EQ(failure->kind, Failure::Kind::retryable);
    EXPECT_TRUE(says(*failure, "cancelled"));
}

TEST_F(ScorerChild, is_one_of_a_limited_number) {
    app::Scorer scorer{inbox_, program("sleep 1000"), {60s, 60s, 1 << 30, 1}};
    const auto first = scorer.warm({model(), 1}, [](auto) {});
    std::optional<Failure> failure;
    scorer.warm({model(), 1}, [&](auto result) { failure = result.failure(); });
    inbox_.run_one();
    EXPECT_EQ(failure->kind, Failure::Kind::retryable);
    EXPECT_TRUE(says(*failure, "limit"));
}

TEST(ScorerMessages, survive_the_way_there_and_back) {
    app::EvaluateRequest request{
        {"/a", "sha256:1", {"x", "y"}},         "/d", "sha256:2", "label", 0.25, "/p", "sha256:3",
        app::ModelFile{"/c", "sha256:4", {"y"}}};
    EXPECT_EQ(*app::decode_request(app::encode(request)), app::ScorerRequest{request});
    request.champion.reset();
    EXPECT_EQ(*app::decode_request(app::encode(request)), app::ScorerRequest{request});
    const app::WarmRequest warm{request.model, 7};
    EXPECT_EQ(*app::decode_request(app::encode(warm)), app::ScorerRequest{warm});

    app::Evaluated evaluated{5, 2, {{"auc", 0.1}}, 1, app::Metrics{{"auc", 1.0 / 3}}, {7, 1, 1e-300}, 1000, "1.26.0"};
    EXPECT_EQ(*app::decode_evaluated(app::encode(evaluated)), app::EvaluateAnswer{evaluated});
    evaluated.champion.reset();
    EXPECT_EQ(*app::decode_evaluated(app::encode(evaluated)), app::EvaluateAnswer{evaluated});
    const app::Warmed warmed{1, 2, 3, 4, 5, "1.26.0"};
    EXPECT_EQ(*app::decode_warmed(app::encode(warmed)), app::WarmAnswer{warmed});
    const app::Refused refused{"artifact_failed", "it says \"no\""};
    EXPECT_EQ(*app::decode_evaluated(app::encode(refused)), app::EvaluateAnswer{refused});
    EXPECT_EQ(*app::decode_warmed(app::encode(refused)), app::WarmAnswer{refused});
}

TEST(ScorerMessages, carry_any_bytes_of_a_models_text) {
    EXPECT_TRUE(app::decode_evaluated(app::encode(app::Refused{"artifact_failed", "\xff\xfe\n"})));
}

TEST(ScorerPath, is_beside_the_program) {
    EXPECT_EQ(std::filesystem::path(app::scorer_beside_this_program()).filename(), "sluice-scorer");
}

}  // namespace
}  // namespace sluice::scorer
