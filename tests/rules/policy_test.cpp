#include "rules/policy.hpp"

#include "tests/support/facts.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <limits>

namespace sluice::rules {
namespace {

using namespace events;
using Pointers = std::vector<std::string>;

/// What is wrong with a good policy after this change, as pointer and code.
Pointers after(const std::function<void(Policy&)>& change) {
    auto policy = tests::policy_of();
    change(policy);
    Pointers found;
    for (const auto& problem : problems_of(policy)) {
        EXPECT_FALSE(problem.detail.empty()) << problem.pointer << " has no advice";
        found.push_back(problem.pointer + " " + problem.code);
    }
    return found;
}
Pointers after_gate(const GateRule& gate) {
    return after([&](Policy& policy) { policy.evaluation.gates = {gate}; });
}
Pointers after_steps(std::vector<StepRule> steps) {
    return after([&](Policy& policy) { policy.rollout.steps = std::move(steps); });
}
Pointers after_judge(JudgeSettings judge) {
    return after([&](Policy& policy) { policy.rollout.judge = judge; });
}
Pointers after_serving(const std::function<void(ServingRule&)>& change) {
    return after([&](Policy& policy) { change(policy.serving.emplace()); });
}
const Pointers none;

TEST(Policy, may_be_published_as_the_tests_begin_with_it) {
    EXPECT_EQ(after([](Policy&) {}), none);
}

TEST(Policy, has_a_threshold_that_is_a_probability) {
    for (const double wrong : {-0.1, 1.1, std::numeric_limits<double>::quiet_NaN()})
        EXPECT_EQ(after([&](Policy& policy) { policy.evaluation.threshold = wrong; }),
                  Pointers{"/evaluation/threshold out_of_range"});
}

TEST(Policy, has_one_to_fifty_gates_of_different_names) {
    EXPECT_EQ(after([](Policy& policy) { policy.evaluation.gates.clear(); }), Pointers{"/evaluation/gates missing"});
    const auto many = [](std::size_t count) {
        return [=](Policy& policy) {
            const auto gate = policy.evaluation.gates.at(0);
            policy.evaluation.gates.clear();
            for (std::size_t i = 0; i < count; ++i) {
                policy.evaluation.gates.push_back(gate);
                policy.evaluation.gates.back().name += std::to_string(i);
            }
        };
    };
    EXPECT_EQ(after(many(50)), none);
    EXPECT_EQ(after(many(51)), Pointers{"/evaluation/gates too_many"});
    EXPECT_EQ(after([](Policy& policy) { policy.evaluation.gates.push_back(policy.evaluation.gates[0]); }),
              Pointers{"/evaluation/gates/1/name duplicate"});
}

TEST(Policy, names_its_gates) {
    EXPECT_EQ(after_gate({"", "auc", 0.8, {}, {}, {}, {}}), Pointers{"/evaluation/gates/0/name missing"});
}

TEST(Policy, gates_on_a_metric_that_is_not_measured_only_as_self_reported) {
    EXPECT_EQ(after_gate({"speed", "latency", {}, 20, {}, {}, {}}),
              Pointers{"/evaluation/gates/0/metric unknown_value"});
    EXPECT_EQ(after_gate({"speed", "latency", {}, 20, {}, {}, true}), none);
}

TEST(Policy, has_absolute_gates_with_exactly_one_bound) {
    EXPECT_EQ(after_gate({"a", "auc", {}, {}, {}, {}, {}}), Pointers{"/evaluation/gates/0 conflict"});
    EXPECT_EQ(after_gate({"a", "auc", 0.8, 0.9, {}, {}, {}}), Pointers{"/evaluation/gates/0 conflict"});
    EXPECT_EQ(after_gate({"a", "auc", 0.8, {}, 0.05, {}, {}}), Pointers{"/evaluation/gates/0/max_drop conflict"});
}

TEST(Policy, has_gates_against_the_champion_with_a_drop_and_nothing_else) {
    const auto champion = Against::champion;
    EXPECT_EQ(after_gate({"c", "auc", {}, {}, 0.05, champion, {}}), none);
    EXPECT_EQ(after_gate({"c", "auc", {}, {}, {}, champion, {}}), Pointers{"/evaluation/gates/0/max_drop missing"});
    EXPECT_EQ(after_gate({"c", "auc", 0.8, {}, 0.05, champion, {}}), Pointers{"/evaluation/gates/0 conflict"});
    EXPECT_EQ(after_gate({"c", "auc", {}, {}, 0.05, champion, true}),
              Pointers{"/evaluation/gates/0/self_reported conflict"});
    EXPECT_EQ(after_gate({"c", "auc", {}, {}, -0.05, champion, {}}),
              Pointers{"/evaluation/gates/0/max_drop out_of_range"});
}

TEST(Policy, has_a_role_and_an_expiry_only_where_a_person_decides) {
    const auto approval = [](ApprovalRule rule) {
        return after([&](Policy& policy) { policy.approval = std::move(rule); });
    };
    EXPECT_EQ(approval({ApprovalMode::automatic, {}, {}}), none);
    EXPECT_EQ(approval({ApprovalMode::automatic, "reviewer", {}}), Pointers{"/approval conflict"});
    EXPECT_EQ(approval({ApprovalMode::automatic, {}, 60}), Pointers{"/approval conflict"});
    EXPECT_EQ(approval({ApprovalMode::manual, "", {}}), Pointers{"/approval/role malformed"});
    EXPECT_EQ(approval({ApprovalMode::manual, {}, 0}), Pointers{"/approval/expires_after_s out_of_range"});
    EXPECT_EQ(approval({ApprovalMode::manual, {}, 367 * 86'400}), Pointers{"/approval/expires_after_s out_of_range"});
}

TEST(Policy, has_steps_and_a_judge_only_for_a_canary) {
    EXPECT_EQ(after_steps({}), Pointers{"/rollout/steps missing"});
    const auto at_once = [](Policy& policy) { policy.rollout = {Strategy::all_at_once, {}, {}, {}}; };
    EXPECT_EQ(after(at_once), none);
    EXPECT_EQ(after([&](Policy& policy) {
                  at_once(policy), policy.rollout.steps = {{10, 5, 20}};
              }),
              Pointers{"/rollout conflict"});
    EXPECT_EQ(after([&](Policy& policy) { at_once(policy), policy.rollout.judge.emplace(); }),
              Pointers{"/rollout conflict"});
}

TEST(Policy, has_steps_that_rise_and_leave_a_control_arm) {
    EXPECT_EQ(after_steps({{0, 5, 20}}), (Pointers{"/rollout/steps/0/weight_percent out_of_range",
                                                   "/rollout/steps/0/weight_percent out_of_order"}));
    EXPECT_EQ(after_steps({{100, 5, 20}}), Pointers{"/rollout/steps/0/weight_percent out_of_range"});
    EXPECT_EQ(after_steps({{50, 5, 20}, {50, 5, 20}}), Pointers{"/rollout/steps/1/weight_percent out_of_order"});
    EXPECT_EQ(after_steps({{10, 31 * 86'400, 20}}), Pointers{"/rollout/steps/0/bake_s out_of_range"});
    EXPECT_EQ(after_steps({{10, 5, 0}}), Pointers{"/rollout/steps/0/entities_min out_of_range"});
    std::vector<StepRule> many;
    for (int i = 1; i <= 21; ++i) many.push_back({static_cast<double>(i), 5, 20});
    EXPECT_EQ(after_steps(many), Pointers{"/rollout/steps too_many"});
}

TEST(Policy, has_a_judge_with_sound_settings) {
    EXPECT_EQ(after_judge({0, 0.01, 2, 0.02}), Pointers{"/rollout/judge/alpha_rollback out_of_range"});
    EXPECT_EQ(after_judge({0.01, 0.6, 2, 0.02}), Pointers{"/rollout/judge/alpha_promote out_of_range"});
    EXPECT_EQ(after_judge({0.01, 0.01, 1, 0.02}), Pointers{"/rollout/judge/margin out_of_range"});
    EXPECT_EQ(after_judge({0.01, 0.01, 2, 0}), Pointers{"/rollout/judge/p_floor out_of_range"});
}

TEST(Policy, has_serving_limits_that_can_be_kept) {
    EXPECT_EQ(after_serving([](ServingRule& rule) { rule.timeout_ms = 0; }),
              Pointers{"/serving/timeout_ms out_of_range"});
    EXPECT_EQ(after_serving([](ServingRule& rule) { rule.node_lost_after_ms = 10; }),
              Pointers{"/serving/node_lost_after_ms out_of_range"});
    EXPECT_EQ(after_serving([](ServingRule& rule) { rule.required_features.resize(1001, {"amount"}); }),
              Pointers{"/serving/required_features too_many"});
}

TEST(Policy, has_feature_views_that_each_give_columns_of_their_own) {
    const FeatureRule user{{"user"}, {"user_id"}, {{"count_1h"}}, {}};
    EXPECT_EQ(after_serving([&](ServingRule& rule) { rule.features = {user}; }), none);
    EXPECT_EQ(after_serving([&](ServingRule& rule) {
                  rule.features = {{{"user"}, {"user_id"}, {}, {}}};
              }),
              Pointers{"/serving/features/0/columns missing"});
    EXPECT_EQ(after_serving([&](ServingRule& rule) {
                  rule.features = {user, user};
              }),
              Pointers{"/serving/features/1/columns duplicate"});
    const auto many = after_serving([](ServingRule& rule) {
        for (int i = 0; i < 51; ++i)
            rule.features.push_back({{"user"}, {"user_id"}, {{"column" + std::to_string(i)}}, {}});
    });
    EXPECT_EQ(many, Pointers{"/serving/features too_many"});
}

TEST(Policy, is_refused_with_so_many_problems_as_fit_into_one_fact) {
    const auto many = after([](Policy& policy) { policy.evaluation.gates.assign(50, {"", "", {}, {}, {}, {}, {}}); });
    EXPECT_EQ(many.size(), 100u);
}

TEST(Policy, holds_something_sensible_where_it_is_silent) {
    Policy silent;
    EXPECT_EQ(judge_of(silent), (JudgeSettings{0.01, 0.01, 2.0, 0.01}));
    EXPECT_EQ(timeout_ms_of(silent), 1000u);
    EXPECT_EQ(node_lost_after_ms_of(silent), 10'000u);
    EXPECT_EQ(assignment_of(silent), AssignmentUnit::entity);
    EXPECT_TRUE(request_wins({}));
}

TEST(Policy, is_small_enough_that_what_is_decided_about_it_fits_the_ledger) {
    auto gate = tests::policy_of().evaluation.gates.front();
    gate.name = std::string(129, 'x');
    EXPECT_EQ(after_gate(gate), Pointers{"/evaluation/gates/0/name too_long"});
    EXPECT_EQ(after([](Policy& policy) { policy.approval.role = std::string(129, 'x'); }),
              Pointers{"/approval/role malformed"});
    const auto large = after_serving([](ServingRule& rule) {
        for (int i = 0; i < 900; ++i)
            rule.required_features.push_back({"a_long_name_of_a_feature_" + std::to_string(i)});
    });
    EXPECT_EQ(large, Pointers{" too_large"});
}

TEST(Policy, knows_of_which_metric_less_is_better) {
    EXPECT_TRUE(more_is_better("auc"));
    EXPECT_TRUE(more_is_better("accuracy"));
    EXPECT_FALSE(more_is_better("log_loss"));
}

}  // namespace
}  // namespace sluice::rules
