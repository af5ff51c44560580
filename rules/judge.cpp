#include "rules/judge.hpp"

#include "rules/portable_math.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace sluice::rules {
namespace {

constexpr double ln_2 = 0.693147180559945309;
constexpr std::uint64_t countable = std::uint64_t{1} << 53;  // beyond it a double skips whole numbers

/// One alternative that evidence is bet on: the canary fails `ratio` times as often as the stable version.
struct Bet {
    double ratio, weight;
};

double log_sum_exp(std::span<const double> logs) {
    const double largest = *std::ranges::max_element(logs);
    double sum = 0;
    for (const double each : logs) sum += natural_exp(each - largest);
    return largest + natural_log(sum);
}

// F1's alternatives: 1.25 to 1.25^21 = 108 times worse, mostly about 2, with a little everywhere.
std::vector<Bet> make_regressions() {
    std::vector<Bet> bets;
    double ratio = 1;
    for (int step = 1; step <= 21; ++step) {
        ratio *= 1.25;
        const double distance = natural_log(ratio / 2);
        bets.push_back({ratio, natural_exp(-distance * distance / 2) + 0.02});
    }
    return bets;
}

// F3's alternatives. One at or above the margin would bet on what the test must disprove, and the error rate would be
// lost.
std::vector<Bet> equivalences_below(double margin) {
    std::vector<Bet> bets{{0.5, 0.1}, {0.8, 0.2}, {1, 0.4}, {1.15, 0.2}, {1.3, 0.1}};
    std::erase_if(bets, [margin](const Bet& bet) { return bet.ratio >= margin; });
    return bets;
}

bool has_both_arms(const RevisionEvidence& revision) {
    return revision.canary_weight > 0 && revision.canary_weight < 1;
}

// The label of an error is the canary's with probability q = pi r / (pi r + 1 - pi) when the canary fails r times as
// often. So the log likelihood ratio of r against a reference m, over revisions, is S ln(r/m) - K ln((pi r + 1 - pi) /
// (pi m + 1 - pi)), S errors being the canary's out of K.
double log_label_evidence(const std::vector<RevisionEvidence>& revisions, std::uint64_t ArmCounts::*errors,
                          double ratio, double reference) {
    double sum = 0;
    for (const auto& revision : revisions) {
        if (!has_both_arms(revision)) continue;
        const double pi = revision.canary_weight;
        const auto canary = static_cast<double>(revision.canary.*errors);
        const auto both = canary + static_cast<double>(revision.stable.*errors);
        sum += canary * natural_log(ratio / reference) -
               both * natural_log((pi * ratio + (1 - pi)) / (pi * reference + (1 - pi)));
    }
    return sum;
}

double log_mixture(const std::vector<RevisionEvidence>& revisions, std::uint64_t ArmCounts::*errors, double reference,
                   const std::vector<Bet>& bets) {
    std::vector<double> logs;
    double total = 0;
    for (const auto& [ratio, weight] : bets) {
        total += weight;
        logs.push_back(natural_log(weight) + log_label_evidence(revisions, errors, ratio, reference));
    }
    return log_sum_exp(logs) - natural_log(total);
}

// F3a bets that the canary's own error rate is a tenth of the floor. It needs no control arm: every revision counts.
double log_floor_evidence(const std::vector<RevisionEvidence>& revisions, double floor) {
    double failed = 0, passed = 0;
    for (const auto& [revision, weight, stable, canary] : revisions) {
        failed += static_cast<double>(canary.first_request_errors);
        passed +=
            static_cast<double>(canary.first_requests - std::min(canary.first_requests, canary.first_request_errors));
    }
    const double hoped = floor / 10;
    return failed * natural_log(hoped / floor) + passed * natural_log((1 - hoped) / (1 - floor));
}

Judgement::Verdict verdict_of(const JudgeSettings& settings, const Judgement& judgement) {
    if (judgement.log_e_rollback >= -natural_log(settings.alpha_rollback)) return Judgement::Verdict::roll_back;
    if (judgement.log_e_promote >= -natural_log(settings.alpha_promote)) return Judgement::Verdict::promote;
    return Judgement::Verdict::keep_going;
}

/// The smallest count that ends a rollout, where more of the same only strengthens the case.
template <class Ends> std::optional<std::uint64_t> smallest_count(const Ends& ends) {
    std::uint64_t high = 1;
    while (!ends(high)) {
        if (high >= countable) return std::nullopt;
        high *= 2;
    }
    std::uint64_t low = high / 2;
    while (high - low > 1) {
        const auto middle = low + (high - low) / 2;
        (ends(middle) ? high : low) = middle;
    }
    return high;
}

}  // namespace

core::Result<void> sound(const JudgeSettings& settings) {
    const auto rate = [](double alpha) { return alpha >= 1e-9 && alpha <= 0.5; };
    if (!rate(settings.alpha_rollback) || !rate(settings.alpha_promote))
        return core::Failure::poison("the judge's alpha_rollback and alpha_promote must lie between 1e-9 and 0.5",
                                     "set each to the share of wrong decisions that you accept, such as 0.01");
    if (!(settings.margin > 1 && settings.margin <= 100))
        return core::Failure::poison("the judge's margin must be above 1 and at most 100",
                                     "set it to how many times the stable error rate is too much, such as 2");
    if (!(settings.p_floor >= 1e-6 && settings.p_floor <= 0.5))
        return core::Failure::poison("the judge's p_floor must lie between 1e-6 and 0.5",
                                     "set it to an error rate that is always acceptable, such as 0.01");
    return {};
}

Judgement judge(const JudgeSettings& settings, const std::vector<RevisionEvidence>& revisions) {
    static const auto regressions = make_regressions();
    Judgement judgement;
    judgement.log_e_rollback = log_mixture(revisions, &ArmCounts::first_errors, 1, regressions);
    judgement.log_e_noninferior =
        log_mixture(revisions, &ArmCounts::first_request_errors, settings.margin, equivalences_below(settings.margin));
    judgement.log_e_floor = log_floor_evidence(revisions, settings.p_floor);
    judgement.log_e_promote = log_sum_exp(std::array{judgement.log_e_noninferior, judgement.log_e_floor}) - ln_2;
    for (const auto& revision : revisions) judgement.canary_entities += revision.canary.first_requests;
    judgement.verdict = verdict_of(settings, judgement);
    return judgement;
}

std::uint64_t clean_entities_to_promote(const JudgeSettings& settings) {
    const auto promotes = [&](std::uint64_t entities) {
        const RevisionEvidence clean{.canary_weight = 1, .stable = {}, .canary = {.first_requests = entities}};
        return judge(settings, {clean}).verdict == Judgement::Verdict::promote;
    };
    return smallest_count(promotes).value_or(countable);
}

std::optional<std::uint64_t> errors_to_roll_back(const JudgeSettings& settings, double canary_weight) {
    return smallest_count([&](std::uint64_t errors) {
        const RevisionEvidence failing{
            .canary_weight = canary_weight, .stable = {}, .canary = {.first_errors = errors}};
        return judge(settings, {failing}).verdict == Judgement::Verdict::roll_back;
    });
}

}  // namespace sluice::rules
