#pragma once
#include "events/evaluation.hpp"

#include <vector>

namespace sluice::rules {

/// Two gates that every model has to pass whatever its policy says: that its artifact scores as its trainer said
/// ("probe parity": at most 0.1 % of the probe's rows differ), and that every score is a finite number ("finite
/// scores").
inline constexpr double probe_different_share_max = 0.001;

/// Every gate with its number and its threshold, the built-in ones first: a pure function of the measurement, the
/// trainer's own metrics and the policy. A gate against the champion passes where there is none.
std::vector<events::GateResult> gates_of(const events::EvaluationMeasured& measured,
                                         const std::vector<events::Metric>& declared,
                                         const events::EvaluationRule& rule);

bool all_passed(const std::vector<events::GateResult>& gates);

}  // namespace sluice::rules
