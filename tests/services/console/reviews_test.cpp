#include "tests/services/console/town.hpp"

using namespace sluice;
using namespace sluice::console;

namespace {

TEST_F(ConsoleApi, shows_a_reviewer_all_evidence) {
    publishes();
    is_evaluated(1, 0.9);
    const auto inbox = page("/v1/reviews").at("reviews");
    ASSERT_EQ(inbox.size(), 1u);
    EXPECT_EQ(inbox[0].at("model"), "cards.fraud");
    EXPECT_EQ(inbox[0].at("role"), "reviewer");
    EXPECT_EQ(inbox[0].at("submitter"), "trainer-1");

    const auto shown = page("/v1/evidence/cards.fraud/1");
    EXPECT_EQ(shown.at("stage"), "waiting_for_review");
    EXPECT_EQ(shown.at("completion").at("data"), Json::parse(events::to_json(completion("run-1"))));
    EXPECT_EQ(shown.at("evaluation").at("policy_version"), 1);
    EXPECT_EQ(shown.at("evaluation").at("measured").at("rows"), 1000);
    const auto& gates = shown.at("evaluation").at("gates");
    EXPECT_EQ(gates.size(), 4u);
    EXPECT_EQ(gates[2], (Json{{"name", "good enough"},
                              {"metric", "auc"},
                              {"number", 0.9},
                              {"threshold", 0.8},
                              {"self_reported", false},
                              {"passed", true}}));
    EXPECT_EQ(shown.at("evidence"), inbox[0].at("evidence"));
    EXPECT_EQ(shown.at("approval").at("state"), "open");
}

TEST_F(ConsoleApi, shows_the_difference_to_the_champion) {
    publishes();
    is_evaluated(1, 0.9);
    auto numbers = measured(1, 0.91);
    numbers.version = 2;
    numbers.champion = ChampionScores{1, artifact, {0.9, 0.35, 0.88}};
    completes("run-2");
    is_scored(numbers);
    until_stage(2, Stage::waiting_for_review);
    const auto shown = page("/v1/evidence/cards.fraud/2").at("evaluation");
    EXPECT_NEAR(shown.at("difference").at("auc").get<double>(), 0.01, 1e-12);
    EXPECT_EQ(shown.at("difference").at("version"), 1);
    EXPECT_NEAR(shown.at("gates")[3].at("difference").get<double>(), 0.01, 1e-12);
}

TEST_F(ConsoleApi, counts_a_review) {
    publishes();
    is_evaluated(1, 0.9);
    const auto approved = review();
    ASSERT_EQ(approved.status, 200) << approved.body;
    EXPECT_EQ(approved.body.at("approval"), "granted");
    EXPECT_EQ(approved.body.at("decision"), "approve");
    EXPECT_EQ(approved.body.at("answer").at("fact"), "ReviewCounted");
    const auto shown = page("/v1/evidence/cards.fraud/1").at("approval");
    EXPECT_EQ(shown.at("state"), "granted");
    EXPECT_EQ(shown.at("reviewer"), "reviewer-1");
    EXPECT_EQ(shown.at("comment"), "looks right");
    EXPECT_EQ(page("/v1/reviews").at("reviews"), Json::array());
    const auto request = page("/v1/requests/" + approved.body.at("id").get<std::string>());
    EXPECT_EQ(request.at("conclusion").at("fact"), "ApprovalGranted");
}

TEST_F(ConsoleApi, takes_no_for_an_answer) {
    publishes();
    is_evaluated(1, 0.9);
    const auto rejected = review({{"decision", "reject"}, {"comment", "not explained"}});
    EXPECT_EQ(rejected.body.at("approval"), "denied");
    EXPECT_EQ(timeline(1).at("text"), "denied by reviewer-1: not explained");
}

TEST_F(ConsoleApi, says_why_a_review_does_not_count) {
    publishes();
    is_evaluated(1, 0.9, "both-1");
    const auto says = [&](const Reply& reply, int status, const std::string& code) {
        EXPECT_EQ(reply.status, status) << reply.body;
        EXPECT_EQ(reply.code(), code);
        EXPECT_EQ(reply.body.at("answer").at("fact"), "ReviewRefused");
    };
    says(review({}, "both-1"), 403, "own_work");
    says(review({{"comment", " "}}), 422, "no_comment");
    says(review({{"evidence", digest_of_letter('0').text}}), 409, "other_evidence");
    says(review({{"version", 7}}), 409, "not_open");
    EXPECT_EQ(review().status, 200);
    says(review(), 409, "not_open");
}

TEST_F(ConsoleApi, says_that_another_role_is_wanted) {
    auto strict = rules();
    strict["approval"]["role"] = "model-risk";
    ASSERT_EQ(post("/v1/policies", {{"policy", strict}}).status, 201);
    is_evaluated(1, 0.9);
    const auto refused = review();
    EXPECT_EQ(refused.status, 403);
    EXPECT_EQ(refused.code(), "wrong_role");
}

TEST_F(ConsoleApi, says_that_a_review_comes_too_late) {
    publishes();
    is_evaluated(1, 0.9);
    there([this] { return town.now += 3'600'000; });
    const auto refused = review();
    EXPECT_EQ(refused.status, 409);
    EXPECT_EQ(refused.code(), "late");
}

TEST_F(ConsoleApi, wants_a_whole_review) {
    EXPECT_EQ(post("/v1/reviews", Json::object(), "reviewer-1").errors(),
              (std::vector<std::string>{"/model missing", "/version missing", "/decision missing", "/comment missing",
                                        "/evidence missing"}));
    EXPECT_EQ(post("/v1/reviews",
                   {{"model", "x"},
                    {"version", 1},
                    {"decision", "perhaps"},
                    {"comment", ""},
                    {"evidence", "none"},
                    {"roles", {"admin"}}},
                   "reviewer-1")
                  .errors(),
              (std::vector<std::string>{"/roles unknown_member", "/decision unknown_value", "/evidence malformed"}));
    EXPECT_EQ(post("/v1/reviews",
                   {{"model", "x"},
                    {"version", 1},
                    {"decision", "approve"},
                    {"comment", std::string(5000, 'x')},
                    {"evidence", digest_of_letter('0').text}},
                   "reviewer-1")
                  .errors(),
              std::vector<std::string>{"/comment too_long"});
    EXPECT_TRUE(types().empty());
}

TEST_F(ConsoleApi, replays_a_review_with_the_same_key) {
    publishes();
    is_evaluated(1, 0.9);
    const auto first = review({}, "reviewer-1", key("r-1"));
    EXPECT_EQ(review({}, "reviewer-1", key("r-1")).body, first.body);
    EXPECT_EQ(review({{"decision", "reject"}}, "reviewer-1", key("r-1")).code(), "other_content");
    EXPECT_EQ(review({}, "reviewer-2", key("r-1")).code(), "not_open") << "a key is one's own";
}

TEST_F(ConsoleApi, tells_the_story_of_a_version) {
    publishes();
    is_evaluated(1, 0.9);
    review();
    is_applied(1);
    until_stage(1, Stage::champion);
    until([this] { return find(state(), fraud, 1)->timeline.entries.back().fact == "AliasMoved"; });
    const auto story = timeline(1);
    std::vector<std::string> facts;
    for (const auto& entry : story.at("timeline")) facts.push_back(entry.at("fact"));
    EXPECT_EQ(facts, (std::vector<std::string>{"TrainingCompleted", "ModelVersionRegistered", "EvaluationMeasured",
                                               "EvaluationPassed", "ApprovalRequested", "ReviewSubmitted",
                                               "ReviewCounted", "ApprovalGranted", "RolloutQueued", "RolloutStarted",
                                               "RouteChanged", "RouteApplied", "RolloutPromoted", "AliasMoved"}));
    EXPECT_EQ(story.at("champion"), true);
    EXPECT_EQ(story.at("live"), (Json{{{"endpoint", "cards"}, {"percent", 100}}}));
    EXPECT_EQ(story.at("rollout").at("state"), "promoted");
    const auto model = page("/v1/timeline/cards.fraud");
    EXPECT_EQ(model.at("champion"), 1);
    EXPECT_EQ(model.at("versions")[0].at("stage"), "champion");
    EXPECT_EQ(model.at("timeline").size(), facts.size() + 2) << "the policy's two facts are about the model";
}

TEST_F(ConsoleApi, says_what_it_does_not_know) {
    completes("run-1");
    until_stage(1, Stage::waiting_for_policy);
    EXPECT_EQ(timeline(1).at("text"), "waiting: no policy");
    EXPECT_EQ(get("/v1/policies/cards.fraud").code(), "no_policy");
    for (const auto* path :
         {"/v1/timeline/nobody", "/v1/timeline/nobody/1", "/v1/evidence/nobody/1", "/v1/policies/nobody"})
        EXPECT_EQ(get(path).code(), "unknown_model") << path;
    for (const auto* path : {"/v1/timeline/cards.fraud/2", "/v1/evidence/cards.fraud/2", "/v1/evidence/cards.fraud/x"})
        EXPECT_EQ(get(path).code(), "unknown_version") << path;
    EXPECT_EQ(get("/v1/endpoints/nowhere").code(), "unknown_endpoint");
    EXPECT_EQ(get("/v1/requests/x").code(), "unknown_request");
}

}  // namespace
