#include "common/yaml/read.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <random>

namespace sluice::yaml {
namespace {

std::string repeated(std::string_view text, std::size_t times) {
    std::string out;
    for (std::size_t i = 0; i < times; ++i) out += text;
    return out;
}

std::string json_of(std::string_view text) {
    const auto document = read_yaml(text);
    return document ? document->json : document.failure().text();
}

std::string refusal_of(std::string_view text, const Limits& limits = {}) {
    const auto document = read_yaml(text, limits);
    if (document) return "taken: " + document->json;
    EXPECT_EQ(document.failure().kind, core::Failure::Kind::poison);
    EXPECT_FALSE(document.failure().advice.empty());
    return document.failure().what;
}

Mark mark_of(std::string_view text, const std::string& pointer) {
    const auto document = read_yaml(text);
    return document && document->marks.contains(pointer) ? document->marks.at(pointer) : Mark{};
}

constexpr std::string_view policy = R"(model: fraud   # the one we know
rollout:
  steps:
    - {weight_percent: 10, bake_s: 5}
    - weight_percent: 50
      bake_s: 5
  judge: {margin: 2.0, p_floor: 0.02}
comment: >-
  folded
  text
empty:
)";

TEST(Yaml, becomes_json_in_the_order_in_which_it_was_written) {
    EXPECT_EQ(json_of(policy), R"({"model":"fraud","rollout":{"steps":[{"weight_percent":10,"bake_s":5},)"
                               R"({"weight_percent":50,"bake_s":5}],"judge":{"margin":2.0,"p_floor":0.02}},)"
                               R"("comment":"folded text","empty":null})");
}

TEST(Yaml, remembers_where_each_value_stands) {
    EXPECT_EQ(mark_of(policy, ""), (Mark{1, 1}));
    EXPECT_EQ(mark_of(policy, "/model"), (Mark{1, 8}));
    EXPECT_EQ(mark_of(policy, "/rollout/steps/0"), (Mark{4, 7}));
    EXPECT_EQ(mark_of(policy, "/rollout/steps/1/bake_s"), (Mark{6, 15}));
    EXPECT_EQ(mark_of(policy, "/rollout/judge/p_floor"), (Mark{7, 33}));
    EXPECT_EQ(mark_of(policy, "/empty"), (Mark{11, 1})) << "a null stands where its key does";
    EXPECT_EQ(read_yaml(policy)->marks.size(), 15u);
}

TEST(Yaml, escapes_pointers_and_strings) {
    EXPECT_EQ(mark_of("a/b~c: 1", "/a~1b~0c"), (Mark{1, 8}));
    EXPECT_EQ(json_of(R"("q\"uo\\te": "a\tb\nc\0\x1f")"), R"({"q\"uo\\te":"a\tb\nc\u0000\u001f"})");
    EXPECT_EQ(json_of("zo\xc3\xab: \"\\u20ac\""), "{\"zo\xc3\xab\":\"\xe2\x82\xac\"}");
}

TEST(Yaml, takes_plain_scalars_for_what_they_look_like) {
    EXPECT_EQ(json_of("[null, Null, NULL, ~, true, True, TRUE, false, False, FALSE]"),
              "[null,null,null,null,true,true,true,false,false,false]");
    EXPECT_EQ(json_of("[0, -0, 7, +7, -7, 007, 0o17, 0x1F]"), "[0,0,7,7,-7,7,15,31]");
    EXPECT_EQ(json_of("[1.5, 2.0, .5, 5., -.5e-2, 1e3, 1E+2, 0.1]"), "[1.5,2.0,0.5,5.0,-0.005,1000.0,100.0,0.1]");
    EXPECT_EQ(json_of("[18446744073709551615, -9223372036854775808]"), "[18446744073709551615,-9223372036854775808]");
}

TEST(Yaml, leaves_all_else_text) {
    EXPECT_EQ(json_of("[yes, no, on, off, y, N]"), R"(["yes","no","on","off","y","N"])");
    EXPECT_EQ(json_of("[tRUE, nULL, 1_000, 12:30, 2020-01-01, 0o8, 0x, +, ., e5, 1e, 1.2.3, -0x1f]"),
              R"(["tRUE","nULL","1_000","12:30","2020-01-01","0o8","0x","+",".","e5","1e","1.2.3","-0x1f"])");
    EXPECT_EQ(json_of(R"(["true", 'null', "7", '', ! 8])"), R"(["true","null","7","","8"])");
    EXPECT_EQ(json_of("1: true\ntrue: 1"), R"({"1":true,"true":1})");
    EXPECT_EQ(json_of("a: |\n  7\n"), R"({"a":"7\n"})");
}

TEST(Yaml, takes_a_lone_scalar_and_empty_collections) {
    EXPECT_EQ(json_of("7"), "7");
    EXPECT_EQ(json_of("{a: [], b: {}}"), R"({"a":[],"b":{}})");
    EXPECT_EQ(json_of("\xef\xbb\xbf%YAML 1.2\n---\na: 1\n...\n"), R"({"a":1})");
}

TEST(Yaml, refuses_numbers_that_json_does_not_have) {
    for (const auto* number : {".inf", "-.INF", "+.Inf", ".nan", "1e400", "18446744073709551616",
                               "-9223372036854775809", "0x10000000000000000"})
        EXPECT_EQ(refusal_of("a:\n  b: " + std::string(number)), "line 2, column 6: JSON has no such number") << number;
}

TEST(Yaml, refuses_a_key_given_twice) {
    EXPECT_EQ(refusal_of("a: 1\nb: 2\na: 3"), "line 3, column 1: this key was given before");
    EXPECT_EQ(refusal_of("{x: {a: 1, \"a\": 2}}"), "line 1, column 12: this key was given before");
    EXPECT_EQ(json_of("[{a: 1}, {a: 2}]"), R"([{"a":1},{"a":2}])");
}

TEST(Yaml, refuses_keys_that_are_no_names) {
    EXPECT_EQ(refusal_of("? [a]\n: 1"), "line 1, column 3: a key must be a scalar");
    EXPECT_EQ(refusal_of("{{a: 1}: 1}"), "line 1, column 2: a key must be a scalar");
    EXPECT_EQ(refusal_of("a: 1\n~: 1"), "line 2, column 1: a key must not be null");
}

TEST(Yaml, refuses_anchors_aliases_and_tags) {
    const std::string shared = "anchors and aliases are not taken", tag = "tags are not taken";
    EXPECT_EQ(refusal_of("a: &x 1\nb: *x"), "line 1, column 4: " + shared);
    EXPECT_EQ(refusal_of("a:\n  - &x [1]"), "line 2, column 5: " + shared);
    EXPECT_EQ(refusal_of("&x a: 1"), "line 1, column 1: " + shared);
    EXPECT_EQ(refusal_of("a: *x"), "line 1, column 4: this is not YAML (the referenced anchor is not defined)");
    EXPECT_EQ(refusal_of("a: !!str 5"), "line 1, column 4: " + tag);
    EXPECT_EQ(refusal_of("a: !thing {b: 1}"), "line 1, column 4: " + tag);
}

TEST(Yaml, refuses_none_and_more_than_one_document) {
    EXPECT_EQ(refusal_of(""), "the text holds no document");
    EXPECT_EQ(refusal_of("# only a remark\n"), "the text holds no document");
    EXPECT_EQ(refusal_of("--- 1\n--- 2\n"), "line 2, column 1: a second document begins");
}

TEST(Yaml, says_where_it_stopped_being_yaml) {
    EXPECT_EQ(refusal_of("a: 1\nb: c: d"), "line 2, column 5: this is not YAML (illegal map value)");
    EXPECT_EQ(refusal_of("a: @x"), "line 1, column 4: this is not YAML (unknown token)");
    EXPECT_EQ(refusal_of("a: 1\n  b: \xc3"), "line 2, column 6: this is not UTF-8");
    EXPECT_EQ(refusal_of("\xed\xa0\x80"), "line 1, column 1: this is not UTF-8");
}

// What yaml-cpp 0.7 takes in silence, or spoils.
TEST(Yaml, refuses_what_the_parser_would_let_pass) {
    for (const std::string end : {"", "\n"}) {
        EXPECT_EQ(refusal_of("a: \"x" + end), "line 2, column 2: this is not YAML (illegal EOF in scalar)");
        EXPECT_EQ(refusal_of("a: 1\nb" + end), "line 2, column 1: this is not YAML (end of map not found)");
    }
    EXPECT_EQ(refusal_of(R"(a: "\_")"), R"(line 1, column 4: the escapes \_ and \N are not taken)");
    EXPECT_EQ(refusal_of(R"("\N": a)"), R"(line 1, column 1: the escapes \_ and \N are not taken)");
}

TEST(Yaml, reads_the_last_line_as_ended) {
    EXPECT_EQ(json_of("a: |\n  x"), R"({"a":"x\n"})");
    EXPECT_EQ(json_of("a: |\n  x\n"), R"({"a":"x\n"})");
    EXPECT_EQ(json_of("a: |+\n  x\n\n"), R"({"a":"x\n\n"})");
}

TEST(Yaml, is_bounded_in_size) {
    EXPECT_EQ(refusal_of("[1, 2]", {.size_max = 5}), "the text is larger than 5 bytes");
    EXPECT_TRUE(read_yaml("[1,2]", {.size_max = 5}));
}

TEST(Yaml, is_bounded_in_depth) {
    EXPECT_TRUE(read_yaml(repeated("[", 32) + repeated("]", 32)));
    EXPECT_EQ(refusal_of(repeated("[", 33) + repeated("]", 33)), "line 1, column 33: nested deeper than 32 levels");
    EXPECT_EQ(refusal_of("a: {b: {c: 1}}", {.depth_max = 2}), "line 1, column 8: nested deeper than 2 levels");
}

TEST(Yaml, is_bounded_in_what_the_pointers_take) {
    EXPECT_TRUE(read_yaml("a: [1, 2]", {.pointers_size_max = 10}));
    EXPECT_EQ(refusal_of("a: [1, 2]", {.pointers_size_max = 9}),
              "line 1, column 8: the document has too many values under too long names");
}

// Whatever the bytes, the answer is a failure with advice or JSON that another parser takes.
TEST(Yaml, writes_json_or_refuses_whatever_it_is_given) {
    std::mt19937 random{11};
    constexpr std::string_view alphabet = "{}[]:,-?#&*!|>'\"%@` \n\t~ab019.e\\x\x01\xc3\xab";
    int taken = 0;
    for (int round = 0; round < 20000; ++round) {
        std::string text = round % 2 == 0 ? std::string(policy) : "";
        for (auto edits = random() % 12; edits > 0; --edits)
            text.insert(text.begin() + static_cast<std::ptrdiff_t>(random() % (text.size() + 1)),
                        alphabet[random() % alphabet.size()]);
        const auto document = read_yaml(text);
        EXPECT_TRUE(document ? nlohmann::json::accept(document->json) : !document.failure().advice.empty()) << text;
        taken += static_cast<bool>(document);
    }
    EXPECT_GT(taken, 1000);
}

}  // namespace
}  // namespace sluice::yaml
