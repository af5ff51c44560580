#include "services/evaluator/effects.hpp"

#include "common/artifacts/folder.hpp"
#include "tests/support/clockwork.hpp"
#include "tests/support/facts.hpp"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>

namespace sluice::evaluator {
namespace {

using namespace std::chrono_literals;
using namespace tests;

const core::FactId asked{1, 1};
const std::string rows = "a,b,c,is_fraud\n0,0,0,0\n1,2,3,1\n-1,0.5,0,0\n4,0,-2,1\n";
const std::string probe = "a,b,c,score\n0,0,0,0.5621765\n";

/// A real store and the real scorer, or a script that misbehaves in its place.
class ScoringTest : public testing::Test {
protected:
    ScoringTest() {
        std::string name = (std::filesystem::temp_directory_path() / "sluice-evaluator-XXXXXX").string();
        folder_ = ::mkdtemp(name.data());
        store_ = *artifacts::Folder::open((folder_ / "store").string());
        scored_by(SLUICE_SCORER);
    }
    ~ScoringTest() override {
        scoring_.reset(), scorer_.reset();
        std::filesystem::remove_all(folder_);
    }

    void scored_by(const std::string& program) {
        scoring_.reset();
        scorer_ = std::make_unique<app::Scorer>(executor_, program);
        scoring_ = std::make_unique<Scoring>(executor_, *store_, *scorer_, log_);
    }
    std::string program(const std::string& script) const {
        const auto path = folder_ / "program";
        std::ofstream(path) << "#!/bin/sh\n" << script << "\n";
        std::filesystem::permissions(path, std::filesystem::perms::owner_all);
        return path.string();
    }

    Digest stored(const std::string& bytes) {
        auto upload = *store_->begin(1 << 20);
        EXPECT_TRUE(upload->write(bytes));
        return {(*upload->finish()).digest};
    }
    ScoredModel model(Version version, const std::string& name = "linear.onnx") {
        std::ifstream in(std::string(SLUICE_SOURCE_DIR) + "/tests/data/onnx/" + name, std::ios::binary);
        return {version, stored({std::istreambuf_iterator<char>(in), {}}), {{"a"}, {"b"}, {"c"}}};
    }
    RunEvaluation evaluation(const std::string& name = "linear.onnx") {
        return {fraud, model(2, name), stored(probe), 3, {stored(rows), {"is_fraud"}}, 0.5, {}};
    }

    /// Waits for the next outcome.
    Decider::Inputs outcome() {
        std::vector<Scoring::Outcome> outcomes;
        EXPECT_TRUE(executor_.until([&] { return !(outcomes = scoring_->take_outcomes()).empty(); }));
        if (outcomes.empty()) return {};
        EXPECT_EQ(outcomes.size(), 1u);
        EXPECT_EQ(outcomes[0].id, asked);
        return outcomes[0].fact;
    }
    template <class Fact> Fact after(const RunEvaluation& what) {
        scoring_->begin(asked, what);
        const auto fact = outcome();
        if (const auto* as = std::get_if<Fact>(&fact)) return *as;
        if (const auto* errored = std::get_if<EvaluationErrored>(&fact)) ADD_FAILURE() << describe(*errored);
        return {};
    }
    static std::string describe(const EvaluationErrored& fact) { return fact.code + ": " + fact.detail; }

    std::filesystem::path folder_;
    support::Clockwork executor_;
    std::vector<std::string> lines_;
    runtime::Log log_{"evaluator", "1", runtime::Log::Level::info,
                      [this](std::string_view line) { lines_.emplace_back(line); }};
    std::unique_ptr<artifacts::Folder> store_;
    std::unique_ptr<app::Scorer> scorer_;
    std::unique_ptr<Scoring> scoring_;
};

TEST_F(ScoringTest, measures_a_model_and_the_champion_on_the_same_rows) {
    auto what = evaluation();
    what.champion = model(1, "cleans.onnx");
    const auto measured = after<EvaluationMeasured>(what);
    EXPECT_EQ(measured.version, 2u);
    EXPECT_EQ(measured.artifact, what.challenger.artifact);
    EXPECT_EQ(measured.policy_version, 3u);
    EXPECT_EQ(measured.dataset, what.dataset.digest);
    EXPECT_EQ(measured.rows, 4u);
    EXPECT_EQ(measured.positives, 2u);
    EXPECT_EQ(measured.probe, (ProbeParity{1, 0, measured.probe.max_difference}));
    ASSERT_TRUE(measured.champion);
    EXPECT_EQ(measured.champion->version, 1u);
    EXPECT_EQ(measured.champion->scores, measured.scores);
    EXPECT_GT(measured.scores.log_loss, 0);
}

TEST_F(ScoringTest, names_no_champion_where_there_is_none) {
    EXPECT_EQ(after<EvaluationMeasured>(evaluation()).champion, std::nullopt);
}

TEST_F(ScoringTest, says_which_file_is_missing_and_what_to_do) {
    const auto nowhere = digest_of("nobody uploaded this");
    const std::vector<std::pair<std::string, std::function<void(RunEvaluation&)>>> missing{
        {"artifact_missing", [&](auto& what) { what.challenger.artifact = nowhere; }},
        {"dataset_missing", [&](auto& what) { what.dataset.digest = nowhere; }},
        {"probe_missing", [&](auto& what) { what.probe = nowhere; }},
        {"champion_missing",
         [&](auto& what) {
             what.champion = ScoredModel{1, nowhere, {}};
         }},
    };
    for (const auto& [code, change] : missing) {
        auto what = evaluation();
        change(what);
        const auto errored = after<EvaluationErrored>(what);
        EXPECT_EQ(errored.code, code);
        EXPECT_EQ(errored.version, 2u);
        EXPECT_EQ(errored.policy_version, 3u);
        EXPECT_NE(errored.detail.find(nowhere.text), std::string::npos) << errored.detail;
        EXPECT_NE(errored.detail.find("upload it"), std::string::npos) << errored.detail;
    }
}

TEST_F(ScoringTest, says_what_is_wrong_with_a_model_that_does_not_open) {
    const auto errored = after<EvaluationErrored>(evaluation("broken.onnx"));
    EXPECT_TRUE(errored.code.starts_with("artifact_")) << describe(errored);
    EXPECT_FALSE(errored.detail.empty());
}

TEST_F(ScoringTest, says_what_is_wrong_with_a_data_set_that_lacks_a_column) {
    auto what = evaluation();
    what.dataset.digest = stored("a,b,is_fraud\n0,0,0\n");
    EXPECT_EQ(after<EvaluationErrored>(what).code, "dataset_missing_column");
}

TEST_F(ScoringTest, takes_a_crash_for_the_models_fault) {
    scored_by(program("kill -SEGV $$"));
    const auto errored = after<EvaluationErrored>(evaluation());
    EXPECT_EQ(errored.code, "artifact_crashed");
    EXPECT_NE(errored.detail.find("signal 11"), std::string::npos) << errored.detail;
    EXPECT_FALSE(scoring_->trouble());
}

TEST_F(ScoringTest, keeps_an_explanation_short_enough_for_a_fact) {
    scored_by(
        program("printf '{\"ok\":false,\"code\":\"artifact_failed\",\"detail\":\"'; "
                "head -c 5000 /dev/zero | tr '\\0' x; printf '\"}'"));
    EXPECT_EQ(after<EvaluationErrored>(evaluation()).detail.size(), 2000u);
}

TEST_F(ScoringTest, tries_again_while_the_scorer_is_missing_and_says_what_is_wrong) {
    const auto later = (folder_ / "not-yet-there").string();
    scored_by(later);
    scoring_->begin(asked, evaluation());
    ASSERT_TRUE(executor_.until([&] { return scoring_->trouble().has_value(); }));
    EXPECT_NE(scoring_->trouble()->advice.find("SLUICE_SCORER_PATH"), std::string::npos);
    EXPECT_TRUE(scoring_->take_outcomes().empty());
    std::filesystem::create_symlink(SLUICE_SCORER, later);
    executor_.pass(500ms);
    EXPECT_TRUE(std::holds_alternative<EvaluationMeasured>(outcome()));
    EXPECT_FALSE(scoring_->trouble());
}

TEST_F(ScoringTest, is_out_of_trouble_when_the_scorer_works_though_the_model_crashes_it) {
    const auto later = (folder_ / "program").string();
    scored_by(later);
    scoring_->begin(asked, evaluation());
    ASSERT_TRUE(executor_.until([&] { return scoring_->trouble().has_value(); }));
    program("kill -SEGV $$");
    executor_.pass(500ms);
    EXPECT_TRUE(std::holds_alternative<EvaluationErrored>(outcome()));
    EXPECT_FALSE(scoring_->trouble());
}

TEST_F(ScoringTest, waits_twice_as_long_after_every_try) {
    const auto tries = folder_ / "tries";
    scored_by(program("echo >> " + tries.string() + "; exit 75"));
    scoring_->begin(asked, evaluation());
    for (const auto pause : {500ms, 1000ms, 2000ms}) {
        ASSERT_TRUE(executor_.until([&] { return executor_.timers() == 1; }));
        executor_.pass(pause - 1ms);
        EXPECT_EQ(executor_.timers(), 1u);
        executor_.pass(1ms);
        EXPECT_EQ(executor_.timers(), 0u);
    }
    ASSERT_TRUE(executor_.until([&] { return executor_.timers() == 1; }));
    EXPECT_EQ(std::filesystem::file_size(tries), 4u);
}

TEST_F(ScoringTest, kills_what_is_cancelled_and_says_nothing_of_it) {
    const auto pipe = (folder_ / "pipe").string();
    ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
    scored_by(program("exec 3> " + pipe + "; exec sleep 1000"));
    scoring_->begin(asked, evaluation());
    const int held_by_child = ::open(pipe.c_str(), O_RDONLY);  // waits until the child runs
    scoring_->cancel(asked);
    pollfd end{held_by_child, POLLIN, 0};
    EXPECT_EQ(::poll(&end, 1, 30'000), 1);
    EXPECT_TRUE(end.revents & POLLHUP);
    ::close(held_by_child);
    EXPECT_TRUE(scoring_->take_outcomes().empty());
    EXPECT_EQ(executor_.timers(), 0u);
}

TEST_F(ScoringTest, forgets_a_try_that_was_cancelled_while_it_paused) {
    scored_by(program("exit 75"));
    scoring_->begin(asked, evaluation());
    ASSERT_TRUE(executor_.until([&] { return executor_.timers() == 1; }));
    scoring_->cancel(asked);
    EXPECT_EQ(executor_.timers(), 0u);
}

TEST_F(ScoringTest, begins_once_what_is_asked_twice) {
    scoring_->begin(asked, evaluation());
    scoring_->begin(asked, evaluation());
    EXPECT_TRUE(std::holds_alternative<EvaluationMeasured>(outcome()));
    EXPECT_EQ(std::ranges::count_if(lines_, [](const auto& line) { return line.find("scoring") != line.npos; }), 1);
}

TEST_F(ScoringTest, wakes_its_loop_when_there_is_an_outcome) {
    int news = 0;
    scoring_->on_news([&] { ++news; });
    after<EvaluationMeasured>(evaluation());
    EXPECT_EQ(news, 1);
}

}  // namespace
}  // namespace sluice::evaluator
