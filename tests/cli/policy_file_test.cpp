#include "cli/policy_file.hpp"

#include <gtest/gtest.h>

namespace sluice::cli {
namespace {

constexpr auto text =
    "# rules\n"
    "model: fraud\n"
    "evaluation:\n"
    "  gates:\n"
    "    - {name: good, metric: auc, at_least: 2}\n";

std::string complaint(const std::string& wrong) {
    try {
        static_cast<void>(read_policy("p.yaml", wrong));
    } catch (const Ended& ended) {
        EXPECT_EQ(static_cast<int>(ended.exit), 1);
        return ended.what();
    }
    return "nothing";
}

std::string in_file(std::vector<Problem::At> errors) {
    Problem problem;
    problem.errors = std::move(errors);
    return errors_in_file(read_policy("p.yaml", text), problem);
}

TEST(PolicyFile, becomes_json_and_knows_its_model) {
    const auto file = read_policy("p.yaml", text);
    EXPECT_EQ(file.model, "fraud");
    EXPECT_EQ(file.document.json,
              R"({"model":"fraud","evaluation":{"gates":[{"name":"good","metric":"auc","at_least":2}]}})");
}

TEST(PolicyFile, says_the_line_and_column_of_what_a_server_points_to) {
    EXPECT_EQ(in_file({{"/evaluation/gates/0/at_least", "it must be at most 1"}}), "p.yaml:5:43: it must be at most 1");
}

TEST(PolicyFile, takes_pointers_into_the_request_as_well) {
    EXPECT_EQ(in_file({{"/policy/model", "no"}}), "p.yaml:2:8: no");
    EXPECT_EQ(in_file({{"/policy", "no"}}), "p.yaml:2:1: no");
}

TEST(PolicyFile, points_to_what_a_missing_member_would_stand_in) {
    EXPECT_EQ(in_file({{"/evaluation/gates/0/against", "this member is required"}}),
              "p.yaml:5:7: against: this member is required");
    EXPECT_EQ(in_file({{"/endpoint", "this member is required"}}), "p.yaml:2:1: endpoint: this member is required");
}

TEST(PolicyFile, says_every_problem_on_a_line) {
    EXPECT_EQ(in_file({{"/model", "one"}, {"/evaluation", "two"}}), "p.yaml:2:8: one\np.yaml:4:3: two");
}

TEST(PolicyFile, that_is_no_yaml_is_refused_with_its_place) {
    const auto said = complaint("model: fraud\nmodel: twice\n");
    EXPECT_EQ(said.rfind("p.yaml:2:1: ", 0), 0u) << said;
}

TEST(PolicyFile, must_name_its_model) {
    EXPECT_NE(complaint("endpoint: fraud\n").find("begin it with model: NAME"), std::string::npos);
    EXPECT_NE(complaint("- a\n").find("begin it with model: NAME"), std::string::npos);
    EXPECT_NE(complaint("model: 7\n").find("begin it with model: NAME"), std::string::npos);
    EXPECT_EQ(complaint("model: Fraud\n").rfind("p.yaml:1:8: 'Fraud' cannot name a model", 0), 0u);
}

}  // namespace
}  // namespace sluice::cli
