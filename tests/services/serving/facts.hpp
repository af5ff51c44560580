#pragma once
#include "common/core/sha256.hpp"
#include "services/serving/decider.hpp"

// What a serving node reads, in few words: one model, fraud, on one endpoint of that name.
namespace sluice::serving {

inline const Model fraud{"fraud"};
inline const Endpoint endpoint{"fraud"};
inline const std::vector<Column> abc{{"a"}, {"b"}, {"c"}};

inline Digest digest_of(std::string_view bytes) { return {core::digest_of(bytes)}; }

inline PolicyPublished policy(ServingRule rule = {}, std::uint32_t version = 1) {
    PolicyPublished published;
    published.version = version;
    published.policy.model = fraud;
    published.policy.endpoint = endpoint;
    published.policy.evaluation.dataset = {digest_of("rows"), {"label"}};
    published.policy.serving = std::move(rule);
    return published;
}

inline ModelVersionRegistered registered(Version version, const Digest& artifact,
                                         const std::vector<Column>& columns = abc,
                                         std::vector<FeatureView> views = {}) {
    ModelVersionRegistered fact;
    fact.model = fraud, fact.version = version, fact.artifact.digest = artifact;
    fact.run = {"run"}, fact.submitter = {"trainer-1"}, fact.probe.digest = digest_of("probe");
    for (const auto& column : columns) fact.signature.inputs.push_back({column, "double"});
    fact.features = std::move(views);
    return fact;
}

inline ApprovalGranted granted(Version version, const Digest& artifact) {
    ApprovalGranted fact;
    fact.model = fraud, fact.version = version, fact.artifact = artifact, fact.evidence = digest_of("evidence");
    return fact;
}

/// All traffic to one version.
inline Route all_to(RouteTarget stable, Revision revision) {
    Route route;
    route.endpoint = endpoint, route.model = fraud, route.revision = revision;
    route.rollout = {7, revision}, route.salt = core::to_text(route.rollout);
    route.stable = std::move(stable);
    return route;
}
inline Route split(RouteTarget stable, RouteTarget canary, std::uint32_t canary_weight_bp, Revision revision) {
    auto route = all_to(std::move(stable), revision);
    route.canary = std::move(canary);
    route.canary_weight_bp = canary_weight_bp;
    return route;
}

}  // namespace sluice::serving
