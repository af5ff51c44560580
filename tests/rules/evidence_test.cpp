#include "rules/evidence.hpp"

#include "tests/support/facts.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <set>

namespace sluice::rules {
namespace {

using namespace events;

struct Ingredients {
    EvaluationMeasured measured;
    std::vector<GateResult> gates{{"good enough", "auc", 0.9, 0.8, {}, false, true}};
    std::uint32_t policy_version = 1;
    Policy policy = tests::policy_of();
    std::vector<FeatureView> features{{{"user"}, 1}};

    Digest digest() const { return evidence_digest(measured, gates, policy_version, policy, features); }
};

TEST(Evidence, is_a_digest_and_the_same_each_time) {
    EXPECT_TRUE(DigestText::fits(Ingredients{}.digest().text));
    EXPECT_EQ(Ingredients{}.digest(), Ingredients{}.digest());
}

TEST(Evidence, changes_with_any_ingredient) {
    using Change = std::function<void(Ingredients&)>;
    const std::vector<Change> changes{
        [](auto& of) { of.measured.artifact = tests::artifact_of(2); },
        [](auto& of) { of.measured.dataset = tests::digest_of("other rows"); },
        [](auto& of) { of.measured.scores.auc = 0.91; },
        [](auto& of) { of.measured.champion.emplace(); },
        [](auto& of) { of.measured.probe.different = 1; },
        [](auto& of) { of.measured.runtime = "another library"; },
        [](auto& of) { of.gates[0].threshold = 0.7; },
        [](auto& of) { of.gates[0].self_reported = true; },
        [](auto& of) { of.policy_version = 2; },
        [](auto& of) { of.policy.approval.role = "auditor"; },
        [](auto& of) { of.policy.rollout.steps.pop_back(); },
        [](auto& of) { of.policy.serving.emplace(); },
        [](auto& of) { of.features[0].version = 2; },
        [](auto& of) { of.features.clear(); },
    };
    std::set<Digest> digests{Ingredients{}.digest()};
    for (const auto& change : changes) {
        Ingredients changed;
        change(changed);
        digests.insert(changed.digest());
    }
    EXPECT_EQ(digests.size(), changes.size() + 1);
}

}  // namespace
}  // namespace sluice::rules
