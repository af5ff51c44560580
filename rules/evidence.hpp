#pragma once
#include "events/evaluation.hpp"

namespace sluice::rules {

/// What an approval binds: SHA-256 over the binary form (common/core/binary.hpp) of, in this order, the artifact's
/// digest, the measurement with its gates, the policy's version and rules, and the features. Any change makes another
/// digest.
events::Digest evidence_digest(const events::EvaluationMeasured& measured, const std::vector<events::GateResult>& gates,
                               std::uint32_t policy_version, const events::Policy& policy,
                               const std::vector<events::FeatureView>& features);

}  // namespace sluice::rules
