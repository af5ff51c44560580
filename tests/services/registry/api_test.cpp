#include "services/registry/api/door.hpp"
#include "tests/support/ledger_town.hpp"

using namespace sluice;
using namespace sluice::registry;
using tests::Json;
using tests::Reply;

namespace {

const std::string digest = "sha256:" + std::string(64, 'a');

class RegistryApi : public tests::Street {
protected:
    void SetUp() override {
        complete(1);
        complete(2);
        here = std::make_unique<RegistryHouse>(town);
        other = std::make_unique<RegistryHouse>(town);
        open();
        until([this] { return here->state().agenda.empty() && other->state().agenda.empty(); });
    }
    void TearDown() override {
        close();
        here.reset();
        other.reset();
    }

    /// From before the doors opened, or where the services live.
    void complete(std::uint64_t run) {
        TrainingCompleted done;
        done.model = {"cards.fraud"};
        done.run.id = {"run-" + std::to_string(run)};
        done.artifact = {{digest}, 7};
        done.code.commit = {"0123abc"};
        for (auto* each : {&done.data.digest, &done.environment.digest, &done.probe.digest}) *each = {digest};
        town.put({7, run}, done, "trainer-1");
    }

    Reply get(const std::string& path, const std::string& who = "auditor-1") {
        return ask(here->port, "GET", path, {}, who);
    }
    Reply move(const std::string& alias, const Json& body, http::Headers headers = {},
               const std::string& who = "operator-1", const std::string& model = "cards.fraud") {
        return ask(here->port, "PUT", "/v1/models/" + model + "/aliases/" + alias, body.dump(), who, headers);
    }
    Reply archive(const std::string& version, const Json& body, const std::string& who = "operator-1") {
        return ask(here->port, "POST", "/v1/models/cards.fraud/versions/" + version + "/archive", body.dump(), who);
    }

    using RegistryHouse = tests::House<Decider, Door>;
    std::unique_ptr<RegistryHouse> here, other;
};

TEST_F(RegistryApi, shows_models_and_versions) {
    const auto models = get("/v1/models").body.at("models");
    ASSERT_EQ(models.size(), 1u);
    EXPECT_EQ(models[0].at("model"), "cards.fraud");
    EXPECT_EQ(models[0].at("latest"), 2);
    EXPECT_EQ(models[0].at("champion"), 0);

    const auto model = get("/v1/models/cards.fraud").body;
    EXPECT_EQ(model.at("versions").size(), 2u);
    const auto version = get("/v1/models/cards.fraud/versions/2").body;
    EXPECT_EQ(version.at("stage"), "registered");
    EXPECT_EQ(version.at("run"), "run-2");
    EXPECT_EQ(version.at("submitter"), "trainer-1");
    EXPECT_EQ(version.at("artifact").at("digest"), digest);
}

TEST_F(RegistryApi, says_what_it_does_not_know) {
    EXPECT_EQ(get("/v1/models/nobody").code(), "unknown_model");
    EXPECT_EQ(get("/v1/models/nobody/versions/1").code(), "unknown_model");
    for (const auto* version : {"3", "0", "x", "1x", "-1", "99999999999"})
        EXPECT_EQ(get("/v1/models/cards.fraud/versions/" + std::string(version)).code(), "unknown_version") << version;
    EXPECT_EQ(get("/v1/requests/nonsense").code(), "unknown_request");
    EXPECT_EQ(get("/v1/requests/" + core::to_text({1, 2})).status, 404);
}

TEST_F(RegistryApi, asks_who_you_are) {
    EXPECT_EQ(get("/v1/models", "").status, 401);
    EXPECT_EQ(get("/v1/models", "application-1").status, 403);
    for (const auto* who : {"auditor-1", "reviewer-1", "operator-1"}) EXPECT_EQ(get("/v1/models", who).status, 200);
    EXPECT_EQ(move("best", {{"version", 1}}, {}, "reviewer-1").status, 403);
    EXPECT_EQ(archive("1", {{"reason", "old"}}, "auditor-1").status, 403);
    EXPECT_EQ(archive("1", {{"reason", "old"}}, "").status, 401);
}

TEST_F(RegistryApi, moves_an_alias_when_that_is_on_the_ledger) {
    const auto moved = move("best", {{"version", 2}});
    ASSERT_EQ(moved.status, 200) << moved.body;
    EXPECT_TRUE(has_fact("AliasMoved.v1"));
    EXPECT_EQ(get("/v1/models/cards.fraud").body.at("aliases").at("best"), 2);
    EXPECT_EQ(get("/v1/models/cards.fraud/versions/2").body.at("aliases"), Json::array({"best"}));
    const auto request = get("/v1/requests/" + moved.body.at("id").get<std::string>()).body;
    EXPECT_EQ(request.at("state"), "answered");
    EXPECT_EQ(request.at("answer"), moved.body.at("answer"));
}

TEST_F(RegistryApi, compares_before_it_moves) {
    EXPECT_EQ(move("best", {{"version", 1}, {"expected", 0}}).status, 200);
    const auto refused = move("best", {{"version", 2}, {"expected", 0}});
    EXPECT_EQ(refused.status, 409);
    EXPECT_EQ(refused.code(), "alias_has_moved");
    EXPECT_TRUE(refused.body.contains("answer"));
    EXPECT_EQ(move("best", {{"version", 2}, {"expected", 1}}).status, 200);
}

TEST_F(RegistryApi, refuses_what_cannot_be_meant) {
    EXPECT_EQ(move("best", {{"version", 9}}).code(), "unknown_version");
    EXPECT_EQ(move("best", {{"version", 1}}, {}, "operator-1", "nobody").status, 404);
    EXPECT_EQ(move("best", {{"version", 1}}, {}, "operator-1", "NOT.A.NAME").code(), "unknown_model");
    EXPECT_EQ(move("champion", {{"version", 1}}).code(), "alias_is_reserved");
    EXPECT_EQ(move("best", Json::array()).code(), "malformed_json");
    EXPECT_EQ(move("best", Json::object()).errors(), std::vector<std::string>{"/version missing"});
    EXPECT_EQ(move("best", {{"version", 1}, {"model", "x"}}).errors(),
              std::vector<std::string>{"/model unknown_member"});
    EXPECT_EQ(move("best", {{"version", 1}, {"typo", 1}}).errors(), std::vector<std::string>{"/typo unknown_member"});
}

TEST_F(RegistryApi, archives_once_and_for_all) {
    EXPECT_EQ(archive("1", {{"reason", " "}}).code(), "no_reason");
    EXPECT_EQ(archive("1", Json::object()).code(), "no_reason");
    EXPECT_EQ(archive("9", {{"reason", "old"}}).code(), "unknown_version");
    EXPECT_EQ(archive("1", {{"reason", "old"}}).status, 200);
    EXPECT_EQ(get("/v1/models/cards.fraud/versions/1").body.at("stage"), "archived");
    EXPECT_EQ(archive("1", {{"reason", "old"}}).code(), "archived_version");
    EXPECT_EQ(move("best", {{"version", 1}}).code(), "archived_version");
}

TEST_F(RegistryApi, does_not_archive_the_champion) {
    there([this] {
        town.put({8, 1}, RolloutPromoted{{{6, 1}, {"cards.fraud"}, {"cards.fraud"}, 1}, {digest}, {}, 0});
        return 0;
    });
    until([this] { return here->state().models.at({"cards.fraud"}).champion == 1; });
    EXPECT_EQ(get("/v1/models/cards.fraud/versions/1").body.at("stage"), "champion");
    EXPECT_EQ(archive("1", {{"reason", "old"}}).code(), "live_version");
}

TEST_F(RegistryApi, answers_the_same_key_alike_from_both_instances) {
    const http::Headers key{{"Idempotency-Key", "k-1"}};
    const auto first = move("best", {{"version", 2}}, key);
    EXPECT_EQ(move("best", {{"version", 2}}, key).body, first.body);
    until([&] { return other->state().answers.size() == 1 && other->state().agenda.empty(); });
    const auto elsewhere =
        ask(other->port, "PUT", "/v1/models/cards.fraud/aliases/best", Json{{"version", 2}}.dump(), "operator-1", key);
    EXPECT_EQ(elsewhere.status, 200);
    EXPECT_EQ(elsewhere.body, first.body);
    const auto changed = move("best", {{"version", 1}}, key);
    EXPECT_EQ(changed.status, 409);
    EXPECT_EQ(changed.code(), "other_content");
    EXPECT_TRUE(changed.body.at("first_digest").get<std::string>().starts_with("sha256:"));
}

TEST_F(RegistryApi, says_later_what_became_of_a_late_request) {
    there([this] { return here->asleep = other->asleep = true; });
    const auto late = move("best", {{"version", 2}}, {{"Idempotency-Key", "k-2"}, {"X-Deadline-Ms", "1"}});
    EXPECT_EQ(late.status, 504);
    const auto id = late.body.at("id").get<std::string>();
    EXPECT_EQ(late.header("location"), "/v1/requests/" + id);
    there([this] { return here->wake(), other->wake(), 0; });
    until([&] { return !here->state().answers.empty() && here->state().agenda.empty(); });
    EXPECT_EQ(get("/v1/requests/" + id).body.at("state"), "answered");
    EXPECT_EQ(move("best", {{"version", 2}}, {{"Idempotency-Key", "k-2"}}).body.at("id"), id);
}

TEST_F(RegistryApi, says_no_while_the_ledger_is_away) {
    there([this] { return town.log.set_reachable(false), 0; });
    const auto away = get("/v1/models");
    EXPECT_EQ(away.status, 503);
    EXPECT_EQ(away.header("retry-after"), "1");
    EXPECT_EQ(move("best", {{"version", 2}}).status, 503);
}

}  // namespace
