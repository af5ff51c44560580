#pragma once
#include <cstdint>
#include <span>

// How good scores are. A score is the probability of the positive class, a label is 1 (positive) or 0; both spans are
// equally long. A score that is no finite number counts as the worst answer that its row could get, so that no model
// looks better for being silent.
namespace sluice::rules {

/// Area under the ROC curve: the chance that a positive scores above a negative, ties counting half (Mann-Whitney U by
/// ranks). NaN when there is no positive or no negative.
double auc(std::span<const float> scores, std::span<const std::uint8_t> labels);

/// Mean of -ln(probability given to what happened), probabilities clipped to [1e-15, 1 - 1e-15]. NaN without rows.
double log_loss(std::span<const float> scores, std::span<const std::uint8_t> labels);

/// Share of rows where (score >= threshold) is what happened. NaN without rows.
double accuracy(std::span<const float> scores, std::span<const std::uint8_t> labels, double threshold);

}  // namespace sluice::rules
