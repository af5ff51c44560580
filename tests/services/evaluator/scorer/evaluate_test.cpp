#include "services/evaluator/scorer/refusal.hpp"
#include "services/evaluator/scorer/scorer.hpp"
#include "tests/services/evaluator/scorer/files.hpp"

#include <cmath>

namespace sluice::scorer {
namespace {

class Evaluation : public Files {
protected:
    static app::Refused refusal_of(const app::EvaluateRequest& request) {
        try {
            evaluate(request);
        } catch (const Refusal& refusal) {
            return refusal.answer;
        }
        return {"none", "it was evaluated"};
    }
};

TEST_F(Evaluation, measures_the_model_on_the_data_set) {
    const auto answer = evaluate(request(good_dataset));
    EXPECT_EQ(answer.rows, 4u);
    EXPECT_EQ(answer.positives, 2u);
    // Logits 0.25, 4.75, -0.75, -1.75: one of the positives is above both negatives, one below both.
    EXPECT_DOUBLE_EQ(answer.metrics.at("auc"), 0.5);
    EXPECT_DOUBLE_EQ(answer.metrics.at("accuracy"), 0.5);
    const auto loss = [](double logit) { return std::log1p(std::exp(logit)); };
    EXPECT_NEAR(answer.metrics.at("log_loss"), (loss(0.25) + loss(-4.75) + loss(-0.75) + loss(1.75)) / 4, 1e-6);
    EXPECT_EQ(answer.non_finite, 0u);
    EXPECT_FALSE(answer.champion);
    EXPECT_EQ(answer.runtime, "1.26.0");
    EXPECT_EQ(answer.batch_rows, 1000u);
}

TEST_F(Evaluation, takes_columns_by_name_not_by_place) {
    const auto answer = evaluate(request("is_fraud,c,note,b,a\n0,0,x,0,0\n1,3,x,2,1\n0,0,x,0.5,-1\n1,-2,x,0,4\n",
                                         "score,c,b,a\n0.5621765,0,0,0\n"));
    EXPECT_EQ(answer.metrics, evaluate(request(good_dataset)).metrics);
    EXPECT_EQ(answer.probe.different, 0u);
}

TEST_F(Evaluation, measures_the_champion_on_the_same_rows) {
    const auto alone = evaluate(request(good_dataset));
    auto both = request("a,b,c,d,is_fraud\n0,0,0,9,0\n1,2,3,9,1\n-1,0.5,0,9,0\n4,0,-2,9,1\n");
    both.champion = model("two_columns.onnx", {"b", "d"});
    const auto answer = evaluate(both);
    ASSERT_TRUE(answer.champion);
    EXPECT_EQ(answer.metrics, alone.metrics);
    EXPECT_NE(*answer.champion, answer.metrics);
    both.champion = model();
    EXPECT_EQ(*evaluate(both).champion, answer.metrics);
}

TEST_F(Evaluation, scores_more_rows_than_fit_one_batch) {
    std::string dataset = "a,b,c,is_fraud\n";
    for (int i = 0; i < 2500; ++i) dataset += std::to_string(i % 7) + ",0,0," + (i % 7 > 3 ? "1\n" : "0\n");
    const auto answer = evaluate(request(dataset));
    EXPECT_EQ(answer.rows, 2500u);
    EXPECT_DOUBLE_EQ(answer.metrics.at("auc"), 1.0);
}

TEST_F(Evaluation, counts_scores_that_are_no_numbers_and_takes_each_for_the_worst) {
    const std::string dataset = "a,b,c,is_fraud\n0,0,0,0\n1,,3,1\n-1,0.5,0,0\n9,0,0,1\n";
    const auto answer = evaluate(request(dataset));
    EXPECT_EQ(answer.non_finite, 1u);
    EXPECT_DOUBLE_EQ(answer.metrics.at("auc"), 0.5);
    EXPECT_EQ(evaluate(request(dataset, "a,b,c,score\n0,0,0,0.5621765\n", model("cleans.onnx"))).non_finite, 0u);
}

TEST_F(Evaluation, tells_how_far_the_model_is_from_the_trainers_own_scores) {
    const auto answer =
        evaluate(request(good_dataset, "a,b,c,score\n0,0,0,0.5621765\n0,0,0,0.5622265\n0,0,0,0.5523\n"));
    EXPECT_EQ(answer.probe.rows, 3u);
    EXPECT_EQ(answer.probe.different, 1u);
    EXPECT_NEAR(answer.probe.max_difference, 0.0098765, 1e-6);
}

TEST_F(Evaluation, takes_a_missing_score_on_both_sides_for_equal_and_on_one_for_different) {
    const auto probed = evaluate(request(good_dataset, "a,b,c,score\n0,,0,\n0,,0,0.5\n0,0,0,\n")).probe;
    EXPECT_EQ(probed.rows, 3u);
    EXPECT_EQ(probed.different, 2u);
    EXPECT_EQ(probed.max_difference, 0);
}

TEST_F(Evaluation, refuses_bytes_other_than_those_that_were_named) {
    auto swapped = request(good_dataset);
    write("dataset.csv", "a,b,c,is_fraud\n0,0,0,1\n1,1,1,0\n");
    EXPECT_EQ(refusal_of(swapped).code, "dataset_unreadable");
    swapped = request(good_dataset);
    swapped.model.artifact_digest = core::digest_of("another model");
    EXPECT_EQ(refusal_of(swapped).code, "artifact_unreadable");
    swapped = request(good_dataset);
    swapped.probe_digest = core::digest_of("another probe");
    EXPECT_EQ(refusal_of(swapped).code, "probe_unreadable");
    swapped = request(good_dataset);
    swapped.champion = model();
    swapped.champion->artifact = "/no/such/file";
    EXPECT_EQ(refusal_of(swapped).code, "champion_unreadable");
}

TEST_F(Evaluation, refuses_a_model_that_it_cannot_use) {
    const std::string probe = "a,b,c,score\n0,0,0,0.5\n";
    EXPECT_EQ(refusal_of(request(good_dataset, probe, model("broken.onnx"))).code, "artifact_not_by_the_convention");
    EXPECT_EQ(refusal_of(request(good_dataset, probe, model("wrong_output_name.onnx"))).code,
              "artifact_not_by_the_convention");
    EXPECT_EQ(refusal_of(request(good_dataset, probe, model("linear.onnx", {"a", "b"}))).code, "artifact_wrong_width");
    EXPECT_EQ(refusal_of(request(good_dataset, probe, model("looks_at_second_row.onnx"))).code, "artifact_failed");
    auto beside = request(good_dataset);
    beside.champion = model("broken.onnx");
    EXPECT_EQ(refusal_of(beside).code, "champion_not_by_the_convention");
}

TEST_F(Evaluation, refuses_a_label_that_is_not_zero_or_one_and_names_the_line) {
    for (const std::string label : {"2", "0.5", "-1", ""}) {
        const auto refused = refusal_of(request("a,b,c,is_fraud\n0,0,0,0\n0,0,0," + label + "\n"));
        EXPECT_EQ(refused.code, "dataset_label_not_binary") << label;
        EXPECT_NE(refused.detail.find("line 3"), std::string::npos) << refused.detail;
    }
}

TEST_F(Evaluation, refuses_a_data_set_of_one_class_or_of_no_rows) {
    EXPECT_EQ(refusal_of(request("a,b,c,is_fraud\n0,0,0,1\n1,1,1,1\n")).code, "dataset_one_class");
    EXPECT_EQ(refusal_of(request("a,b,c,is_fraud\n0,0,0,0\n")).code, "dataset_one_class");
    EXPECT_EQ(refusal_of(request("a,b,c,is_fraud\n")).code, "dataset_one_class");
    EXPECT_EQ(refusal_of(request("a,b,c\n0,0,0\n")).code, "dataset_missing_column");
}

TEST_F(Evaluation, refuses_a_probe_set_without_rows_or_without_scores) {
    EXPECT_EQ(refusal_of(request(good_dataset, "a,b,c,score\n")).code, "probe_empty");
    EXPECT_EQ(refusal_of(request(good_dataset, "a,b,c\n0,0,0\n")).code, "probe_missing_column");
}

class WarmUp : public Files {};

TEST_F(WarmUp, opens_the_model_and_says_how_long_scoring_takes) {
    const auto answer = warm({model(), 500});
    EXPECT_EQ(answer.width, 3u);
    EXPECT_GT(answer.open_us, 0u);
    EXPECT_EQ(answer.runtime, "1.26.0");
}

TEST_F(WarmUp, refuses_a_model_that_takes_other_features_than_its_signature_names) {
    EXPECT_THROW(warm({model("linear.onnx", {"a"}), 1}), Refusal);
    EXPECT_THROW(warm({model("looks_at_second_row.onnx"), 1}), Refusal);
    EXPECT_THROW(warm({model(), 0}), Refusal);
    EXPECT_THROW(warm({model(), warm_rows_max + 1}), Refusal);
}

TEST(Request, that_cannot_be_read_is_refused_in_the_answer) {
    for (const auto* text : {"", "{}", "[]", "null", "{\"mode\":\"evaluate\"}", "{\"mode\":7}", "\xff"}) {
        const auto refused = app::decode_evaluated(answer(text));
        ASSERT_TRUE(refused) << refused.failure().text();
        EXPECT_EQ(std::get<app::Refused>(*refused).code, "request_unreadable") << text;
    }
}

}  // namespace
}  // namespace sluice::scorer
