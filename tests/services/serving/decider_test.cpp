#include "services/serving/decider.hpp"

#include "tests/services/serving/facts.hpp"

#include <gtest/gtest.h>

namespace sluice::serving {
namespace {

const Digest first = digest_of("first"), second = digest_of("second");

class Serving : public testing::Test {
protected:
    void given(std::vector<Inputs> facts) {
        for (auto& fact : facts) evolve(state_, {{}, std::move(fact)});
    }
    std::string refusal_of(const Route& route) {
        const auto plan = plan_of(state_, route);
        const auto* refusal = std::get_if<Refusal>(&plan);
        return refusal ? refusal->code : "none";
    }
    State state_;
};

TEST_F(Serving, serves_a_version_whose_artifact_is_approved) {
    given({policy(), registered(1, first), granted(1, first), RouteChanged{all_to({1, first}, 1)}});
    const auto plan = plan_of(state_, state_.routes.at(endpoint));
    ASSERT_TRUE(std::holds_alternative<Plan>(plan));
    EXPECT_EQ(std::get<Plan>(plan).stable->shape.columns, abc);
    EXPECT_FALSE(std::get<Plan>(plan).compares());
}

TEST_F(Serving, refuses_a_digest_that_nobody_approved) {
    given({registered(1, first), granted(1, first)});
    EXPECT_EQ(refusal_of(all_to({1, second}, 1)), "not_approved");
    EXPECT_EQ(refusal_of(all_to({2, first}, 1)), "not_approved");
}

TEST_F(Serving, refuses_a_route_of_which_one_target_may_not_be_served) {
    given({registered(1, first), granted(1, first), registered(2, second)});
    EXPECT_EQ(refusal_of(split({1, first}, {2, second}, 1000, 2)), "not_approved");
    given({granted(2, second)});
    EXPECT_EQ(refusal_of(split({1, first}, {2, second}, 1000, 2)), "none");
}

TEST_F(Serving, refuses_a_version_that_was_never_registered) {
    given({granted(1, first)});
    EXPECT_EQ(refusal_of(all_to({1, first}, 1)), "not_registered");
}

TEST_F(Serving, keeps_the_route_of_the_highest_revision_in_whatever_order_they_land) {
    given({RouteChanged{all_to({2, second}, 2)}, RouteChanged{all_to({1, first}, 1)}});
    EXPECT_EQ(state_.routes.at(endpoint).revision, 2u);
}

TEST_F(Serving, keeps_the_newest_policy_in_whatever_order_they_land) {
    ServingRule slow, quick;
    slow.timeout_ms = 900, quick.timeout_ms = 90;
    given({policy(quick, 2), policy(slow, 1)});
    EXPECT_EQ(state_.rules.at(fraud).timeout_ms, 90u);
}

TEST_F(Serving, knows_an_endpoint_from_its_policy_before_there_is_a_route) {
    EXPECT_FALSE(knows(state_, endpoint));
    given({policy()});
    EXPECT_TRUE(knows(state_, endpoint));
    EXPECT_FALSE(knows(state_, {"churn"}));
}

}  // namespace
}  // namespace sluice::serving
