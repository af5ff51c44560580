#include "services/listener/completeness.hpp"

#include "tests/services/listener/completions.hpp"

#include <gtest/gtest.h>

using namespace sluice;
using namespace sluice::listener;

namespace {

/// "pointer code", one per problem, of a completion that was changed.
std::vector<std::string> wrong(const std::function<void(events::TrainingCompleted&)>& change) {
    auto done = *events::from_json<events::TrainingCompleted>(completion().dump()).value;
    change(done);
    std::vector<std::string> found;
    for (const auto& problem : completeness(done)) found.push_back(problem.pointer + " " + problem.code);
    return found;
}

using Found = std::vector<std::string>;

TEST(Completeness, has_nothing_to_say_of_a_whole_completion) {
    EXPECT_EQ(wrong([](auto&) {}), Found{});
}

TEST(Completeness, wants_a_run_to_end_after_its_start) {
    EXPECT_EQ(wrong([](auto& done) { done.run.finished_at.ms = done.run.started_at.ms - 1; }),
              Found{"/data/run/finished_at before_start"});
    EXPECT_EQ(wrong([](auto& done) { done.run.finished_at = done.run.started_at; }), Found{});
}

TEST(Completeness, wants_exactly_one_output_named_score) {
    EXPECT_EQ(wrong([](auto& done) { done.signature.outputs.clear(); }),
              Found{"/data/signature/outputs not_one_score"});
    EXPECT_EQ(wrong([](auto& done) { done.signature.outputs[0].name.text = "label"; }),
              Found{"/data/signature/outputs not_one_score"});
}

TEST(Completeness, wants_columns_with_names_of_their_own) {
    EXPECT_EQ(wrong([](auto& done) { done.signature.inputs[1].name.text = "amount"; }),
              Found{"/data/signature/inputs/1/name repeated"});
    EXPECT_EQ(wrong([](auto& done) { done.signature.inputs[1].name.text = "score"; }),
              Found{"/data/signature/outputs/0/name repeated"});
    EXPECT_EQ(wrong([](auto& done) { done.signature.inputs[0].type = ""; }),
              Found{"/data/signature/inputs/0/type empty"});
}

TEST(Completeness, wants_lists_that_are_not_empty) {
    EXPECT_EQ(wrong([](auto& done) { done.seeds.clear(); }), Found{"/data/seeds empty"});
    EXPECT_EQ(wrong([](auto& done) { done.features.clear(); }), Found{"/data/features empty"});
    EXPECT_EQ(wrong([](auto& done) { done.signature.inputs.clear(); }), Found{"/data/signature/inputs empty"});
    EXPECT_EQ(wrong([](auto& done) { done.metrics.clear(); }), Found{"/data/metrics empty"});
}

TEST(Completeness, wants_each_view_once_and_at_a_version) {
    EXPECT_EQ(wrong([](auto& done) { done.features.push_back(done.features[0]); }),
              Found{"/data/features/1/view repeated"});
    EXPECT_EQ(wrong([](auto& done) { done.features[0].version = 0; }), Found{"/data/features/0/version out_of_range"});
}

TEST(Completeness, wants_to_know_whose_it_is_and_where_it_comes_from) {
    EXPECT_EQ(wrong([](auto& done) { done.owner = " ", done.job = ""; }),
              (Found{"/data/owner empty", "/data/job empty"}));
    EXPECT_EQ(wrong([](auto& done) { done.code.repository = ""; }), Found{"/data/code/repository empty"});
    EXPECT_EQ(wrong([](auto& done) { done.data.name = "", done.data.snapshot = "\t"; }),
              (Found{"/data/data/name empty", "/data/data/snapshot empty"}));
}

TEST(Completeness, wants_sizes_and_counts_above_zero) {
    EXPECT_EQ(wrong([](auto& done) { done.artifact.size = 0; }), Found{"/data/artifact/size out_of_range"});
    EXPECT_EQ(wrong([](auto& done) {
                  done.sweep = events::Sweep{"s", 0, 0};
              }),
              Found{"/data/sweep/trials out_of_range"});
    EXPECT_EQ(wrong([](auto& done) { done.sweep = events::Sweep{"s", 3, 4}; }), Found{"/data/sweep/best out_of_range"});
}

TEST(Completeness, names_everything_at_once) {
    EXPECT_EQ(wrong([](auto& done) { done = {}; }).size(), 11u);
}

TEST(Completeness, wants_a_reason_for_a_failure) {
    EXPECT_EQ(completeness(events::TrainingFailed{{}, {}, "nightly", ""}).size(), 1u);
    EXPECT_EQ(completeness(events::TrainingStarted{{}, {}, ""}).size(), 1u);
}

}  // namespace
