#include "services/registry/decider.hpp"
#include "tests/support/facts.hpp"
#include "tests/support/scenario.hpp"

namespace sluice::registry {
namespace {

using namespace tests;

RolloutPromoted promoted(Version version) {
    return {{{7, version}, endpoint, fraud, version}, artifact_of(version), {}, 0};
}
RolloutRolledBack rolled_back(Version version, Version to) {
    return {{{7, version}, endpoint, fraud, version}, {}, to, {}};
}

class Champion : public testing::Test, protected Scenario<Decider> {
protected:
    void given_versions(int count) {
        for (int i = 1; i <= count; ++i) {
            TrainingCompleted done;
            done.model = fraud, done.run.id = {"run-" + std::to_string(i)};
            given(done);
        }
    }
};

TEST_F(Champion, is_the_version_that_was_promoted_last) {
    given_versions(2);
    when(promoted(1));
    then({AliasMoved{fraud, champion_alias, 1, 0}});
    when(promoted(2));
    then({AliasMoved{fraud, champion_alias, 2, 1}});
}

TEST_F(Champion, does_not_change_when_an_earlier_promotion_lands_late) {
    given_versions(2);
    as_of(20), given(promoted(2));
    as_of(10), when(promoted(1));
    then_nothing();
    as_of(30), when(rolled_back(2, 1));
    then({AliasMoved{fraud, champion_alias, 1, 2}});
    as_of(25), when(promoted(2));
    then_nothing();
}

TEST_F(Champion, of_a_model_that_nobody_trained_is_nobodys) {
    when(promoted(1));
    then_nothing();
}

}  // namespace
}  // namespace sluice::registry
