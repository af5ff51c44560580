#include "rules/judge.hpp"

#include "common/core/binary.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace sluice::rules {
namespace {

using Verdict = Judgement::Verdict;

RevisionEvidence at_weight(double weight) { return {.canary_weight = weight, .stable = {}, .canary = {}}; }

RevisionEvidence with_first_errors(double weight, std::uint64_t stable, std::uint64_t canary) {
    auto revision = at_weight(weight);
    revision.stable.first_errors = stable;
    revision.canary.first_errors = canary;
    return revision;
}

RevisionEvidence with_first_requests(double weight, ArmCounts stable, ArmCounts canary) {
    return {.canary_weight = weight, .stable = stable, .canary = canary};
}

JudgeSettings with_floor(double floor) { return {.p_floor = floor}; }

TEST(Judge, keeps_going_when_nothing_was_seen) {
    const auto nothing = judge({}, {});
    EXPECT_EQ(nothing.verdict, Verdict::keep_going);
    EXPECT_NEAR(nothing.log_e_rollback, 0, 1e-12);
    EXPECT_NEAR(nothing.log_e_promote, 0, 1e-12);
    EXPECT_EQ(nothing.canary_entities, 0u);
}

TEST(Judge, promotes_two_versions_without_errors_after_the_published_number_of_entities) {
    EXPECT_EQ(clean_entities_to_promote(with_floor(0.01)), 585u);
    EXPECT_EQ(clean_entities_to_promote(with_floor(0.02)), 291u);
    EXPECT_EQ(clean_entities_to_promote(with_floor(0.05)), 115u);
}

TEST(Judge, needs_every_one_of_those_entities) {
    const auto after = [](std::uint64_t entities) {
        return judge({}, {with_first_requests(0.1, {.first_requests = 9 * entities}, {.first_requests = entities})})
            .verdict;
    };
    EXPECT_EQ(after(584), Verdict::keep_going);
    EXPECT_EQ(after(585), Verdict::promote);
}

TEST(Judge, rolls_a_dead_canary_at_ten_percent_back_after_four_or_five_errors) {
    EXPECT_EQ(errors_to_roll_back({}, 0.1), 4u);
    EXPECT_EQ(judge({}, {with_first_errors(0.1, 0, 4)}).verdict, Verdict::roll_back);
    EXPECT_EQ(judge({}, {with_first_errors(0.1, 2, 4)}).verdict, Verdict::keep_going);
    EXPECT_EQ(judge({}, {with_first_errors(0.1, 2, 5)}).verdict, Verdict::roll_back);
}

TEST(Judge, needs_122_canary_errors_against_a_holdback_of_five_percent) {
    EXPECT_EQ(errors_to_roll_back({}, 0.95), 122u);
}

TEST(Judge, never_rolls_back_where_there_is_no_control_arm) {
    for (const double weight : {0.0, 1.0, -0.5, 1.5, std::numeric_limits<double>::quiet_NaN()}) {
        EXPECT_EQ(errors_to_roll_back({}, weight), std::nullopt) << weight;
        EXPECT_NEAR(judge({}, {with_first_errors(weight, 100, 100000)}).log_e_rollback, 0, 1e-12) << weight;
    }
}

TEST(Judge, counts_a_revision_without_control_arm_for_the_floor_alone) {
    const auto judgement = judge({}, {with_first_requests(1, {}, {.first_requests = 600, .first_request_errors = 1})});
    EXPECT_NEAR(judgement.log_e_noninferior, 0, 1e-12);
    EXPECT_NEAR(judgement.log_e_floor, 599 * std::log(0.999 / 0.99) + std::log(0.1), 1e-9);
    EXPECT_EQ(judgement.canary_entities, 600u);
}

// F1 by its definition, error by error, as the literature writes it.
double rollback_evidence_by_definition(double pi, int stable, int canary) {
    double e = 0, total = 0;
    for (int step = 1; step <= 21; ++step) {
        const double r = std::pow(1.25, step);
        const double w = std::exp(-std::pow(std::log(r / 2), 2) / 2) + 0.02;
        const double q = pi * r / (pi * r + 1 - pi);
        e += w * std::pow(q / pi, canary) * std::pow((1 - q) / (1 - pi), stable);
        total += w;
    }
    return std::log(e / total);
}

TEST(Judge, weighs_errors_as_the_formula_says) {
    for (const double pi : {0.01, 0.1, 0.5, 0.95})
        for (const int stable : {0, 1, 20})
            for (const int canary : {0, 1, 20})
                EXPECT_NEAR(judge({}, {with_first_errors(pi, stable, canary)}).log_e_rollback,
                            rollback_evidence_by_definition(pi, stable, canary), 1e-9);
}

TEST(Judge, weighs_first_requests_against_the_margin_as_the_formula_says) {
    const double pi = 0.1, reference = pi * 2 / (pi * 2 + 1 - pi);
    double e = 0;
    const double bets[][2] = {{0.5, 0.1}, {0.8, 0.2}, {1, 0.4}, {1.15, 0.2}, {1.3, 0.1}};
    for (const auto& [r, w] : bets) {
        const double q = pi * r / (pi * r + 1 - pi);
        e += w * std::pow(q / reference, 3) * std::pow((1 - q) / (1 - reference), 40);
    }
    const auto judgement = judge({}, {with_first_requests(pi, {.first_requests = 4000, .first_request_errors = 40},
                                                          {.first_requests = 450, .first_request_errors = 3})});
    EXPECT_NEAR(judgement.log_e_noninferior, std::log(e), 1e-9);
    const double floor = 3 * std::log(0.1) + 447 * std::log(0.999 / 0.99);
    EXPECT_NEAR(judgement.log_e_floor, floor, 1e-9);
    EXPECT_NEAR(judgement.log_e_promote, std::log((e + std::exp(floor)) / 2), 1e-9);
}

TEST(Judge, adds_up_the_evidence_of_all_revisions) {
    const auto apart = judge({}, {with_first_errors(0.2, 3, 2), with_first_errors(0.2, 4, 5)});
    const auto together = judge({}, {with_first_errors(0.2, 7, 7)});
    EXPECT_NEAR(apart.log_e_rollback, together.log_e_rollback, 1e-12);
    const auto mixed = judge({}, {with_first_errors(0.1, 0, 3), with_first_errors(0.5, 0, 2)});
    EXPECT_GT(mixed.log_e_rollback, judge({}, {with_first_errors(0.1, 0, 3)}).log_e_rollback);
    EXPECT_LT(mixed.log_e_rollback, judge({}, {with_first_errors(0.1, 0, 5)}).log_e_rollback);
}

TEST(Judge, keeps_first_errors_and_first_requests_apart) {
    const auto late_errors = judge({}, {with_first_errors(0.1, 0, 50)});
    EXPECT_NEAR(late_errors.log_e_noninferior, 0, 1e-12);
    EXPECT_EQ(late_errors.log_e_floor, 0);
    const auto first_requests = judge(
        {}, {with_first_requests(0.1, {.first_requests = 90}, {.first_requests = 50, .first_request_errors = 50})});
    EXPECT_NEAR(first_requests.log_e_rollback, 0, 1e-12);
}

TEST(Judge, rolls_back_when_both_tests_pass) {
    auto revision = with_first_errors(0.1, 0, 50);
    revision.canary.first_requests = 5000;
    const auto judgement = judge({}, {revision});
    EXPECT_GT(judgement.log_e_promote, std::log(100));
    EXPECT_EQ(judgement.verdict, Verdict::roll_back);
}

TEST(Judge, never_bets_on_what_a_narrow_margin_must_disprove) {
    // The canary fails 1.5 times as often. A bet on 1.3 would gain by that, and call it better than 1.25.
    const auto seen = [](std::uint64_t times) {
        return judge({.margin = 1.25},
                     {with_first_requests(0.5, {.first_requests = 100 * times, .first_request_errors = 4 * times},
                                          {.first_requests = 100 * times, .first_request_errors = 6 * times})});
    };
    EXPECT_LT(seen(100).log_e_noninferior, 0);
    EXPECT_LT(seen(10000).log_e_noninferior, seen(100).log_e_noninferior);
}

TEST(Judge, has_no_number_too_large_for_it) {
    const std::uint64_t huge = std::uint64_t{1} << 62;
    const ArmCounts counts{.first_requests = huge, .first_request_errors = huge / 2, .first_errors = huge / 2};
    const auto judgement = judge({}, {{.canary_weight = 0.0001, .stable = counts, .canary = counts},
                                      {.canary_weight = 0.9999, .stable = counts, .canary = counts}});
    for (const double each :
         {judgement.log_e_rollback, judgement.log_e_promote, judgement.log_e_noninferior, judgement.log_e_floor})
        EXPECT_TRUE(std::isfinite(each)) << each;
}

TEST(Judge, takes_more_errors_than_requests_as_all_failed) {
    const auto judgement = judge({}, {with_first_requests(0.1, {}, {.first_requests = 1, .first_request_errors = 2})});
    EXPECT_NEAR(judgement.log_e_floor, 2 * std::log(0.1), 1e-12);
}

TEST(Judge, gives_the_same_bits_for_the_same_counts) {
    const std::vector<RevisionEvidence> evidence{with_first_errors(0.1, 17, 5), with_first_errors(0.5, 40, 41)};
    const auto judgement = judge({}, evidence);
    EXPECT_EQ(core::encode(judgement), core::encode(judge({}, evidence)));
    EXPECT_EQ(core::decode<Judgement>(core::encode(judgement)), judgement);
    EXPECT_EQ(core::decode<std::vector<RevisionEvidence>>(core::encode(evidence)), evidence);
}

TEST(Judge, takes_only_settings_within_bounds) {
    EXPECT_TRUE(sound({}));
    const double none = std::numeric_limits<double>::quiet_NaN();
    for (const double alpha : {0.0, 0.6, -1.0, none}) {
        EXPECT_FALSE(sound({.alpha_rollback = alpha})) << alpha;
        EXPECT_FALSE(sound({.alpha_promote = alpha})) << alpha;
    }
    for (const double margin : {1.0, 0.5, 101.0, none}) EXPECT_FALSE(sound({.margin = margin})) << margin;
    for (const double floor : {0.0, 0.6, none}) EXPECT_FALSE(sound(with_floor(floor))) << floor;
    EXPECT_NE(sound({.margin = 1}).failure().text().find("such as 2"), std::string::npos);
}

}  // namespace
}  // namespace sluice::rules
