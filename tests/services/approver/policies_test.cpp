#include "services/approver/decider.hpp"
#include "tests/support/facts.hpp"
#include "tests/support/scenario.hpp"

namespace sluice::approver {
namespace {

using namespace tests;

class Policies : public testing::Test, protected Scenario<Decider> {
protected:
    /// Of the refusal of what was just submitted.
    std::vector<std::string> pointers() const {
        std::vector<std::string> found;
        for (const auto& problem : owed<PolicyRefused>().problems) found.push_back(problem.pointer);
        return found;
    }
    using Pointers = std::vector<std::string>;
};

TEST_F(Policies, are_numbered_from_one_per_model) {
    when(PolicySubmitted{policy_of(), 0});
    then({PolicyPublished{1, policy_of()}});
    when(PolicySubmitted{policy_of({"churn"}), 0});
    then({PolicyPublished{1, policy_of({"churn"})}});
    when(PolicySubmitted{policy_of(), 1});
    then({PolicyPublished{2, policy_of()}});
}

TEST_F(Policies, are_published_only_on_top_of_the_one_that_was_seen) {
    given(PolicySubmitted{policy_of(), 0});
    for (const auto stale : {0u, 2u}) {
        when(PolicySubmitted{policy_of(), stale});
        EXPECT_EQ(pointers(), Pointers{"/expected_version"});
        const auto problem = owed<PolicyRefused>().problems.at(0);
        EXPECT_EQ(problem.code, "version_has_moved");
        EXPECT_NE(problem.detail.find("is 1 now"), std::string::npos) << problem.detail;
    }
}

TEST_F(Policies, let_one_of_two_people_win_who_submit_at_the_same_time) {
    when(PolicySubmitted{policy_of(), 0});
    EXPECT_TRUE(owes<PolicyPublished>());
    when(PolicySubmitted{policy_of(), 0});
    EXPECT_FALSE(owes<PolicyPublished>());
    EXPECT_EQ(pointers(), Pointers{"/expected_version"});
}

TEST_F(Policies, that_are_wrong_take_no_number) {
    auto wrong = policy_of();
    wrong.evaluation.gates.clear();
    when(PolicySubmitted{wrong, 0});
    EXPECT_EQ(pointers(), Pointers{"/evaluation/gates"});
    when(PolicySubmitted{policy_of(), 0});
    then({PolicyPublished{1, policy_of()}});
}

TEST_F(Policies, are_refused_with_every_problem_at_once) {
    given(PolicySubmitted{policy_of(), 0});
    auto wrong = policy_of();
    wrong.evaluation.threshold = 2;
    wrong.rollout.steps.clear();
    when(PolicySubmitted{wrong, 0});
    EXPECT_EQ(pointers(), (Pointers{"/evaluation/threshold", "/rollout/steps", "/expected_version"}));
}

TEST_F(Policies, of_two_models_may_not_share_an_endpoint) {
    given(PolicySubmitted{policy_of(), 0});
    auto intruder = policy_of({"churn"});
    intruder.endpoint = endpoint;
    when(PolicySubmitted{intruder, 0});
    EXPECT_EQ(pointers(), Pointers{"/endpoint"});
}

TEST_F(Policies, keep_an_endpoint_that_their_model_has_left) {
    given(PolicySubmitted{policy_of(), 0});
    auto moved = policy_of();
    moved.endpoint = {"elsewhere"};
    given(PolicySubmitted{moved, 1});
    auto intruder = policy_of({"churn"});
    intruder.endpoint = endpoint;
    when(PolicySubmitted{intruder, 0});
    EXPECT_EQ(pointers(), Pointers{"/endpoint"});
    when(PolicySubmitted{policy_of(), 2});
    EXPECT_TRUE(owes<PolicyPublished>());
}

}  // namespace
}  // namespace sluice::approver
