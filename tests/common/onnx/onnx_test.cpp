#include "common/onnx/model.hpp"
#include "common/onnx/self_contained.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <limits>
#include <thread>

namespace sluice::onnx {
namespace {

constexpr float nan = std::numeric_limits<float>::quiet_NaN();

std::string file(const std::string& name) {
    std::ifstream in(std::string(SLUICE_SOURCE_DIR) + "/tests/data/onnx/" + name, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

Model model(const std::string& name) {
    auto opened = Model::open(file(name));
    if (!opened) throw std::runtime_error(opened.failure().text());
    return std::move(*opened);
}

float by_hand(float a, float b, float c) { return 1 / (1 + std::exp(-(0.5f * a - b + 2 * c + 0.25f))); }

std::string why_not(const std::string& name) {
    const auto opened = Model::open(file(name));
    if (opened) return "it opened";
    EXPECT_EQ(opened.failure().kind, core::Failure::Kind::poison);
    EXPECT_FALSE(opened.failure().advice.empty());
    return opened.failure().what;
}

bool says(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST(Model, scores_rows_as_the_formula_does) {
    const auto linear = model("linear.onnx");
    EXPECT_EQ(linear.width(), 3u);
    const std::vector<float> rows{1, 2, 3, -1, 0.5f, 0, 0, 0, 0};
    const auto scores = linear.score(rows, 3);
    ASSERT_TRUE(scores) << scores.failure().text();
    ASSERT_EQ(scores->size(), 3u);
    EXPECT_NEAR((*scores)[0], by_hand(1, 2, 3), 1e-6);
    EXPECT_NEAR((*scores)[1], by_hand(-1, 0.5f, 0), 1e-6);
    EXPECT_NEAR((*scores)[2], by_hand(0, 0, 0), 1e-6);
}

TEST(Model, outlives_the_bytes_it_was_opened_from) {
    auto bytes = file("linear.onnx");
    auto opened = Model::open(bytes);
    std::fill(bytes.begin(), bytes.end(), 'x');
    EXPECT_NEAR(opened->score(std::vector<float>{1, 2, 3}, 1)->front(), by_hand(1, 2, 3), 1e-6);
}

TEST(Model, answers_nan_for_a_missing_value_unless_it_knows_better) {
    const std::vector<float> row{1, nan, 3};
    EXPECT_TRUE(std::isnan(model("linear.onnx").score(row, 1)->front()));
    EXPECT_NEAR(model("cleans.onnx").score(row, 1)->front(), by_hand(1, 0, 3), 1e-6);
}

TEST(Model, scores_nothing_for_no_rows) { EXPECT_TRUE(model("linear.onnx").score({}, 0)->empty()); }

TEST(Model, refuses_rows_of_another_width_and_says_both) {
    const auto linear = model("linear.onnx");
    for (const std::size_t values : {2u, 4u, 5u, 7u}) {
        const auto scores = linear.score(std::vector<float>(values), values > 4 ? 2 : 1);
        ASSERT_FALSE(scores);
        EXPECT_EQ(scores.failure().kind, core::Failure::Kind::poison);
        EXPECT_TRUE(says(scores.failure().what, "rows of 3 features")) << scores.failure().text();
    }
}

TEST(Model, is_shared_by_threads) {
    const auto linear = model("linear.onnx");
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&, x = static_cast<float>(t)] {
            for (int i = 0; i < 100; ++i)
                EXPECT_NEAR(linear.score(std::vector<float>{x, 0, 0}, 1)->front(), by_hand(x, 0, 0), 1e-6);
        });
    for (auto& thread : threads) thread.join();
}

TEST(ModelOffTheConvention, is_refused_with_what_was_found_and_what_is_wanted) {
    EXPECT_EQ(why_not("wrong_output_name.onnx"),
              "the model's output is probability float32 [N, 1], wanted is score float32 [N, 1]");
    EXPECT_EQ(why_not("wrong_input_name.onnx"),
              "the model's input is X float32 [N, 3], wanted is features float32 [N, F]");
    EXPECT_EQ(why_not("two_scores.onnx"), "the model's output is score float32 [N, 2], wanted is score float32 [N, 1]");
    EXPECT_EQ(why_not("one_row_only.onnx"),
              "the model's input is features float32 [1, 3], wanted is features float32 [N, F]");
    EXPECT_EQ(why_not("label_too.onnx"),
              "the model's output is score float32 [N, 1], label float32 [N, 1], wanted is score float32 [N, 1]");
    EXPECT_EQ(why_not("doubles.onnx"),
              "the model's input is features of another type than float32 [N, 3], wanted is features float32 [N, F]");
}

TEST(ModelThatIsBroken, is_refused) {
    EXPECT_TRUE(says(why_not("broken.onnx"), "not an ONNX model"));
    EXPECT_FALSE(Model::open(""));
    EXPECT_FALSE(Model::open("not a model at all"));
}

TEST(ModelThatIsBroken, is_refused_wherever_it_is_cut_off) {
    const auto whole = file("linear.onnx");
    for (std::size_t size = 0; size < whole.size(); ++size) {
        const auto opened = Model::open(whole.substr(0, size));
        EXPECT_TRUE(!opened || opened->width() == 3) << size;  // only what names the versions may be missing
    }
}

TEST(ModelWithWeightsInAnotherFile, is_refused_before_that_file_is_read) {
    for (const auto* name : {"weights_elsewhere.onnx", "weights_beside.onnx", "branch_weights_beside.onnx"})
        EXPECT_TRUE(says(why_not(name), "with all its weights inside")) << name << ": " << why_not(name);
}

TEST(SelfContained, follows_no_message_for_ever) {
    std::string graph;  // an attribute holding a graph holding a node holding an attribute …
    const auto wrap = [](char tag, const std::string& inner) {
        std::string size;
        auto left = inner.size();
        for (; left >= 0x80; left >>= 7) size += static_cast<char>(left | 0x80);
        return tag + (size + static_cast<char>(left)) + inner;
    };
    const auto nested = [&](int times) {
        graph.clear();
        for (int i = 0; i < times; ++i) graph = wrap(0x0a, wrap(0x2a, wrap(0x32, graph)));
        return wrap(0x3a, graph);
    };
    EXPECT_TRUE(is_self_contained(nested(20)));
    EXPECT_FALSE(is_self_contained(nested(30)));
}

TEST(ModelThatFailsWhileScoring, fails_as_a_value) {
    const auto curious = model("looks_at_second_row.onnx");
    EXPECT_TRUE(curious.score(std::vector<float>(6), 2));
    const auto scores = curious.score(std::vector<float>(3), 1);
    ASSERT_FALSE(scores);
    EXPECT_EQ(scores.failure().kind, core::Failure::Kind::poison);
    EXPECT_TRUE(says(scores.failure().what, "cannot score with the model")) << scores.failure().text();
}

TEST(OnnxRuntime, phones_nobody) {
    model("linear.onnx");
    EXPECT_STREQ(std::getenv("ORT_DISABLE_TELEMETRY"), "1");
    EXPECT_EQ(runtime_version(), "1.26.0");
}

}  // namespace
}  // namespace sluice::onnx
