#pragma once
#include "events/policy.hpp"

#include <vector>

namespace sluice::rules {

/// The metrics that the evaluator measures itself; a gate on any other must be self-reported.
inline constexpr std::array<std::string_view, 3> measured_metrics{"auc", "log_loss", "accuracy"};
/// Of these, more is better; of log loss, less.
bool more_is_better(std::string_view metric);

/// Everything that is wrong with a policy, by JSON pointer into it; nothing where it may be published.
std::vector<events::Problem> problems_of(const events::Policy& policy);

/// What holds where the policy is silent.
events::JudgeSettings judge_of(const events::Policy& policy);
std::uint32_t timeout_ms_of(const events::Policy& policy);           ///< 1000
std::uint32_t node_lost_after_ms_of(const events::Policy& policy);   ///< 10,000
events::AssignmentUnit assignment_of(const events::Policy& policy);  ///< entity
bool request_wins(const events::FeatureRule& rule);                  ///< yes

}  // namespace sluice::rules
