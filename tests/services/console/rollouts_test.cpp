#include "tests/services/console/town.hpp"

using namespace sluice;
using namespace sluice::console;

namespace {

TEST_F(ConsoleApi, shows_what_an_endpoint_does) {
    has_a_canary();
    const auto shown = page("/v1/endpoints/cards");
    EXPECT_EQ(shown.at("revision"), 2);
    EXPECT_EQ(shown.at("stable").at("version"), 1);
    EXPECT_EQ(shown.at("canary").at("version"), 2);
    EXPECT_EQ(shown.at("canary_percent"), 10);
    EXPECT_EQ(shown.at("applied").at("revision"), 1);
    const auto& rollout = shown.at("rollout");
    EXPECT_EQ(rollout.at("state"), "running");
    EXPECT_EQ(rollout.at("strategy"), "canary");
    EXPECT_EQ(rollout.at("compared_with"), 1);
    EXPECT_EQ(rollout.at("step"), 1);
    EXPECT_EQ(rollout.at("entities_min"), 300);
    EXPECT_EQ(rollout.at("waits"), "waiting: not every serving node has loaded it yet");
    EXPECT_EQ(page("/v1/endpoints").at("endpoints")[0].at("endpoint"), "cards");
}

TEST_F(ConsoleApi, shows_what_the_judge_said) {
    has_a_canary();
    const auto id = *core::fact_id_from(rollout());
    const RolloutRef of{id, cards, fraud, 2};
    is_counted(CanaryMeasured{of, 1, 2, {{2, 0.1, {900, 0, 0}, {100, 1, 1}}}, {{0, 5}}});
    until([&] { return state().rollouts.at(of.rollout).judged.has_value(); });
    const auto shown = page("/v1/endpoints/cards").at("rollout");
    EXPECT_EQ(shown.at("judgement").at("number"), 1);
    EXPECT_EQ(shown.at("judgement").at("verdict"), "keep_going");
    EXPECT_EQ(shown.at("evidence")[0].at("canary").at("first_requests"), 100);
    EXPECT_EQ(shown.at("entities"), 100);
}

TEST_F(ConsoleApi, pauses_and_resumes) {
    has_a_canary();
    const auto paused = move("pause", {{"expected_revision", 2}});
    ASSERT_EQ(paused.status, 200) << paused.body;
    EXPECT_EQ(paused.body.at("kind"), "pause");
    EXPECT_EQ(paused.body.at("does"), "RolloutPaused");
    EXPECT_EQ(paused.body.at("rollout"), rollout());
    EXPECT_EQ(timeline(2).at("stage"), "paused");
    EXPECT_EQ(move("pause").code(), "already_paused");
    EXPECT_EQ(move("resume").body.at("does"), "RolloutResumed");
    EXPECT_EQ(move("resume").code(), "not_paused");
}

TEST_F(ConsoleApi, moves_a_rollout_by_its_id) {
    has_a_canary();
    const auto path = "/v1/rollouts/" + rollout() + "/requests";
    EXPECT_EQ(post(path, {{"kind", "advance"}, {"reason", "enough seen"}}).body.at("does"), "RolloutAdvanced");
    until([this] { return state().endpoints.at(cards).route.revision == 3; });
    EXPECT_EQ(page("/v1/endpoints/cards").at("canary_percent"), 50);
    EXPECT_EQ(post(path, {{"kind", "rollback"}, {"reason", "x"}}).errors(),
              std::vector<std::string>{"/kind unknown_value"});
    EXPECT_EQ(post(path, {{"kind", "abort"}, {"reason", "enough seen"}}).body.at("does"), "RolloutAborted");
    EXPECT_EQ(post(path, {{"kind", "abort"}, {"reason", "again"}}).code(), "not_running");
    EXPECT_EQ(timeline(2).at("stage"), "aborted");
}

TEST_F(ConsoleApi, promotes_and_rolls_back) {
    has_a_canary();
    EXPECT_EQ(move("rollback").code(), "rollout_is_running");
    const auto promoted = move("promote");
    EXPECT_EQ(promoted.status, 200) << promoted.body;
    EXPECT_EQ(promoted.body.at("does"), "RolloutPromoted");
    EXPECT_EQ(timeline(2).at("stage"), "champion");
    EXPECT_EQ(move("promote").code(), "not_running");
    const auto back = move("rollback");
    EXPECT_EQ(back.body.at("does"), "RolloutRolledBack");
    EXPECT_EQ(back.body.at("kind"), "rollback");
    EXPECT_EQ(timeline(1).at("stage"), "champion");
    EXPECT_EQ(timeline(2).at("stage"), "rolled_back");
    EXPECT_EQ(move("rollback").code(), "nothing_to_roll_back_to");
}

TEST_F(ConsoleApi, says_that_the_route_has_moved) {
    has_a_canary();
    const auto moved = move("pause", {{"expected_revision", 1}});
    EXPECT_EQ(moved.status, 409);
    EXPECT_EQ(moved.code(), "revision_has_moved");
    EXPECT_EQ(moved.body.at("revision"), 2);
}

TEST_F(ConsoleApi, says_that_another_rollout_has_the_endpoint) {
    has_a_canary();
    const auto first = core::to_text(there([this] { return state().models.at(fraud).versions.at(1).rollout; }));
    EXPECT_EQ(post("/v1/rollouts/" + first + "/requests", {{"kind", "pause"}, {"reason", "x"}}).code(),
              "no_such_rollout");
}

TEST_F(ConsoleApi, knows_which_endpoints_and_rollouts_there_are) {
    const auto nowhere = post("/v1/endpoints/nowhere/requests", {{"kind", "pause"}, {"reason", "x"}});
    EXPECT_EQ(nowhere.status, 404);
    EXPECT_EQ(nowhere.code(), "unknown_endpoint");
    EXPECT_TRUE(has_fact("RolloutRequestRefused.v1"));
    EXPECT_EQ(post("/v1/endpoints/NOWHERE/requests", {{"kind", "pause"}, {"reason", "x"}}).status, 404);
    EXPECT_EQ(post("/v1/rollouts/" + core::to_text({1, 1}) + "/requests", {{"kind", "pause"}, {"reason", "x"}}).code(),
              "unknown_rollout");
    EXPECT_EQ(post("/v1/rollouts/x/requests", {{"kind", "pause"}, {"reason", "x"}}).code(), "unknown_rollout");
}

TEST_F(ConsoleApi, wants_a_reason) {
    for (const Json& reason : {Json(), Json(""), Json(" \n"), Json(7)}) {
        const auto refused = move("pause", {{"reason", reason}});
        EXPECT_EQ(refused.status, 422);
        EXPECT_EQ(refused.code(), "no_reason");
    }
    EXPECT_TRUE(types().empty());
}

TEST_F(ConsoleApi, wants_a_whole_request) {
    EXPECT_EQ(move("dance").errors(), std::vector<std::string>{"/kind unknown_value"});
    EXPECT_EQ(post("/v1/endpoints/cards/requests", {{"reason", "x"}}).errors(),
              std::vector<std::string>{"/kind unknown_value"});
    EXPECT_EQ(move("pause", {{"endpoint", "x"}, {"typo", 1}}).errors(),
              (std::vector<std::string>{"/endpoint unknown_member", "/typo unknown_member"}));
    EXPECT_EQ(move("pause", {{"expected_revision", "two"}}).errors(),
              std::vector<std::string>{"/expected_revision wrong_type"});
    EXPECT_EQ(post("/v1/endpoints/cards/requests", std::string("[]"), "operator-1").code(), "malformed_json");
}

TEST_F(ConsoleApi, means_the_same_rollout_when_it_is_asked_again) {
    has_a_canary();
    const auto aborted = move("abort", {}, key("a-1"));
    ASSERT_EQ(aborted.status, 200) << aborted.body;
    until([this] { return state().endpoints.at(cards).route.revision == 3; });
    const auto again = move("abort", {}, key("a-1"));
    EXPECT_EQ(again.status, 200) << again.body;
    EXPECT_EQ(again.body.at("rollout"), aborted.body.at("rollout"));
    EXPECT_EQ(again.body.at("answer"), aborted.body.at("answer"));
    EXPECT_EQ(move("pause", {}, key("a-1")).code(), "other_content");
}

TEST_F(ConsoleApi, writes_down_whose_act_it_was) {
    has_a_canary();
    move("pause");
    const auto last = timeline(2).at("timeline").back();
    EXPECT_EQ(last.at("fact"), "RolloutPaused");
    EXPECT_EQ(last.at("text"), "Paused: because");
    EXPECT_EQ(last.at("actor"), "operator-1");
}

}  // namespace
