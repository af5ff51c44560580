#include "rules/evidence.hpp"

#include "common/core/binary.hpp"
#include "common/core/sha256.hpp"

namespace sluice::rules {

events::Digest evidence_digest(const events::EvaluationMeasured& measured, const std::vector<events::GateResult>& gates,
                               std::uint32_t policy_version, const events::Policy& policy,
                               const std::vector<events::FeatureView>& features) {
    std::string bytes = core::encode(measured.artifact);
    core::put(bytes, measured);
    core::put(bytes, gates);
    core::put(bytes, policy_version);
    core::put(bytes, policy);
    core::put(bytes, features);
    return {core::digest_of(bytes)};
}

}  // namespace sluice::rules
