#include "rules/judge.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <random>
#include <vector>

// The judge's promises, measured. Every test is seeded, so that it always comes out the same; the tolerance of a rate
// is its budget plus three standard deviations of a binomial count at that budget (of 1,000 runs at 1 %: at most 19).
namespace sluice::rules {
namespace {

using Verdict = Judgement::Verdict;

class Random {
public:
    explicit Random(std::uint64_t seed) : engine_{seed} {}
    double uniform() { return static_cast<double>(engine_() >> 11) * 0x1p-53; }
    bool happens(double probability) { return uniform() < probability; }

private:
    std::mt19937_64 engine_;
};

struct Traffic {
    std::function<double(std::uint64_t entity)> stable_rate, canary_rate;  // of the n-th entity to arrive
    std::function<double(std::uint64_t entity)> weight;
    std::uint64_t entities;
};

std::function<double(std::uint64_t)> always(double value) {
    return [value](std::uint64_t) { return value; };
}

struct Outcome {
    Verdict verdict = Verdict::keep_going;
    std::uint64_t canary_errors = 0;
};

/// One rollout in which each entity sends one request. The judge looks right before and after every error, which is
/// where its evidence peaks: so this is looking all the time.
class Rollout {
public:
    Rollout(const JudgeSettings& settings, const Traffic& traffic, Random& random)
        : settings_{settings}, traffic_{traffic}, random_{random} {}

    Outcome run() {
        for (std::uint64_t entity = 0; entity < traffic_.entities; ++entity)
            if (arrives(entity)) break;
        look();
        return outcome_;
    }

private:
    bool arrives(std::uint64_t entity) {
        const double weight = traffic_.weight(entity);
        if (evidence_.empty() || evidence_.back().canary_weight != weight)
            evidence_.push_back({.canary_weight = weight, .stable = {}, .canary = {}});
        const bool canary = random_.happens(weight);
        const bool error = random_.happens(canary ? traffic_.canary_rate(entity) : traffic_.stable_rate(entity));
        if (error && look()) return true;
        auto& arm = canary ? evidence_.back().canary : evidence_.back().stable;
        ++arm.first_requests;
        if (!error) return false;
        ++arm.first_request_errors;
        ++arm.first_errors;
        outcome_.canary_errors += canary;
        return look();
    }

    bool look() {
        if (outcome_.verdict == Verdict::keep_going) outcome_.verdict = judge(settings_, evidence_).verdict;
        return outcome_.verdict != Verdict::keep_going;
    }

    JudgeSettings settings_;
    const Traffic& traffic_;
    Random& random_;
    std::vector<RevisionEvidence> evidence_;
    Outcome outcome_;
};

int count_of(Verdict verdict, int runs, const JudgeSettings& settings, const Traffic& traffic, std::uint64_t seed) {
    Random random{seed};
    int count = 0;
    for (int run = 0; run < runs; ++run) count += Rollout{settings, traffic, random}.run().verdict == verdict;
    return count;
}

double tolerated(int runs, double budget) { return runs * budget + 3 * std::sqrt(runs * budget * (1 - budget)); }

// A test of one decision at a time: the other's budget is so small that it does not end the run first.
constexpr JudgeSettings rollback_only{.alpha_promote = 1e-9};
constexpr JudgeSettings promote_only{.alpha_rollback = 1e-9};

TEST(JudgeInTheLongRun, rolls_identical_arms_back_within_its_budget) {
    const Traffic alike{always(0.01), always(0.01), always(0.1), 10000};
    EXPECT_LE(count_of(Verdict::roll_back, 1000, rollback_only, alike, 1), tolerated(1000, 0.01));
}

TEST(JudgeInTheLongRun, rolls_identical_arms_back_within_its_budget_while_the_weight_rises) {
    const Traffic stepped{always(0.02), always(0.02), [](std::uint64_t entity) { return entity < 1500 ? 0.1 : 0.5; },
                          5000};
    EXPECT_LE(count_of(Verdict::roll_back, 1000, rollback_only, stepped, 2), tolerated(1000, 0.01));
}

TEST(JudgeInTheLongRun, is_not_fooled_by_an_error_rate_that_drifts_for_both) {
    const auto drift = [](std::uint64_t entity) {
        return 0.018 + 0.015 * std::sin(static_cast<double>(entity) / 1000);
    };
    const Traffic drifting{drift, drift, always(0.1), 10000};
    EXPECT_LE(count_of(Verdict::roll_back, 500, rollback_only, drifting, 3), tolerated(500, 0.01));
}

TEST(JudgeInTheLongRun, rolls_a_dead_canary_back_after_four_or_five_errors) {
    Random random{4};
    const Traffic dead{always(0.01), always(1), always(0.1), 10000};
    std::vector<std::uint64_t> errors;
    for (int run = 0; run < 1000; ++run) {
        const auto outcome = Rollout{{}, dead, random}.run();
        ASSERT_EQ(outcome.verdict, Verdict::roll_back);
        errors.push_back(outcome.canary_errors);
    }
    std::ranges::sort(errors);
    EXPECT_EQ(errors.front(), 4u);
    EXPECT_LE(errors[989], 5u) << "the 99th percentile";
    EXPECT_LE(errors.back(), 7u);
}

TEST(JudgeInTheLongRun, promotes_a_canary_twice_as_bad_within_its_budget) {
    const Traffic twice{always(0.01), always(0.02), always(0.5), 10000};
    EXPECT_LE(count_of(Verdict::promote, 1000, promote_only, twice, 5), tolerated(1000, 0.01));
}

TEST(JudgeInTheLongRun, promotes_within_its_budget_under_a_narrow_margin) {
    const Traffic worse{always(0.04), always(0.06), always(0.5), 5000};
    const JudgeSettings narrow{.alpha_rollback = 1e-9, .margin = 1.25};
    EXPECT_LE(count_of(Verdict::promote, 500, narrow, worse, 6), tolerated(500, 0.01));
}

TEST(JudgeInTheLongRun, tells_twice_as_bad_from_as_good) {
    const Traffic twice{always(0.01), always(0.02), always(0.5), 40000};
    const Traffic alike{always(0.01), always(0.01), always(0.5), 40000};
    EXPECT_GE(count_of(Verdict::roll_back, 100, {}, twice, 7), 95);
    EXPECT_GE(count_of(Verdict::promote, 100, {}, alike, 8), 90);
}

/// Identical versions, sticky assignment, one entity in ten failing 30 % of its requests and the others never.
class StickyTraffic {
public:
    explicit StickyTraffic(Random& random) : random_{random} {
        for (auto& entity : entities_) entity = {random.happens(0.1), random.happens(0.1) ? 0.3 : 0};
    }

    bool rolls_back(bool count_every_error) {
        RevisionEvidence evidence{.canary_weight = 0.1, .stable = {}, .canary = {}};
        for (int request = 0; request < 5000; ++request) {
            auto& entity = entities_[static_cast<std::size_t>(random_.uniform() * entities_.size())];
            if (!random_.happens(entity.rate) || (entity.failed && !count_every_error)) continue;
            entity.failed = true;
            ++(entity.canary ? evidence.canary : evidence.stable).first_errors;
            if (judge(rollback_only, {evidence}).verdict == Verdict::roll_back) return true;
        }
        return false;
    }

private:
    struct Entity {
        bool canary;
        double rate;
        bool failed = false;
    };
    std::array<Entity, 300> entities_;
    Random& random_;
};

int sticky_rollbacks(bool count_every_error) {
    Random random{9};
    int count = 0;
    for (int run = 0; run < 500; ++run) count += StickyTraffic{random}.rolls_back(count_every_error);
    return count;
}

TEST(JudgeInTheLongRun, keeps_its_budget_with_sticky_entities_that_count_once) {
    EXPECT_LE(sticky_rollbacks(false), tolerated(500, 0.01));
}

TEST(JudgeInTheLongRun, would_break_its_budget_if_every_error_of_an_entity_counted) {
    EXPECT_GT(sticky_rollbacks(true), 2 * tolerated(500, 0.01)) << "the reason for counting first errors";
}

}  // namespace
}  // namespace sluice::rules
