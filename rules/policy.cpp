#include "rules/policy.hpp"

#include "common/core/binary.hpp"

#include <algorithm>
#include <set>

namespace sluice::rules {
namespace {

using namespace events;

/// Notes what is wrong, where; not more than fits into one fact.
class Check {
public:
    static constexpr std::size_t problems_max = 100;

    void that(bool holds, std::string pointer, std::string code, std::string advice) {
        if (!holds && problems_.size() < problems_max)
            problems_.push_back({std::move(pointer), std::move(code), std::move(advice)});
    }
    template <class T> void within(T value, T low, T high, std::string pointer) {
        const auto text = [](T number) {
            auto digits = std::to_string(number);
            if (digits.find('.') != digits.npos) digits.erase(digits.find_last_not_of('0') + 1);
            if (digits.back() == '.') digits.pop_back();
            return digits;
        };
        that(low <= value && value <= high, std::move(pointer), "out_of_range",
             "give a number from " + text(low) + " to " + text(high));
    }
    std::vector<Problem> take() { return std::move(problems_); }

private:
    std::vector<Problem> problems_;
};

// What is decided about a policy repeats parts of it, and every fact must fit the ledger.
constexpr std::size_t policy_size_max = 16 * 1024, name_size_max = 128;
constexpr std::size_t gates_max = 50, steps_max = 20, views_max = 50, columns_max = 1000;

std::string item(const std::string& list, std::size_t i) { return list + "/" + std::to_string(i); }

bool is_plain(std::string_view text) {
    return std::ranges::none_of(text, [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

void check_gate(Check& check, const GateRule& gate, const std::string& at) {
    const bool compares = gate.against.value_or(Against::nothing) == Against::champion;
    const bool measured = std::ranges::find(measured_metrics, gate.metric) != measured_metrics.end();
    const bool self_reported = gate.self_reported.value_or(false);
    check.that(!gate.name.empty(), at + "/name", "missing", "give the gate a name that a reviewer understands");
    check.that(is_plain(gate.name) && is_plain(gate.metric), at, "malformed", "names have no control characters");
    check.that(gate.name.size() <= name_size_max, at + "/name", "too_long", "at most 128 bytes");
    check.that(gate.metric.size() <= name_size_max, at + "/metric", "too_long", "at most 128 bytes");
    check.that(measured || self_reported, at + "/metric", "unknown_value",
               "give auc, log_loss or accuracy, or say self_reported: true for a metric that the trainer declared");
    if (compares) {
        check.that(gate.max_drop.has_value(), at + "/max_drop", "missing",
                   "say how much worse than the champion it may be");
        check.that(!gate.at_least && !gate.at_most, at, "conflict",
                   "a gate against the champion has max_drop, no at_least or at_most");
        check.that(!self_reported, at + "/self_reported", "conflict",
                   "only measured metrics can be compared with the champion");
    } else {
        check.that(gate.at_least.has_value() != gate.at_most.has_value(), at, "conflict",
                   "give one of at_least and at_most");
        check.that(!gate.max_drop, at + "/max_drop", "conflict", "max_drop wants against: champion");
    }
    if (gate.max_drop) check.within(*gate.max_drop, 0.0, 1e6, at + "/max_drop");
}

void check_evaluation(Check& check, const EvaluationRule& rule) {
    check.within(rule.threshold, 0.0, 1.0, "/evaluation/threshold");
    check.that(!rule.gates.empty(), "/evaluation/gates", "missing", "give at least one gate");
    check.that(rule.gates.size() <= gates_max, "/evaluation/gates", "too_many", "at most 50 gates");
    std::set<std::string> names;
    for (std::size_t i = 0; i < rule.gates.size(); ++i) {
        const auto at = item("/evaluation/gates", i);
        check_gate(check, rule.gates[i], at);
        check.that(names.insert(rule.gates[i].name).second, at + "/name", "duplicate", "gates need different names");
    }
}

void check_approval(Check& check, const ApprovalRule& rule) {
    const bool automatic = rule.mode == ApprovalMode::automatic;
    check.that(!automatic || (!rule.role && !rule.expires_after_s), "/approval", "conflict",
               "an automatic approval has no role and does not expire");
    check.that(!rule.role || (!rule.role->empty() && rule.role->size() <= name_size_max), "/approval/role", "malformed",
               "name a role, in at most 128 bytes");
    if (rule.expires_after_s) check.within(*rule.expires_after_s, 1u, 366u * 86'400u, "/approval/expires_after_s");
}

void check_rollout(Check& check, const RolloutRule& rule) {
    const bool canary = rule.strategy == Strategy::canary;
    check.that(canary || (rule.steps.empty() && !rule.judge), "/rollout", "conflict",
               "all-at-once has neither steps nor a judge");
    check.that(!canary || !rule.steps.empty(), "/rollout/steps", "missing", "a canary needs at least one step");
    check.that(rule.steps.size() <= steps_max, "/rollout/steps", "too_many", "at most 20 steps");
    double weight = 0;
    for (std::size_t i = 0; i < rule.steps.size(); ++i) {
        const auto& step = rule.steps[i];
        const auto at = item("/rollout/steps", i);
        check.within(step.weight_percent, 0.01, 99.0, at + "/weight_percent");
        check.that(step.weight_percent > weight, at + "/weight_percent", "out_of_order",
                   "weights must rise from step to step");
        check.within(step.bake_s, 0u, 30u * 86'400u, at + "/bake_s");
        check.within(step.entities_min, 1u, 100'000u, at + "/entities_min");
        weight = step.weight_percent;
    }
    const auto judge = rule.judge.value_or(JudgeSettings{});
    check.within(judge.alpha_rollback, 1e-6, 0.5, "/rollout/judge/alpha_rollback");
    check.within(judge.alpha_promote, 1e-6, 0.5, "/rollout/judge/alpha_promote");
    check.within(judge.margin, 1.01, 100.0, "/rollout/judge/margin");
    check.within(judge.p_floor, 1e-5, 0.5, "/rollout/judge/p_floor");
}

void check_serving(Check& check, const ServingRule& rule) {
    if (rule.timeout_ms) check.within(*rule.timeout_ms, 1u, 60'000u, "/serving/timeout_ms");
    if (rule.node_lost_after_ms)
        check.within(*rule.node_lost_after_ms, 1'000u, 3'600'000u, "/serving/node_lost_after_ms");
    check.that(rule.features.size() <= views_max, "/serving/features", "too_many", "at most 50 views");
    check.that(rule.required_features.size() <= columns_max, "/serving/required_features", "too_many", "at most 1000");
    std::set<Column> columns;
    for (std::size_t i = 0; i < rule.features.size(); ++i) {
        const auto& view = rule.features[i];
        const auto at = item("/serving/features", i) + "/columns";
        check.that(!view.columns.empty(), at, "missing", "name the columns that this view gives");
        check.that(view.columns.size() <= columns_max, at, "too_many", "at most 1000 columns");
        for (const auto& column : view.columns)
            check.that(columns.insert(column).second, at, "duplicate", "two views give the same column: leave one out");
    }
}

}  // namespace

bool more_is_better(std::string_view metric) { return metric != "log_loss"; }

std::vector<Problem> problems_of(const Policy& policy) {
    Check check;
    check.that(core::encode(policy).size() <= policy_size_max, "", "too_large",
               "a policy is at most 16 KiB: shorten its lists");
    check_evaluation(check, policy.evaluation);
    check_approval(check, policy.approval);
    check_rollout(check, policy.rollout);
    if (policy.serving) check_serving(check, *policy.serving);
    return check.take();
}

JudgeSettings judge_of(const Policy& policy) { return policy.rollout.judge.value_or(JudgeSettings{}); }

std::uint32_t timeout_ms_of(const Policy& policy) {
    return policy.serving ? policy.serving->timeout_ms.value_or(1000) : 1000;
}
std::uint32_t node_lost_after_ms_of(const Policy& policy) {
    return policy.serving ? policy.serving->node_lost_after_ms.value_or(10'000) : 10'000;
}
AssignmentUnit assignment_of(const Policy& policy) {
    return policy.rollout.assignment.value_or(AssignmentUnit::entity);
}
bool request_wins(const FeatureRule& rule) { return rule.request_wins.value_or(true); }

}  // namespace sluice::rules
