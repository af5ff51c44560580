#include "tests/services/console/town.hpp"

using namespace sluice;
using namespace sluice::console;

namespace {

using Errors = std::vector<std::string>;

TEST_F(ConsoleApi, publishes_a_policy) {
    const auto published = post("/v1/policies", {{"policy", rules()}});
    ASSERT_EQ(published.status, 201) << published.body;
    EXPECT_EQ(published.body.at("model"), "cards.fraud");
    EXPECT_EQ(published.body.at("version"), 1);
    EXPECT_EQ(published.body.at("answer").at("fact"), "PolicyPublished");
    const auto shown = page("/v1/policies/cards.fraud");
    EXPECT_EQ(shown.at("version"), 1);
    EXPECT_EQ(shown.at("actor"), "operator-1");
    EXPECT_EQ(shown.at("policy"), rules());
    EXPECT_EQ(shown.at("history").size(), 1u);
}

TEST_F(ConsoleApi, publishes_the_same_rules_once) {
    publishes();
    const auto again = post("/v1/policies", {{"policy", rules()}});
    EXPECT_EQ(again.status, 200);
    EXPECT_EQ(again.body, (Json{{"model", "cards.fraud"}, {"version", 1}, {"unchanged", true}}));
    EXPECT_EQ(types(), (Errors{"PolicySubmitted.v1", "PolicyPublished.v1"}));
}

TEST_F(ConsoleApi, publishes_on_top_of_what_it_knows_or_of_what_is_expected) {
    publishes();
    auto changed = rules();
    changed["evaluation"]["threshold"] = 0.4;
    const auto moved = post("/v1/policies", {{"policy", changed}, {"expected_version", 0}});
    EXPECT_EQ(moved.status, 409);
    EXPECT_EQ(moved.code(), "version_has_moved");
    EXPECT_EQ(moved.errors(), Errors{"/expected_version version_has_moved"});
    EXPECT_EQ(post("/v1/policies", {{"policy", changed}}).body.at("version"), 2);
    changed["evaluation"]["threshold"] = 0.3;
    EXPECT_EQ(post("/v1/policies", {{"policy", changed}, {"expected_version", 2}}).body.at("version"), 3);
}

TEST_F(ConsoleApi, says_what_is_wrong_with_a_policy) {
    auto wrong = rules();
    wrong["evaluation"]["gates"] = Json::array();
    wrong["rollout"]["steps"][1]["weight_percent"] = 5;
    const auto refused = post("/v1/policies", {{"policy", wrong}});
    EXPECT_EQ(refused.status, 422);
    EXPECT_EQ(refused.code(), "policy_refused");
    EXPECT_EQ(refused.errors(), (Errors{"/evaluation/gates missing", "/rollout/steps/1/weight_percent out_of_order"}));
    EXPECT_TRUE(has_fact("PolicyRefused.v1"));
    EXPECT_EQ(refused.body.at("answer").at("fact"), "PolicyRefused");
}

TEST_F(ConsoleApi, says_what_is_wrong_with_a_body) {
    auto wrong = rules();
    wrong["evaluation"]["threshold"] = "half";
    wrong["typo"] = 1;
    EXPECT_EQ(post("/v1/policies", {{"policy", wrong}}).errors(),
              (Errors{"/policy/evaluation/threshold wrong_type", "/policy/typo unknown_member"}));
    EXPECT_EQ(post("/v1/policies", Json::object()).errors(), (Errors{"/policy missing", "/expected_version missing"}));
    EXPECT_EQ(post("/v1/policies", {{"policy", rules()}, {"expected_version", -1}}).errors(),
              Errors{"/expected_version out_of_range"});
    for (const std::string body : {"", "[]", "nonsense", "{\"policy\":1,\"policy\":2}", "\"\xff\""})
        EXPECT_EQ(post("/v1/policies", body, "operator-1").code(), "malformed_json") << body;
    const auto deep = "{\"policy\":" + std::string(40, '[') + std::string(40, ']') + "}";
    EXPECT_EQ(post("/v1/policies", deep, "operator-1").code(), "malformed_json");
    EXPECT_EQ(post("/v1/policies", std::string(70'000, ' '), "operator-1").status, 413);
    EXPECT_TRUE(types().empty());
}

TEST_F(ConsoleApi, puts_no_fact_on_the_ledger_that_is_too_large_for_it) {
    auto large = rules();
    auto& gates = large["evaluation"]["gates"];
    gates = Json::array();
    for (int i = 0; i < 16; ++i)
        gates.push_back({{"name", std::to_string(i) + std::string(4000, 'x')}, {"metric", "auc"}, {"at_least", 0.1}});
    const auto refused = post("/v1/policies", {{"policy", large}});
    EXPECT_EQ(refused.status, 422);
    EXPECT_EQ(refused.code(), "not_sayable");
    EXPECT_TRUE(types().empty());
}

TEST_F(ConsoleApi, bounds_what_a_refusal_says) {
    auto wrong = rules();
    auto& gates = wrong["evaluation"]["gates"];
    for (int i = 0; i < 800; ++i) gates.push_back({{"name", ""}, {"metric", "x"}});
    const auto refused = post("/v1/policies", {{"policy", wrong}});
    EXPECT_EQ(refused.status, 422);
    EXPECT_EQ(refused.errors().size(), 100u);
}

TEST_F(ConsoleApi, replays_a_policy_with_the_same_key) {
    const auto first = post("/v1/policies", {{"policy", rules()}}, "operator-1", key("p-1"));
    ASSERT_EQ(first.status, 201);
    const auto again = post("/v1/policies", {{"policy", rules()}}, "operator-1", key("p-1"));
    EXPECT_EQ(again.status, 201);
    EXPECT_EQ(again.body, first.body);
    auto changed = rules();
    changed["evaluation"]["threshold"] = 0.4;
    const auto other_content = post("/v1/policies", {{"policy", changed}}, "operator-1", key("p-1"));
    EXPECT_EQ(other_content.status, 409);
    EXPECT_EQ(other_content.code(), "other_content");
    EXPECT_EQ(other_content.body.at("id"), first.body.at("id"));
    EXPECT_TRUE(other_content.body.at("first_digest").get<std::string>().starts_with("sha256:"));
}

TEST_F(ConsoleApi, answers_the_same_key_alike_from_two_instances) {
    const auto first = post("/v1/policies", {{"policy", rules()}}, "operator-1", key("p-1"));
    until([this] { return !other_state().models.empty() && other_state().models.at(fraud).policy_version() == 1; });
    const auto elsewhere =
        ask(other_port(), "POST", "/v1/policies", Json{{"policy", rules()}}.dump(), "operator-1", key("p-1"));
    EXPECT_EQ(elsewhere.status, 201);
    EXPECT_EQ(elsewhere.body, first.body);
    EXPECT_EQ(types().size(), 2u);
}

TEST_F(ConsoleApi, joins_the_same_request_at_two_instances_at_once) {
    approver_sleeps();
    const auto body = Json{{"policy", rules()}}.dump();
    const auto at = [&](std::uint16_t port) {
        return std::async(std::launch::async,
                          [=] { return ask(port, "POST", "/v1/policies", body, "operator-1", key("p-1")); });
    };
    auto one = at(port()), two = at(other_port()), three = at(port());
    until([this] { return waiting() == 2 && other_waiting() == 1; });
    approver_wakes();
    const auto reply = one.get();
    EXPECT_EQ(reply.status, 201);
    EXPECT_EQ(two.get().body, reply.body);
    EXPECT_EQ(three.get().body, reply.body);
    EXPECT_EQ(page("/v1/policies/cards.fraud").at("version"), 1);
}

TEST_F(ConsoleApi, says_later_what_became_of_a_late_request) {
    approver_sleeps();
    auto headers = key("p-1");
    headers.emplace_back("X-Deadline-Ms", "1");
    const auto late = post("/v1/policies", {{"policy", rules()}}, "operator-1", headers);
    ASSERT_EQ(late.status, 504);
    EXPECT_EQ(late.code(), "late");
    const auto id = late.body.at("id").get<std::string>();
    EXPECT_EQ(late.header("location"), "/v1/requests/" + id);
    until([this] { return state().requests.size() == 1; });
    EXPECT_EQ(page("/v1/requests/" + id).at("state"), "waiting");
    approver_wakes();
    until([this] { return is_answered(state().requests.begin()->second); });
    const auto answered = page("/v1/requests/" + id);
    EXPECT_EQ(answered.at("state"), "answered");
    EXPECT_EQ(answered.at("refused"), false);
    EXPECT_EQ(answered.at("fact"), "PolicySubmitted");
    EXPECT_EQ(answered.at("answer").at("fact"), "PolicyPublished");
    EXPECT_EQ(post("/v1/policies", {{"policy", rules()}}, "operator-1", key("p-1")).body.at("id"), id);
}

TEST_F(ConsoleApi, refuses_malformed_headers) {
    EXPECT_EQ(post("/v1/policies", {{"policy", rules()}}, "operator-1", {{"X-Deadline-Ms", "soon"}}).code(),
              "bad_deadline");
    EXPECT_EQ(post("/v1/policies", {{"policy", rules()}}, "operator-1", key(std::string(257, 'k'))).code(),
              "bad_idempotency_key");
}

TEST_F(ConsoleApi, says_no_while_the_ledger_is_away) {
    there([this] { return town.log.set_reachable(false), 0; });
    const auto away = post("/v1/policies", {{"policy", rules()}});
    EXPECT_EQ(away.status, 503);
    EXPECT_EQ(away.header("retry-after"), "1");
    EXPECT_EQ(get("/v1/reviews").status, 503);
}

TEST_F(ConsoleApi, asks_who_you_are) {
    for (const auto* path : {"/v1/policies", "/v1/rollouts/x/requests", "/v1/endpoints/cards/requests"}) {
        EXPECT_EQ(post(path, Json::object(), "").status, 401) << path;
        EXPECT_EQ(post(path, Json::object(), "reviewer-1").status, 403) << path;
    }
    EXPECT_EQ(post("/v1/reviews", Json::object(), "operator-1").status, 403);
    EXPECT_EQ(post("/v1/reviews", Json::object(), "").status, 401);
    for (const auto* path : {"/v1/reviews", "/v1/endpoints", "/v1/timeline/x", "/v1/timeline/x/1", "/v1/evidence/x/1",
                             "/v1/policies/x", "/v1/endpoints/x", "/v1/requests/x"}) {
        EXPECT_EQ(get(path, "").status, 401) << path;
        EXPECT_EQ(get(path, "application-1").status, 403) << path;
        for (const auto* who : {"auditor-1", "reviewer-1", "operator-1"})
            EXPECT_NE(get(path, who).status, 403) << path << who;
    }
}

}  // namespace
