#include "tests/services/listener/town.hpp"

using namespace sluice;
using namespace sluice::listener;

namespace {

using Types = std::vector<std::string>;
const std::string stored_type = "io.sluice.ArtifactStored.v1";
const std::string completed_type = "io.sluice.TrainingCompleted.v1";
const std::string refused_type = "io.sluice.TrainingRefused.v1";
const std::string started_type = "io.sluice.TrainingStarted.v1";

TEST_F(ListenerApi, answers_a_completion_when_it_is_in_the_ledger) {
    const auto answer = post(event(whole()));
    ASSERT_EQ(answer.status, 202) << answer.body;
    EXPECT_EQ(answer.body.at("position"), 2);
    const auto fact = ledger().at(2);
    EXPECT_EQ(fact.at("type"), completed_type);
    EXPECT_EQ(fact.at("id"), answer.body.at("id"));
    EXPECT_EQ(fact.at("id"), core::to_text(core::external_id("trainer-1", "/jobs/fraud", "1")));
    EXPECT_EQ(fact.at("authid"), "trainer-1");
    EXPECT_EQ(fact.at("correlationid"), fact.at("id"));
    EXPECT_FALSE(fact.contains("causationid"));
    EXPECT_EQ(answer.header("location"), "/v1/requests/" + answer.body.at("id").get<std::string>());
}

TEST_F(ListenerApi, takes_binary_mode_with_encoded_headers) {
    const http::Headers headers{{"content-type", "application/json"},
                                {"ce-specversion", "1.0"},
                                {"ce-type", "io.sluice.training.completed.v1"},
                                {"ce-source", "\"/jobs/fraud\""},
                                {"ce-id", "%31"}};
    const auto answer = post(whole().dump(), headers);
    ASSERT_EQ(answer.status, 202) << answer.body;
    EXPECT_EQ(answer.body.at("id"), core::to_text(core::external_id("trainer-1", "/jobs/fraud", "1")));
}

TEST_F(ListenerApi, says_the_same_of_an_event_that_comes_again) {
    auto again = event(whole());
    const auto first = post(again);
    again["time"] = "2027-01-01T00:00:00Z";
    again["data"]["run"]["started_at"] = "2026-01-31T03:00:00+01:00";
    const auto second = post(again);
    EXPECT_EQ(second.status, 200);
    EXPECT_EQ(second.body, first.body);
    EXPECT_EQ(types(), (Types{stored_type, stored_type, completed_type}));
    EXPECT_TRUE(counted("sluice_listener_events_total{outcome=\"repeated\"} 1"));
}

TEST_F(ListenerApi, refuses_other_content_under_an_id_that_was_used) {
    const auto data = whole();
    const auto first = post(event(data));
    auto changed = data;
    changed["owner"] = "somebody else";
    const auto answer = post(event(changed));
    EXPECT_EQ(answer.status, 409);
    EXPECT_EQ(answer.body.at("id"), first.body.at("id"));
    const auto fact = *events::from_json<TrainingCompleted>(data.dump()).value;
    EXPECT_EQ(answer.body.at("first_digest"), core::digest_text(content_of(fact)));
    changed.erase("owner");
    EXPECT_EQ(post(event(changed)).status, 409);
}

TEST_F(ListenerApi, keeps_the_ids_of_two_jobs_apart) {
    const auto body = started().dump();
    EXPECT_EQ(post(body).status, 202);
    EXPECT_EQ(post(body, {}, "trainer-2").status, 202);
    EXPECT_EQ(types().size(), 2u);
}

TEST_F(ListenerApi, names_every_missing_or_wrong_field_and_records_the_refusal_first) {
    auto data = whole();
    data.erase("owner");
    data["artifact"]["size"] = "5";
    data["extra"] = 1;
    const auto answer = post(event(data));
    EXPECT_EQ(answer.status, 422);
    EXPECT_EQ(answer.header("content-type"), "application/problem+json; charset=utf-8");
    EXPECT_EQ(answer.errors(),
              (Types{"/data/artifact/size wrong_type", "/data/owner missing", "/data/extra unknown_member"}));
    const auto fact = ledger().at(answer.body.at("refusal").at("position").get<std::size_t>());
    EXPECT_EQ(fact.at("type"), refused_type);
    EXPECT_EQ(fact.at("data").at("event_id"), "1");
    EXPECT_EQ(fact.at("data").at("problems").size(), 3u);
}

TEST_F(ListenerApi, takes_a_corrected_event_with_the_same_id) {
    const auto data = whole();
    auto broken = data;
    broken["seeds"] = Json::array();
    EXPECT_EQ(post(event(broken)).errors(), Types{"/data/seeds empty"});
    EXPECT_EQ(post(event(data)).status, 202);
    EXPECT_EQ(types(), (Types{stored_type, stored_type, refused_type, completed_type}));
}

TEST_F(ListenerApi, records_the_same_refusal_once) {
    auto data = whole();
    data.erase("job");
    const auto first = post(event(data));
    const auto second = post(event(data));
    EXPECT_EQ(second.status, 422);
    EXPECT_EQ(second.body, first.body);
    EXPECT_EQ(types().size(), 3u);
}

TEST_F(ListenerApi, wants_the_files_before_the_completion) {
    const auto answer = post(event(completion()));
    EXPECT_EQ(answer.errors(), (Types{"/data/artifact/digest not_in_store", "/data/probe/digest not_in_store"}));
    auto data = whole();
    data["artifact"]["size"] = 6;
    data["reference"]["digest"] = "sha256:" + std::string(64, '0');
    EXPECT_EQ(post(event(data)).errors(),
              (Types{"/data/artifact/size other_size", "/data/reference/digest not_in_store"}));
}

TEST_F(ListenerApi, takes_an_event_once_its_file_has_come) {
    const std::string file = "late file";
    auto data = whole();
    data["reference"]["digest"] = core::digest_of(file);
    EXPECT_EQ(post(event(data)).status, 422);
    put(file);
    EXPECT_EQ(post(event(data)).status, 202);
}

TEST_F(ListenerApi, refuses_a_fact_that_the_ledger_would_not_take) {
    auto data = whole();
    for (int i = 0; i < 20; ++i) data["parameters"]["p" + std::to_string(i)] = std::string(4000, 'x');
    EXPECT_EQ(post(event(data)).errors(), Types{"/data too_large"});
}

TEST_F(ListenerApi, records_a_refusal_however_long_its_pointers_are) {
    auto data = whole();
    for (int i = 0; i < 100; ++i) data[std::string(126, '\x01') + std::to_string(i)] = 1;
    const auto answer = post(event(data));
    EXPECT_EQ(answer.errors().size(), 100u);
    EXPECT_LT(ledger().back().at("data").at("problems").size(), 100u);
}

TEST_F(ListenerApi, cuts_a_long_key_between_characters) {
    auto data = whole();
    data["x" + [] {
        std::string text;
        for (int i = 0; i < 100; ++i) text += "\xE2\x82\xAC";
        return text;
    }()] = 1;
    EXPECT_EQ(post(event(data)).status, 422);
}

TEST_F(ListenerApi, hears_of_starts_and_failures) {
    EXPECT_EQ(post(started("a")).status, 202);
    Json failed{{"model", "fraud"}, {"run", {{"id", "a"}}}, {"job", "nightly"}, {"reason", "out of memory"}};
    EXPECT_EQ(post(event(failed, "2", "io.sluice.training.failed.v1")).status, 202);
    EXPECT_EQ(ledger().at(1).at("data"),
              Json::parse(R"({"model":"fraud","run":"a","job":"nightly","reason":"out of memory"})"));
}

TEST_F(ListenerApi, names_what_is_wrong_with_a_start) {
    const auto errors = [&](const Json& data) {
        return post(event(data, "9", "io.sluice.training.started.v1")).errors();
    };
    EXPECT_EQ(errors({{"model", "fraud"}}), (Types{"/data/run/id missing", "/data/job missing"}));
    EXPECT_EQ(errors({{"model", "fraud"}, {"run", "r"}, {"job", "j"}}),
              (Types{"/data/run/id missing", "/data/run wrong_type"}));
    EXPECT_EQ(errors({{"model", "fraud"}, {"run", {{"id", "r"}, {"name", "x"}}}, {"job", "j"}}),
              Types{"/data/run unknown_member"});
    EXPECT_EQ(errors({{"model", "fraud"}, {"run", {{"id", 5}}}, {"job", "j"}}), Types{"/data/run/id wrong_type"});
    EXPECT_EQ(errors(nullptr), Types{"/data missing"});
    EXPECT_EQ(errors("text"), Types{"/data wrong_type"});
}

TEST_F(ListenerApi, names_every_missing_attribute_and_invents_none) {
    const Types all{"/specversion missing", "/id missing", "/source missing", "/type missing"};
    const auto answer = post(Json::object());
    EXPECT_EQ(answer.status, 400);
    EXPECT_EQ(answer.errors(), all);
    EXPECT_EQ(post("{}", {{"content-type", "application/json"}}).errors(), all);
    EXPECT_TRUE(ledger().empty());
}

TEST_F(ListenerApi, refuses_attributes_that_are_malformed) {
    const auto errors = [&](const std::string& name, const Json& value) {
        auto sent = started();
        sent[name] = value;
        const auto answer = post(sent);
        EXPECT_EQ(answer.status, 400);
        return answer.errors();
    };
    EXPECT_EQ(errors("specversion", "0.3"), Types{"/specversion unknown_value"});
    EXPECT_EQ(errors("id", 7), Types{"/id wrong_type"});
    EXPECT_EQ(errors("id", std::string(257, 'x')), Types{"/id too_long"});
    EXPECT_EQ(errors("source", "a\nb"), Types{"/source malformed"});
    EXPECT_EQ(errors("source", "a b"), Types{"/source malformed"});
    EXPECT_EQ(errors("time", "yesterday"), Types{"/time malformed"});
    EXPECT_EQ(errors("data_base64", "e30="), Types{"/data_base64 unknown_member"});
}

TEST_F(ListenerApi, refuses_headers_that_are_not_utf8_or_come_twice) {
    const auto errors = [&](const std::string& id, const http::Headers& more = {}) {
        http::Headers headers{{"content-type", "application/json"},
                              {"ce-specversion", "1.0"},
                              {"ce-type", "io.sluice.training.started.v1"},
                              {"ce-source", "/jobs/fraud"},
                              {"ce-id", id}};
        headers.insert(headers.end(), more.begin(), more.end());
        return post("{}", headers).errors();
    };
    EXPECT_EQ(errors("%C0%A0"), Types{"/id malformed"});
    EXPECT_EQ(errors("\xC0\xA0"), Types{"/id malformed"});
    EXPECT_EQ(errors("1", {{"ce-id", "2"}}), Types{"/id repeated"});
}

TEST_F(ListenerApi, takes_json_only) {
    for (const auto* type : {"text/plain", "application/cloudevents+xml", "application/json; charset=latin1",
                             "application/cloudevents-batch+avro", "application/x-www-form-urlencoded"})
        EXPECT_EQ(post(started().dump(), {{"content-type", type}}).status, 415) << type;
    auto sent = started();
    sent["datacontenttype"] = "text/xml";
    EXPECT_EQ(post(sent).status, 415);
    EXPECT_EQ(post(started().dump(), {{"content-type", "Application/CloudEvents+JSON; charset=\"UTF-8\""}}).status,
              202);
}

TEST_F(ListenerApi, refuses_what_is_no_json_or_more_than_any_event) {
    for (const auto& body : {std::string("{"), std::string("\"\xC0\xA0\""), std::string(100'000, '['),
                             "[" + std::string(20'000, ',') + "]", std::string("[1]"), std::string("7")})
        EXPECT_EQ(post(body).status, 400);
    EXPECT_EQ(post(std::string(256 * 1024, ' ') + "{}").status, 413);
}

TEST_F(ListenerApi, names_the_types_that_it_knows) {
    auto sent = started();
    sent["type"] = "dev.cdevents.taskrun.finished.0.3.0";
    const auto answer = post(sent);
    EXPECT_EQ(answer.status, 422);
    EXPECT_NE(answer.body.at("detail").get<std::string>().find("io.sluice.training.completed.v1"), std::string::npos);
    EXPECT_TRUE(ledger().empty());
}

TEST_F(ListenerApi, asks_who_is_there) {
    EXPECT_EQ(post(started().dump(), {}, "nobody").status, 401);
    EXPECT_EQ(post(started().dump(), {}, "auditor-1").status, 403);
    EXPECT_EQ(post(started().dump(), {}, "operator-1").status, 403);
    EXPECT_EQ(put("bytes", "auditor-1").status, 403);
    EXPECT_EQ(get_request("x", "application-1").status, 403);
    EXPECT_TRUE(ledger().empty());
}

TEST_F(ListenerApi, answers_each_event_of_a_batch) {
    auto wrong = started("b");
    wrong.erase("id");
    const auto batch = Json::array({started("a"), wrong, started("a"), started("c")});
    const auto answer = post(batch.dump(), {{"content-type", "application/cloudevents-batch+json"}});
    ASSERT_EQ(answer.status, 200) << answer.body;
    std::vector<int> statuses;
    for (const auto& each : answer.body.at("answers")) statuses.push_back(each.at("status"));
    EXPECT_EQ(statuses, (std::vector<int>{202, 400, 200, 202}));
    EXPECT_EQ(types(), (Types{started_type, started_type}));
}

TEST_F(ListenerApi, bounds_a_batch) {
    const http::Headers batch{{"content-type", "application/cloudevents-batch+json"}};
    EXPECT_EQ(post("[]", batch).body, Json::parse(R"({"answers":[]})"));
    EXPECT_EQ(post(Json(std::vector<Json>(101, 1)).dump(), batch).status, 400);
    EXPECT_EQ(post("{}", batch).status, 400);
}

TEST_F(ListenerApi, carries_the_trace_of_whoever_asks) {
    const std::string trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    post(started("a"), {{"traceparent", trace}});
    post(started("b"), {{"traceparent", "00-zz"}});
    auto sent = started("c");
    sent["traceparent"] = trace;
    post(sent);
    const auto facts = ledger();
    EXPECT_EQ(facts.at(0).at("traceparent"), trace);
    EXPECT_EQ(facts.at(1).at("traceparent").get<std::string>().size(), trace.size());
    EXPECT_EQ(facts.at(2).at("traceparent"), trace);
}

TEST_F(ListenerApi, keeps_what_it_refused_in_quarantine) {
    auto wrong = started();
    wrong.erase("id");
    post(wrong);
    const auto kept = quarantined();
    ASSERT_EQ(kept.size(), 1u);
    const auto copy = Json::parse(kept[0]);
    EXPECT_EQ(copy.at("reason"), "envelope_incomplete");
    EXPECT_EQ(copy.at("authid"), "trainer-1");
    EXPECT_EQ(copy.at("body"), wrong.dump());
    EXPECT_EQ(copy.at("digest"), core::digest_of(wrong.dump()));
    EXPECT_EQ(kept[0].find("Bearer"), std::string::npos);
}

TEST_F(ListenerApi, keeps_bytes_that_are_no_text_and_cuts_what_is_too_long) {
    post("\xFF");
    post(std::string(200'000, '\x01'));
    const auto kept = quarantined();
    EXPECT_EQ(Json::parse(kept.at(0)).at("body_base64"), "/w==");
    EXPECT_LE(kept.at(1).size(), runtime::stream_value_size_max);
    EXPECT_EQ(Json::parse(kept.at(1)).at("body_cut"), true);
}

TEST_F(ListenerApi, counts_a_copy_for_which_there_was_no_room_and_answers_all_the_same) {
    there([&] { house->streams.set_failing(true); });
    EXPECT_EQ(post("{").status, 400);
    EXPECT_TRUE(counted("sluice_listener_quarantine_dropped_total 1"));
}

}  // namespace
