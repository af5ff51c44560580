#pragma once
#include "common/core/sha256.hpp"
#include "events/catalogue.hpp"

// The facts that most tests begin with: one model, fraud, on one endpoint of that name.
namespace sluice::tests {

inline const events::Model fraud{"fraud"};
inline const events::Endpoint endpoint{"fraud"};
inline const events::Person ann{"ann"}, bob{"bob"};

inline events::Digest digest_of(std::string_view bytes) { return {core::digest_of(bytes)}; }
inline events::Digest artifact_of(events::Version version) { return digest_of("artifact " + std::to_string(version)); }

/// One absolute gate, a person of role reviewer, a canary of two steps.
inline events::Policy policy_of(const events::Model& model = fraud) {
    events::Policy policy;
    policy.model = model;
    policy.evaluation = {{digest_of("rows"), {"label"}}, 0.5, {}};
    policy.evaluation.gates.push_back({"good enough", "auc", 0.8, {}, {}, {}, {}});
    policy.approval = {events::ApprovalMode::manual, "reviewer", 60};
    policy.endpoint = {model.text};
    policy.rollout.strategy = events::Strategy::canary;
    policy.rollout.steps = {{10, 5, 20}, {50, 5, 100}};
    policy.rollout.judge = events::JudgeSettings{0.01, 0.01, 2.0, 0.02};
    return policy;
}

inline events::ModelVersionRegistered registered(events::Version version, const events::Model& model = fraud) {
    events::ModelVersionRegistered fact;
    fact.model = model, fact.version = version, fact.run = {"run-" + std::to_string(version)};
    fact.submitter = ann, fact.artifact = {artifact_of(version), 100}, fact.probe = {digest_of("probe")};
    fact.signature.inputs = {{{"amount"}, "double"}, {{"hour"}, "double"}};
    fact.features = {{{"user"}, 1}};
    fact.metrics = {{"auc", 0.9, {}}};
    return fact;
}

}  // namespace sluice::tests
