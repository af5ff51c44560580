#include "rules/metrics.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numeric>
#include <vector>

namespace sluice::rules {
namespace {

constexpr double undefined = std::numeric_limits<double>::quiet_NaN();

double or_worst(float score, bool positive) {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    if (std::isfinite(score)) return score;
    return positive ? -infinity : infinity;
}

std::vector<double> comparable(std::span<const float> scores, std::span<const std::uint8_t> labels) {
    std::vector<double> values(scores.size());
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = or_worst(scores[i], labels[i] != 0);
    return values;
}

}  // namespace

double auc(std::span<const float> scores, std::span<const std::uint8_t> labels) {
    const auto values = comparable(scores, labels);
    std::vector<std::uint32_t> order(values.size());
    std::iota(order.begin(), order.end(), 0U);
    std::sort(order.begin(), order.end(), [&](auto a, auto b) { return values[a] < values[b]; });

    double positives = 0, rank_sum = 0;  // ranks from 1; those of equal scores share their mean
    for (std::size_t from = 0, to = 0; from < order.size(); from = to) {
        double tied_positives = 0;
        for (; to < order.size() && values[order[to]] == values[order[from]]; ++to) tied_positives += labels[order[to]];
        positives += tied_positives;
        rank_sum += tied_positives * (static_cast<double>(from + to + 1) / 2);
    }
    const double negatives = static_cast<double>(values.size()) - positives;
    if (positives == 0 || negatives == 0) return undefined;
    return (rank_sum - positives * (positives + 1) / 2) / (positives * negatives);
}

double log_loss(std::span<const float> scores, std::span<const std::uint8_t> labels) {
    constexpr double least = 1e-15;
    const auto values = comparable(scores, labels);
    double sum = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const double p = std::clamp(values[i], least, 1 - least);
        sum -= std::log(labels[i] != 0 ? p : 1 - p);
    }
    return values.empty() ? undefined : sum / static_cast<double>(values.size());
}

double accuracy(std::span<const float> scores, std::span<const std::uint8_t> labels, double threshold) {
    const auto values = comparable(scores, labels);
    std::size_t right = 0;
    for (std::size_t i = 0; i < values.size(); ++i) right += (values[i] >= threshold) == (labels[i] != 0);
    return values.empty() ? undefined : static_cast<double>(right) / static_cast<double>(values.size());
}

}  // namespace sluice::rules
