#include "rules/metrics.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

namespace sluice::rules {
namespace {

using Scores = std::vector<float>;
using Labels = std::vector<std::uint8_t>;
constexpr float nan = std::numeric_limits<float>::quiet_NaN();
constexpr float infinity = std::numeric_limits<float>::infinity();

// The expected numbers are scikit-learn's: roc_auc_score, log_loss, accuracy_score.
const Scores scores{0.1f, 0.4f, 0.35f, 0.8f, 0.35f, 0.7f, 0.05f, 0.9f};
const Labels labels{0, 0, 1, 1, 0, 0, 0, 1};

TEST(Auc, is_the_chance_that_a_positive_scores_above_a_negative) {
    EXPECT_DOUBLE_EQ(auc(Scores{0.1f, 0.4f, 0.35f, 0.8f}, Labels{0, 0, 1, 1}), 0.75);
    EXPECT_DOUBLE_EQ(auc(Scores{0.1f, 0.2f, 0.3f, 0.4f}, Labels{0, 0, 1, 1}), 1.0);
    EXPECT_DOUBLE_EQ(auc(Scores{0.4f, 0.3f, 0.2f, 0.1f}, Labels{0, 0, 1, 1}), 0.0);
}

TEST(Auc, counts_ties_half) {
    EXPECT_DOUBLE_EQ(auc(Scores{0.5f, 0.5f, 0.5f, 0.5f}, Labels{0, 1, 0, 1}), 0.5);
    EXPECT_DOUBLE_EQ(auc(scores, labels), 12.5 / 15);
}

TEST(Auc, does_not_depend_on_the_order_of_rows) {
    EXPECT_DOUBLE_EQ(auc(Scores{scores.rbegin(), scores.rend()}, Labels{labels.rbegin(), labels.rend()}), 12.5 / 15);
}

TEST(Auc, is_undefined_without_both_classes) {
    EXPECT_TRUE(std::isnan(auc(Scores{0.1f, 0.2f}, Labels{1, 1})));
    EXPECT_TRUE(std::isnan(auc(Scores{0.1f, 0.2f}, Labels{0, 0})));
    EXPECT_TRUE(std::isnan(auc({}, {})));
}

TEST(LogLoss, is_the_mean_of_minus_the_logarithm) {
    EXPECT_DOUBLE_EQ(log_loss(Scores{0.5f, 0.5f}, Labels{0, 1}), std::log(2.0));
    EXPECT_NEAR(log_loss(scores, labels), 0.4600701682, 1e-8);
}

TEST(LogLoss, clips_certainty) {
    EXPECT_NEAR(log_loss(Scores{0}, Labels{1}), -std::log(1e-15), 1e-9);
    EXPECT_NEAR(log_loss(Scores{1}, Labels{0}), -std::log(1e-15), 0.2);  // 1 - 1e-15 is not a double
    EXPECT_NEAR(log_loss(Scores{1}, Labels{1}), 0, 1e-12);
    EXPECT_TRUE(std::isnan(log_loss({}, {})));
}

TEST(Accuracy, is_the_share_of_rows_on_the_right_side_of_the_threshold) {
    EXPECT_DOUBLE_EQ(accuracy(scores, labels, 0.5), 6.0 / 8);
    EXPECT_DOUBLE_EQ(accuracy(scores, labels, 0.0), 3.0 / 8);
    EXPECT_DOUBLE_EQ(accuracy(Scores{0.5f}, Labels{1}, 0.5), 1.0);
    EXPECT_TRUE(std::isnan(accuracy({}, {}, 0.5)));
}

TEST(ScoreThatIsNoNumber, counts_as_the_worst_answer_to_its_row) {
    for (const float none : {nan, infinity, -infinity}) {
        EXPECT_DOUBLE_EQ(auc(Scores{none, 0.1f, 0.9f}, Labels{1, 0, 1}), 0.5);
        EXPECT_DOUBLE_EQ(auc(Scores{none, 0.1f, 0.9f}, Labels{0, 0, 1}), 0.5);
        EXPECT_DOUBLE_EQ(accuracy(Scores{none, none}, Labels{0, 1}, 0.5), 0.0);
        EXPECT_NEAR(log_loss(Scores{none, none}, Labels{0, 1}), -std::log(1e-15), 0.2);
    }
}

}  // namespace
}  // namespace sluice::rules
