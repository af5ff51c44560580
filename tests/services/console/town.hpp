#pragma once
#include "services/console/requests.hpp"
#include "services/console/standing.hpp"
#include "tests/services/console/facts.hpp"
#include "tests/support/ledger_town.hpp"

namespace sluice::console {

using tests::Json;
using tests::Reply;

/// Two consoles, and everybody who answers them.
class ConsoleApi : public tests::Street {
protected:
    void SetUp() override;
    void TearDown() override;

    const State& state() const;
    const State& other_state() const;
    std::uint16_t port() const;
    std::uint16_t other_port() const;
    std::size_t waiting() const;
    std::size_t other_waiting() const;

    /// Policies and reviews find nobody who answers, until the approver wakes.
    void approver_sleeps();
    void approver_wakes();
    /// What the outside would say; each is owed.
    void is_scored(const EvaluationMeasured& numbers);
    void is_served(const RouteApplied& applied);
    void is_counted(const CanaryMeasured& counts);

    Reply get(const std::string& path, const std::string& who = "auditor-1") {
        return ask(port(), "GET", path, {}, who);
    }
    Json page(const std::string& path) {
        const auto reply = get(path);
        EXPECT_EQ(reply.status, 200) << path << reply.body;
        return reply.body;
    }
    Reply post(const std::string& path, const std::string& body, const std::string& who, http::Headers headers = {}) {
        return ask(port(), "POST", path, body, who, std::move(headers));
    }
    Reply post(const std::string& path, const Json& body, const std::string& who = "operator-1",
               http::Headers headers = {}) {
        return post(path, body.dump(), who, std::move(headers));
    }
    static Json rules() { return Json::parse(events::to_json(policy())); }
    static http::Headers key(const std::string& key) { return {{"Idempotency-Key", key}}; }

    Reply review(Json change = Json::object(), const std::string& who = "reviewer-1", http::Headers headers = {}) {
        Json body{{"model", fraud.text},
                  {"version", 1},
                  {"decision", "approve"},
                  {"comment", "looks right"},
                  {"evidence", evidence()}};
        if (change.is_object()) body.update(change);
        return post("/v1/reviews", body, who, std::move(headers));
    }
    std::string evidence(Version version = 1) {
        return page("/v1/evidence/" + fraud.text + "/" + std::to_string(version)).value("evidence", "none");
    }
    Json timeline(Version version) { return page("/v1/timeline/" + fraud.text + "/" + std::to_string(version)); }
    void until_stage(Version version, Stage stage) {
        until(
            [=, this] { return find(state(), fraud, version) && standing_of(state(), fraud, version).stage == stage; });
    }

    void publishes() { ASSERT_EQ(post("/v1/policies", {{"policy", rules()}}).status, 201); }
    void completes(const std::string& run, const std::string& who = "trainer-1") {
        there([&] { return town.put(core::external_id(who, "job", run), completion(run), who); });
    }
    /// Also scored; it waits for a review.
    void is_evaluated(Version version, double auc, const std::string& who = "trainer-1") {
        completes("run-" + std::to_string(version), who);
        is_scored(measured(version, auc));
        until_stage(version, Stage::waiting_for_review);
    }
    void is_applied(Revision revision) {
        until([=, this] { return state().endpoints.at(cards).route.revision == revision; });
        is_served({cards, revision, {{"node-1"}, {"node-2"}}});
    }
    /// The first version serves; the second is its canary at 10 %.
    void has_a_canary() {
        publishes();
        is_evaluated(1, 0.9);
        ASSERT_EQ(review().status, 200);
        is_applied(1);
        until_stage(1, Stage::champion);
        is_evaluated(2, 0.92);
        ASSERT_EQ(review({{"version", 2}, {"evidence", evidence(2)}}).status, 200);
        until([this] { return state().endpoints.at(cards).route.revision == 2; });
        until_stage(2, Stage::rolling_out);
    }
    std::string rollout() { return page("/v1/endpoints/cards").at("rollout").at("id"); }
    Reply move(const std::string& kind, Json change = Json::object(), http::Headers headers = {}) {
        Json body{{"kind", kind}, {"reason", "because"}};
        if (change.is_object()) body.update(change);
        return post("/v1/endpoints/cards/requests", body, "operator-1", std::move(headers));
    }

private:
    struct Everybody;
    std::unique_ptr<Everybody> everybody_;

public:
    ConsoleApi();
    ~ConsoleApi() override;
};

}  // namespace sluice::console
