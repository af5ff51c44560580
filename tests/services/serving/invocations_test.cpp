#include "rules/assignment.hpp"
#include "tests/services/serving/town.hpp"

namespace sluice::serving {
namespace {

const std::string one_row = R"({"dataframe_records":[{"a":1,"b":2,"c":3}]})";

class Invocations : public Town {
protected:
    void serve(const std::string& file = "linear.onnx", ServingRule rule = {}) {
        start();
        say(policy(std::move(rule)));
        first_ = version(1, file);
        route(all_to(first_, 1));
    }
    RouteTarget first_;
};

TEST_F(Invocations, are_answered_in_each_of_the_three_forms_alike) {
    serve();
    const auto reply = ask(one_row);
    EXPECT_EQ(reply.status, 200) << reply.text;
    EXPECT_TRUE(http::has(reply.body(), R"({"predictions":[{"score":0.99)")) << reply.body();
    EXPECT_EQ(ask(R"({"instances":[{"c":3,"b":2,"a":1,"more":"text"}]})").body(), reply.body());
    EXPECT_EQ(ask(R"({"dataframe_split":{"columns":["c","a","b"],"index":[0],"data":[[3,1,2]]}})").body(),
              reply.body());
}

TEST_F(Invocations, say_which_version_answered) {
    serve();
    const auto reply = ask(one_row, "Sluice-Entity-Key: u1\r\n");
    EXPECT_EQ(reply.header("Sluice-Version"), "fraud/1");
    EXPECT_EQ(reply.header("Sluice-Route-Revision"), "1");
    EXPECT_EQ(reply.header("Sluice-Arm"), "stable");
    EXPECT_EQ(reply.header("Sluice-Entity-Assigned"), "");
    EXPECT_EQ(ask(one_row).header("Sluice-Entity-Assigned"), "request");
}

TEST_F(Invocations, are_for_applications_only) {
    serve();
    EXPECT_EQ(Application{port_}.ask(one_row, {}, "fraud", "nobody").status, 401);
    EXPECT_EQ(Application{port_}.ask(one_row, {}, "fraud", "trainer-1").status, 403);
}

TEST_F(Invocations, of_an_unknown_endpoint_find_nothing_and_without_a_route_are_to_be_repeated) {
    start();
    say(policy());
    EXPECT_TRUE(Application{port_}.ask(one_row, {}, "churn").is(404, "unknown_endpoint"));
    const auto reply = ask(one_row);
    EXPECT_TRUE(reply.is(503, "no_route"));
    EXPECT_EQ(reply.header("Retry-After"), "1");
}

TEST_F(Invocations, are_to_be_repeated_before_the_node_knows_what_it_is_to_serve) {
    ledger_is_away(true);
    start();
    EXPECT_TRUE(ask(one_row).is(503, "starting"));
}

TEST_F(Invocations, are_answered_on_while_the_ledger_is_away) {
    serve();
    ledger_is_away(true);
    EXPECT_EQ(ask(one_row).status, 200);
}

TEST_F(Invocations, that_cannot_be_read_are_refused_with_what_is_wrong) {
    serve();
    const std::vector<std::pair<std::string, std::string>> wrong{
        {"", "malformed"},
        {R"({"instances":[{"a":NaN}]})", "malformed"},
        {"[]", "malformed"},
        {"{}", "malformed"},
        {R"({"inputs":{}})", "malformed"},
        {R"({"instances":[],"dataframe_records":[]})", "malformed"},
        {R"({"dataframe_records":{}})", "malformed"},
        {R"({"dataframe_records":[]})", "no_rows"},
        {R"({"instances":[[1,2,3]]})", "wrong_columns"},
        {R"({"dataframe_split":{"data":[]}})", "malformed"},
        {R"({"dataframe_split":{"columns":["a","a"],"data":[[1,2]]}})", "doubled_column"},
        {R"({"dataframe_split":{"columns":["a",3],"data":[[1,2]]}})", "malformed"},
        {R"({"dataframe_split":{"columns":["a","b","c"],"data":[[1,2,3],[1,2]]}})", "wrong_columns"},
        {R"({"dataframe_records":[{"a":1,"b":2}]})", "missing_column"},
        {R"({"dataframe_records":[{"a":1,"b":2,"c":"3"}]})", "not_a_number"},
        {R"({"dataframe_records":[{"a":1,"b":2,"c":"NaN"}]})", "not_a_number"},
    };
    for (const auto& [body, code] : wrong) {
        const auto reply = ask(body);
        EXPECT_TRUE(reply.is(400, code)) << body << "\n" << reply.text;
    }
    EXPECT_TRUE(http::has(ask(R"({"dataframe_records":[{"a":1,"b":2,"c":3},{"a":1,"b":"x","c":3}]})").text,
                          "row 1, column b: there is no number"));
    for (const auto& window : windows()) EXPECT_TRUE(window.arms.empty()) << "a client's mistake counts nowhere";
}

TEST_F(Invocations, have_bounds) {
    serve();
    const auto rows = [](std::size_t count, const std::string& row) {
        std::string body = R"({"dataframe_records":[)";
        for (std::size_t i = 0; i < count; ++i) body += (i ? "," : "") + row;
        return body + "]}";
    };
    EXPECT_EQ(ask(rows(1000, R"({"a":1,"b":2,"c":3})")).status, 200);
    EXPECT_TRUE(ask(rows(1001, R"({"a":1,"b":2,"c":3})")).is(400, "too_many_rows"));
    EXPECT_TRUE(ask(rows(3, "{}")).is(400, "no_columns"));
    std::string wide = R"({"a":1,"b":2,"c":3)";
    for (int i = 3; i < 300; ++i) wide += ",\"" + std::to_string(i) + "\":1";
    EXPECT_EQ(ask(rows(1, wide + "}")).status, 200);
    EXPECT_TRUE(ask(rows(900, "{}").insert(22, wide + "},")).is(400, "too_many_cells"));
    EXPECT_EQ(ask(std::string(1024 * 1024 + 1, ' ')).status, 413);
    EXPECT_TRUE(ask(one_row, "Sluice-Entity-Key: " + std::string(257, 'k') + "\r\n").is(400, "malformed"));
}

TEST_F(Invocations, of_another_media_type_are_refused) {
    serve();
    http::Peer peer{port_};
    EXPECT_EQ(
        http::status_of(peer.ask("POST /v1/endpoints/fraud/invocations HTTP/1.1\r\nHost: here\r\nContent-Type: "
                                 "text/csv\r\nAuthorization: Bearer application-1\r\nContent-Length: 1\r\n\r\n1")),
        415);
}

TEST_F(Invocations, whose_score_is_no_number_fail_and_count_as_the_versions_error) {
    serve();
    const auto second = version(2, "cleans.onnx");
    route(split(first_, second, 0, 2));
    const auto reply = ask(R"({"instances":[{"a":null,"b":2,"c":3}]})", "Sluice-Entity-Key: u1\r\n");
    EXPECT_TRUE(reply.is(500, "score_not_finite")) << reply.text;
    EXPECT_EQ(reply.header("Sluice-Version"), "fraud/1");
    const auto window = windows().back();  // an error is told at once
    ASSERT_EQ(window.arms.size(), 1u);
    EXPECT_EQ(window.arms[0].errors, 1u);
    EXPECT_EQ(window.arms[0].first_failed, window.arms[0].first_errors);
    ASSERT_EQ(window.arms[0].first_failed.size(), 1u);
    std::uint64_t entity = std::stoull(window.arms[0].first_failed[0], nullptr, 16);
    EXPECT_EQ(entity, rules::assignment_hash(core::to_text(core::FactId{7, 2}), "u1"));
}

TEST_F(Invocations, go_to_the_arm_that_the_hash_of_their_entity_says) {
    serve();
    const auto canary = split(first_, version(2, "cleans.onnx"), 5000, 2);
    route(canary);
    Application application{port_};
    for (int i = 0; i < 50; ++i) {
        const auto key = "u" + std::to_string(i);
        const auto wanted = rules::to_canary(rules::assignment_hash(canary.salt, key), 5000) ? "canary" : "stable";
        const auto reply = application.ask(one_row, "Sluice-Entity-Key: " + key + "\r\n");
        EXPECT_EQ(reply.header("Sluice-Arm"), wanted);
        EXPECT_EQ(reply.header("Sluice-Version"), std::string(wanted) == "canary" ? "fraud/2" : "fraud/1");
    }
}

TEST_F(Invocations, take_their_entity_from_the_field_that_the_policy_names) {
    ServingRule rule;
    rule.entity_key = Column{"user_id"};
    serve("linear.onnx", rule);
    route(split(first_, version(2, "cleans.onnx"), 5000, 2));
    const auto by_header = [&](const std::string& key) { return ask(one_row, "Sluice-Entity-Key: " + key + "\r\n"); };
    for (int user = 0; user < 10; ++user) {
        const auto row = R"({"instances":[{"user_id":)" + std::to_string(user) + R"(,"a":1,"b":2,"c":3}]})";
        EXPECT_EQ(ask(row).header("Sluice-Arm"), by_header(std::to_string(user)).header("Sluice-Arm"));
        EXPECT_EQ(ask(row).header("Sluice-Entity-Assigned"), "");
    }
    EXPECT_EQ(ask(R"({"instances":[{"user_id":null,"a":1,"b":2,"c":3}]})").header("Sluice-Entity-Assigned"), "request");
}

TEST_F(Invocations, name_one_entity_and_not_two) {
    ServingRule rule;
    rule.entity_key = Column{"user_id"};
    serve("linear.onnx", rule);
    const auto row = R"({"instances":[{"user_id":"u1","a":1,"b":2,"c":3},{"a":1,"b":2,"c":3}]})";
    EXPECT_EQ(ask(row, "Sluice-Entity-Key: u1\r\n").status, 200);
    EXPECT_EQ(ask(one_row, "Sluice-Entity-Key: u1\r\n").status, 200);
    EXPECT_TRUE(ask(row, "Sluice-Entity-Key: u2\r\n").is(400, "two_entities"));
}

TEST_F(Invocations, are_entities_of_their_own_where_the_policy_assigns_by_request) {
    serve();
    auto by_request = split(first_, version(2, "cleans.onnx"), 5000, 2);
    by_request.assignment = AssignmentUnit::request;
    route(by_request);
    std::set<std::string> arms;
    Application application{port_};
    for (int i = 0; i < 64; ++i) {
        const auto reply = application.ask(one_row, "Sluice-Entity-Key: same\r\n");
        EXPECT_EQ(reply.header("Sluice-Entity-Assigned"), "request");
        arms.insert(reply.header("Sluice-Arm"));
    }
    EXPECT_EQ(arms.size(), 2u);
}

TEST_F(Invocations, count_an_entity_once_on_a_node) {
    serve();
    route(split(first_, version(2, "cleans.onnx"), 0, 2));
    Application application{port_};
    for (int i = 0; i < 10; ++i) application.ask(one_row, "Sluice-Entity-Key: u" + std::to_string(i % 2) + "\r\n");
    stop();
    node_->leave(1s);
    std::size_t requests = 0, firsts = 0;
    for (const auto& window : windows())
        for (const auto& arm : window.arms) requests += arm.requests, firsts += arm.first_ok.size();
    EXPECT_EQ(requests, 10u);
    EXPECT_EQ(firsts, 2u);
    EXPECT_TRUE(windows().back().stopping);
}

TEST_F(Invocations, that_only_the_canary_cannot_take_count_as_its_errors) {
    serve();
    route(split(first_, version(2, "linear.onnx", {{"a"}, {"b"}, {"new"}}), 10'000, 2));
    EXPECT_TRUE(ask(one_row).is(500, "signature_not_met"));
    EXPECT_EQ(windows().back().arms.at(0).errors, 1u);
    EXPECT_TRUE(ask(R"({"instances":[{"a":"x","b":2,"new":3}]})").is(400, "not_a_number"));
}

TEST_F(Invocations, are_completed_from_the_online_store) {
    ServingRule rule;
    rule.features = {{{"user"}, {"user_id"}, {{"b"}, {"c"}}, {}}};
    streams_.put(
        "sluice.features", "user/u1",
        R"({"view":"user","version":1,"key":"u1","event_time":"2026-01-31T00:00:00Z","values":{"b":2,"c":3}})");
    streams_.put("sluice.features", "user/u2", "nonsense");
    start();
    say(policy(rule));
    const auto digest = stored(model_file("linear.onnx"));
    say(registered(1, digest, abc, {{{"user"}, 1}}));
    say(granted(1, digest));
    route(all_to({1, digest}, 1));
    EXPECT_EQ(ask(R"({"instances":[{"user_id":"u1","a":1}]})").body(), ask(one_row).body());
    EXPECT_TRUE(ask(R"({"instances":[{"user_id":"u2","a":1}]})").is(500, "score_not_finite")) << "the model decides";
    EXPECT_TRUE(ready());
}

/// A model that scores only when it is told to.
class SlowModel : public Invocations {
protected:
    std::promise<void> go_;
    std::shared_future<void> told_ = go_.get_future().share();
    bool let_go_ = false;

    SlowModel() {
        open_model_ = [told = told_](std::string_view) -> core::Result<Opened> {
            return Opened{3, [told](std::span<const float>, std::size_t rows) -> core::Result<std::vector<float>> {
                              told.wait();
                              return std::vector<float>(rows, 0.5f);
                          }};
        };
    }
    void let_go() {
        if (!std::exchange(let_go_, true)) go_.set_value();
    }
    void TearDown() override {
        let_go();
        Invocations::TearDown();
    }
};

TEST_F(SlowModel, runs_out_of_time_and_answers_again_once_it_can) {
    ServingRule rule;
    rule.timeout_ms = 30;
    serve("linear.onnx", rule);
    EXPECT_TRUE(ask(one_row).is(504, "score_timed_out"));
    EXPECT_TRUE(ask(one_row).is(504, "score_timed_out"));
    let_go();
    ServingRule patient;
    patient.timeout_ms = 20'000;
    say(policy(patient, 2));
    EXPECT_EQ(ask(one_row).status, 200);
}

TEST_F(SlowModel, holds_up_neither_the_other_version_nor_the_end_of_the_node) {
    const auto slow = open_model_;
    bool is_first = true;
    open_model_ = [slow, &is_first](std::string_view bytes) {
        return std::exchange(is_first, false) ? open_onnx(bytes) : slow(bytes);
    };
    ServingRule rule;
    rule.timeout_ms = 30;
    serve("linear.onnx", rule);
    route(split(first_, version(2, "cleans.onnx"), 5000, 2));
    Application application{port_};
    std::map<std::string, std::set<int>> statuses;
    for (int i = 0; i < 20; ++i) {
        const auto reply = application.ask(one_row, "Sluice-Entity-Key: u" + std::to_string(i) + "\r\n");
        statuses[reply.header("Sluice-Arm")].insert(reply.status);
    }
    EXPECT_EQ(statuses["stable"], std::set<int>{200});
    EXPECT_EQ(statuses["canary"], std::set<int>{504});
    stop();
    node_.reset();
}

TEST_F(SlowModel, takes_no_more_requests_than_may_wait) {
    ServingRule rule;
    rule.timeout_ms = 60'000;
    serve("linear.onnx", rule);
    auto resident = std::make_unique<Resident>(Target{}, *open_model_(""));
    std::size_t taken = 0;
    const auto give = [&] { return resident->score({}, 0, Resident::Clock::now() + 1h, [](auto) {}); };
    while (taken < 3000 && give()) ++taken;
    EXPECT_GE(taken, Resident::waiting_max);
    EXPECT_LE(taken, Resident::waiting_max + 1) << "and one is being scored";
}

}  // namespace
}  // namespace sluice::serving
