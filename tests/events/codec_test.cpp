#include "events/codec.hpp"
#include "common/core/sha256.hpp"
#include "services/approver/decider.hpp"

#include <gtest/gtest.h>

using namespace sluice;
using namespace sluice::events;

namespace {

using approver::Decider;

core::Stamp stamp() {
    core::Stamp stamp;
    stamp.id = core::external_id("reviewer-1", "console", "1");
    stamp.seen = 4, stamp.cell = "main", stamp.service = "console", stamp.actor = "reviewer-1";
    return stamp;
}

ReviewSubmitted review() {
    return {{"fraud"}, 7, ReviewDecision::approve, "fine", {core::digest_of("evidence")}, {"reviewer"}};
}

std::string value() { return write(stamp(), review()).value; }

/// The value with the first `what` replaced.
std::string but(std::string text, std::string_view what, std::string_view with) {
    const auto at = text.find(what);
    EXPECT_NE(at, text.npos) << what;
    return at == text.npos ? text : text.replace(at, what.size(), with);
}

core::Record record(std::string text, core::Position position = 9) { return {position, 0, std::move(text)}; }

/// Nobody's: it has a position, and nothing else.
bool passed_over(const std::string& text) {
    const auto in = read<Decider>(record(text));
    return in && !*in;
}

std::string all_of(const std::vector<Problem>& problems) {
    std::string text;
    for (const auto& problem : problems) text += (text.empty() ? "" : " ") + problem.pointer + ":" + problem.code;
    return text;
}

std::string problems_of(const std::string& text) { return all_of(from_json<ReviewSubmitted>(text, "/data").problems); }

std::string data() { return to_json(review()); }

}  // namespace

TEST(Codec, writes_type_id_and_seen_first) {
    const auto id = core::to_text(stamp().id);
    EXPECT_TRUE(value().starts_with(R"({"specversion":"1.0","type":"io.sluice.ReviewSubmitted.v1","id":")" + id +
                                    R"(","seen":"4",)"));
}

TEST(Codec, names_the_subject_and_its_partition) {
    const auto draft = write(stamp(), review());
    EXPECT_EQ(draft.key, "fraud");
    EXPECT_NE(draft.value.find(R"("subject":"models/fraud/versions/7")"), std::string::npos);
    EXPECT_EQ(partition_key("endpoints/fraud"), "endpoints/fraud");
    EXPECT_EQ(partition_key("models/a.b.c"), "a.b.c");
}

TEST(Codec, leaves_out_what_is_absent) {
    for (const auto* name : {"basis", "causationid", "traceparent"})
        EXPECT_EQ(value().find('"' + std::string(name) + '"'), std::string::npos) << name;
    auto anonymous = stamp();
    anonymous.actor.clear();
    EXPECT_EQ(write(anonymous, review()).value.find("auth"), std::string::npos);
}

TEST(Codec, begins_a_chain_with_the_fact_itself) {
    const auto parsed = parse(value());
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->head.correlation, stamp().id);
}

TEST(Codec, reads_an_input_with_its_position) {
    const auto in = read<Decider>(record(value()));
    ASSERT_TRUE(in && *in);
    EXPECT_EQ((*in)->head.position, 9u);
    EXPECT_EQ((*in)->head.actor, "reviewer-1");
    ASSERT_TRUE((*in)->input && !(*in)->own);
    EXPECT_EQ(std::get<ReviewSubmitted>(*(*in)->input), review());
}

TEST(Codec, tells_its_own_decisions_from_inputs) {
    const ReviewCounted counted{{"fraud"}, 7, {"reviewer-1"}, ReviewDecision::approve};
    const auto in = read<Decider>(record(write(stamp(), counted).value));
    ASSERT_TRUE(in && *in);
    ASSERT_TRUE((*in)->own && !(*in)->input);
    EXPECT_EQ(std::get<ReviewCounted>(*(*in)->own), counted);
}

TEST(Codec, only_peeks_at_what_the_decider_does_not_name) {
    const auto other = write(stamp(), TrainingStarted{{"fraud"}, {"r1"}, "job"}).value;
    const auto in = read<Decider>(record(but(other, R"("data":{)", R"("data":not json)")));
    ASSERT_TRUE(in && *in);
    EXPECT_EQ((*in)->head.id, stamp().id);
    EXPECT_EQ((*in)->head.seen, 4u);
    EXPECT_FALSE((*in)->input || (*in)->own);
}

TEST(Codec, parses_in_full_what_does_not_begin_as_its_own) {
    const auto moved = but(but(value(), R"("specversion":"1.0",)", ""), R"("data":)", R"("specversion":"1.0","data":)");
    EXPECT_FALSE(peek(moved));
    const auto in = read<Decider>(record(moved));
    ASSERT_TRUE(in && *in);
    EXPECT_TRUE((*in)->input);
    const auto blank = " " + value();
    EXPECT_FALSE(peek(blank));
    EXPECT_TRUE(parse(blank));
}

TEST(Codec, peeks_at_nothing_that_it_could_not_have_written) {
    EXPECT_TRUE(peek(value()));
    EXPECT_FALSE(peek(""));
    EXPECT_FALSE(peek(value().substr(0, 40)));
    EXPECT_FALSE(peek(but(value(), R"("type":"io)", R"("type":"\u0069o)")));
    EXPECT_FALSE(peek(but(value(), R"("seen":"4")", R"("seen":"-4")")));
    EXPECT_FALSE(peek(but(value(), R"("seen":"4")", R"("seen":"18446744073709551616")")));
    EXPECT_FALSE(peek(but(value(), core::to_text(stamp().id), "4C7B0E33-0000-0000-0000-000000000000")));
}

TEST(Codec, passes_over_what_is_not_a_fact) {
    EXPECT_TRUE(passed_over(""));
    EXPECT_TRUE(passed_over("hello"));
    EXPECT_TRUE(passed_over("\xff\xfe"));
    EXPECT_TRUE(passed_over("[1,2]"));
    EXPECT_TRUE(passed_over(R"({"order":17})"));
    EXPECT_TRUE(passed_over(but(value(), R"("specversion":"1.0")", R"("specversion":"0.3")")));
    EXPECT_TRUE(passed_over(but(value(), R"("seen":"4",)", "")));
    EXPECT_TRUE(passed_over(but(value(), R"("time":"1970)", R"("time":"197O)")));
    EXPECT_TRUE(passed_over(but(value(), core::to_text(stamp().id), "17")));
}

TEST(Codec, passes_over_a_type_that_no_catalogue_knows) {
    for (const auto* type : {"com.example.Order.v1", "io.sluice.OrderPlaced.v1", "io.sluice.ReviewSubmitted"})
        EXPECT_TRUE(passed_over(but(value(), "io.sluice.ReviewSubmitted.v1", type))) << type;
}

TEST(Codec, stops_at_a_newer_schema) {
    const auto in = read<Decider>(record(but(value(), "ReviewSubmitted.v1", "ReviewSubmitted.v2")));
    ASSERT_FALSE(in);
    EXPECT_EQ(in.failure().kind, core::Failure::Kind::fatal);
    EXPECT_NE(in.failure().what.find("position 9: io.sluice.ReviewSubmitted.v2"), std::string::npos);
    EXPECT_NE(in.failure().advice.find("upgrade this service"), std::string::npos);
}

TEST(Codec, stops_at_what_does_not_decode) {
    const auto in = read<Decider>(record(but(value(), R"("version":7)", R"("version":"7")")));
    ASSERT_FALSE(in);
    EXPECT_EQ(in.failure().kind, core::Failure::Kind::fatal);
    EXPECT_NE(in.failure().what.find("position 9: "), std::string::npos);
    EXPECT_NE(in.failure().what.find("/data/version (wrong_type)"), std::string::npos);
    EXPECT_FALSE(in.failure().advice.empty());
}

TEST(Codec, stops_at_an_event_without_data) {
    const auto text = value();
    const auto in = read<Decider>(record(text.substr(0, text.find(R"(,"data":)")) + "}"));
    ASSERT_FALSE(in);
    EXPECT_NE(in.failure().what.find("/data (missing)"), std::string::npos);
}

TEST(Codec, reads_names_and_schema_versions) {
    using Pair = std::pair<std::string_view, int>;
    EXPECT_EQ(name_and_version("io.sluice.ReviewSubmitted.v12"), Pair("ReviewSubmitted", 12));
    for (const auto* other : {"", "io.sluice.", "io.sluice.X", "io.sluice.X.v0", "io.sluice.X.v-1", "io.sluice.X.v1001",
                              "io.sluice.X.v1x", "com.example.X.v1"})
        EXPECT_EQ(name_and_version(other), Pair()) << other;
}

TEST(Codec, says_what_is_missing) {
    EXPECT_EQ(problems_of(but(data(), R"("version":7,)", "")), "/data/version:missing");
    EXPECT_EQ(problems_of("{}"),
              "/data/model:missing /data/version:missing /data/decision:missing /data/comment:missing "
              "/data/evidence:missing /data/roles:missing");
}

TEST(Codec, says_what_it_does_not_know) {
    EXPECT_EQ(problems_of(but(data(), "{", R"({"mood":"good",)")), "/data/mood:unknown_member");
    EXPECT_EQ(problems_of(but(data(), "{", R"({"a/b~c":1,)")), "/data/a~1b~0c:unknown_member");
    EXPECT_EQ(problems_of(but(data(), R"("approve")", R"("shrug")")), "/data/decision:unknown_value");
}

TEST(Codec, says_what_has_the_wrong_type) {
    EXPECT_EQ(problems_of(but(data(), "7", "7.0")), "/data/version:wrong_type");
    EXPECT_EQ(problems_of(but(data(), "7", "true")), "/data/version:wrong_type");
    EXPECT_EQ(problems_of(but(data(), "7", "null")), "/data/version:wrong_type");
    EXPECT_EQ(problems_of(but(data(), R"("fine")", "17")), "/data/comment:wrong_type");
    EXPECT_EQ(problems_of(but(data(), R"("approve")", "1")), "/data/decision:wrong_type");
    EXPECT_EQ(problems_of(but(data(), R"(["reviewer"])", R"("reviewer")")), "/data/roles:wrong_type");
    EXPECT_EQ(problems_of(but(data(), R"(["reviewer"])", R"(["reviewer",2])")), "/data/roles/1:wrong_type");
    EXPECT_EQ(problems_of("[]"), "/data:wrong_type");
    EXPECT_EQ(problems_of("nonsense"), "/data:malformed");
}

TEST(Codec, says_what_is_malformed) {
    EXPECT_EQ(problems_of(but(data(), R"("fraud")", R"("Fraud!")")), "/data/model:malformed");
    EXPECT_EQ(problems_of(but(data(), "sha256:", "md5:")), "/data/evidence:malformed");
    EXPECT_EQ(all_of(from_json<DeadlinePassed>(R"({"service":"approver","at":"yesterday"})").problems),
              "/at:malformed");
    EXPECT_EQ(all_of(from_json<DeadlinePassed>(R"({"service":"approver","at":17})").problems), "/at:wrong_type");
    const auto measured = R"({"model":"m","version":1,"policy_version":1,"measurement":"17","gates":[]})";
    EXPECT_EQ(all_of(from_json<EvaluationFailed>(measured).problems), "/measurement:malformed");
}

TEST(Codec, says_what_is_out_of_range) {
    EXPECT_EQ(problems_of(but(data(), "7", "4294967295")), "");
    EXPECT_EQ(problems_of(but(data(), "7", "4294967296")), "/data/version:out_of_range");
    EXPECT_EQ(problems_of(but(data(), "7", "-1")), "/data/version:out_of_range");
    EXPECT_EQ(problems_of(but(data(), "7", "1e999")), "/data:malformed");
    EXPECT_EQ(problems_of(but(data(), "7", "18446744073709551616")), "/data/version:wrong_type");
}

TEST(Codec, bounds_a_text) {
    const std::string longest(4096, 'x');
    EXPECT_EQ(problems_of(but(data(), "fine", longest)), "");
    EXPECT_EQ(problems_of(but(data(), "fine", longest + "x")), "/data/comment:too_long");
}

TEST(Codec, bounds_how_many_problems_it_names) {
    std::string roles = "[1";
    for (int i = 0; i < 200; ++i) roles += ",1";
    EXPECT_EQ(from_json<ReviewSubmitted>(but(data(), R"(["reviewer"])", roles + "]")).problems.size(), 100u);
}

TEST(Codec, bounds_the_names_that_it_repeats) {
    const auto found = from_json<ReviewSubmitted>(but(data(), "{", "{\"" + std::string(127, 'k') + "é\":1,")).problems;
    ASSERT_EQ(found.size(), 1u);
    EXPECT_EQ(found[0].pointer, "/" + std::string(127, 'k'));
}

TEST(Codec, bounds_how_deep_a_value_nests) {
    const auto nested = [](std::size_t levels) { return std::string(levels, '[') + std::string(levels, ']'); };
    EXPECT_TRUE(passed_over(R"({"data":)" + nested(30'000) + "}"));
    EXPECT_FALSE(parse(but(value(), R"("data":{)", R"("deep":)" + nested(64) + R"(,"data":{)")));
    EXPECT_TRUE(parse(but(value(), R"("data":{)", R"("deep":)" + nested(63) + R"(,"data":{)")));
    EXPECT_EQ(problems_of(nested(65)), "/data:malformed");
    EXPECT_EQ(problems_of(but(data(), "fine", std::string(100, '['))), "");
}

TEST(Codec, writes_what_is_not_utf8_as_a_replacement) {
    auto reviewed = review();
    reviewed.comment = "bad \xff byte";
    const auto parsed = parse(write(stamp(), reviewed).value);
    ASSERT_TRUE(parsed);
    EXPECT_EQ(data_as<ReviewSubmitted>(*parsed).value->comment, "bad \uFFFD byte");
}

TEST(Codec, gives_the_data_as_it_was_written) {
    const auto parsed = parse(value());
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->data_text(), data());
    const auto without = parse(but(value(), R"("data":)", R"("date":)"));
    ASSERT_TRUE(without);
    EXPECT_EQ(without->data_text(), "null");
}
