#pragma once
#include "events/catalogue.hpp"

// A small model and its rules, for stories.
namespace sluice::console {

using namespace events;

inline const Model fraud{"cards.fraud"};
inline const Endpoint cards{"cards"};
inline Digest digest_of_letter(char letter) { return {"sha256:" + std::string(64, letter)}; }
inline const Digest artifact = digest_of_letter('a'), dataset = digest_of_letter('d');

inline Policy policy() {
    Policy policy;
    policy.model = fraud;
    policy.evaluation = {{dataset, {"is_fraud"}}, 0.5, {}};
    policy.evaluation.gates.push_back({"good enough", "auc", 0.8, {}, {}, {}, {}});
    policy.evaluation.gates.push_back({"not worse", "auc", {}, {}, 0.05, Against::champion, {}});
    policy.approval = {ApprovalMode::manual, "reviewer", 3600};
    policy.endpoint = cards;
    policy.rollout.strategy = Strategy::canary;
    policy.rollout.steps = {{10, 5, 300}, {50, 5, 300}};
    return policy;
}

inline TrainingCompleted completion(const std::string& run) {
    TrainingCompleted done;
    done.model = fraud;
    done.run.id = {run};
    done.artifact = {artifact, 7};
    done.code = {"https://example.org/fraud", {"0123abc"}, false};
    done.data = {"cards", "2026-01-31", dataset};
    done.environment.digest = done.probe.digest = dataset;
    done.signature.inputs = {{{"amount"}, "double"}};
    done.signature.outputs = {{{"score"}, "double"}};
    done.job = "nightly";
    done.owner = "team fraud";
    return done;
}

inline EvaluationMeasured measured(Version version, double auc, std::uint32_t policy_version = 1) {
    EvaluationMeasured numbers;
    numbers.model = fraud;
    numbers.version = version;
    numbers.artifact = artifact;
    numbers.policy_version = policy_version;
    numbers.dataset = dataset;
    numbers.rows = 1000;
    numbers.positives = 100;
    numbers.scores = {auc, 0.3, 0.9};
    numbers.probe = {100, 0, 1e-7};
    numbers.runtime = "onnxruntime";
    return numbers;
}

}  // namespace sluice::console
