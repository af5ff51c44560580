#include "tests/services/serving/town.hpp"

#include <atomic>

namespace sluice::serving {
namespace {

const std::string one_row = R"({"instances":[{"a":1,"b":2,"c":3}]})";

class Routes : public Town {
protected:
    std::string answers() { return ask(one_row).header("Sluice-Version"); }
};

TEST_F(Routes, are_applied_and_said_to_be) {
    start();
    say(policy());
    route(all_to(version(1, "linear.onnx"), 1));
    EXPECT_EQ(answers(), "fraud/1");
    EXPECT_EQ(windows().back().applied, (std::vector<AppliedRoute>{{endpoint, 1}}));
    EXPECT_TRUE(ready());
}

TEST_F(Routes, to_an_artifact_without_approval_are_refused_and_the_old_one_goes_on) {
    start();
    const auto first = version(1, "linear.onnx");
    route(all_to(first, 1));
    const auto unapproved = stored(model_file("cleans.onnx"));
    say(registered(2, unapproved));
    route(split(first, {2, unapproved}, 5000, 2));
    EXPECT_EQ(refusal(), "not_approved");
    EXPECT_EQ(answers(), "fraud/1");
    EXPECT_EQ(windows().back().applied, (std::vector<AppliedRoute>{{endpoint, 1}}));
    EXPECT_TRUE(ready()) << "refused is settled";
}

TEST_F(Routes, to_bytes_that_do_not_match_their_digest_are_refused) {
    start();
    const auto spoilt = version(1, "linear.onnx");
    const auto path = *store_->path_of(spoilt.artifact.text);
    std::filesystem::permissions(path, std::filesystem::perms::owner_all);
    std::ofstream(path, std::ios::app) << "more";
    route(all_to(spoilt, 1));
    EXPECT_EQ(refusal(), "artifact_unreadable");
    EXPECT_EQ(ask(one_row).status, 503);
}

TEST_F(Routes, to_an_artifact_that_is_not_in_the_store_are_refused) {
    start();
    const auto missing = digest_of("nowhere");
    say(registered(1, missing));
    say(granted(1, missing));
    route(all_to({1, missing}, 1));
    EXPECT_EQ(refusal(), "artifact_missing");
}

TEST_F(Routes, to_a_model_of_another_width_than_its_signature_are_refused) {
    start();
    route(all_to(version(1, "two_columns.onnx"), 1));
    EXPECT_EQ(refusal(), "width_differs");
}

TEST_F(Routes, to_what_does_not_open_here_are_refused) {
    start();
    route(all_to(version(1, "broken.onnx"), 1));
    EXPECT_EQ(refusal(), "artifact_not_a_model");
}

TEST_F(Routes, to_a_model_that_crashes_the_child_are_refused) {
    warm_up_ = [this](const auto&, auto done) {
        executor_->post([done] { done(core::Failure::poison("the model crashed its child", "convert it again")); });
    };
    start();
    route(all_to(version(1, "linear.onnx"), 1));
    EXPECT_EQ(refusal(), "warm_up_failed");
}

TEST_F(Routes, are_tried_again_where_the_trouble_may_pass) {
    std::atomic<int> attempts = 0;
    warm_up_ = [&](const auto&, auto done) {
        executor_->post([&attempts, done] {
            if (++attempts > 1) return done(app::WarmAnswer{app::Warmed{}});
            done(core::Failure::retryable("too many children run", "wait"));
        });
    };
    start();
    route(all_to(version(1, "linear.onnx"), 1));
    EXPECT_EQ(attempts, 2);
    EXPECT_EQ(answers(), "fraud/1");
}

TEST_F(Routes, lead_back_to_the_version_before_without_loading_it_again) {
    std::atomic<int> loads = 0;
    open_model_ = [&loads](std::string_view bytes) { return ++loads, open_onnx(bytes); };
    start();
    const auto first = version(1, "linear.onnx"), second = version(2, "cleans.onnx");
    route(all_to(first, 1));
    route(split(first, second, 1000, 2));
    route(all_to(second, 3));
    route(all_to(first, 4));
    EXPECT_EQ(answers(), "fraud/1");
    EXPECT_EQ(loads, 2);
}

TEST_F(Routes, that_name_no_version_serve_nothing) {
    start();
    route(all_to(version(1, "linear.onnx"), 1));
    auto nothing = all_to({}, 2);
    nothing.stable.reset();
    route(nothing);
    EXPECT_TRUE(ask(one_row).is(503, "no_route"));
}

TEST_F(Routes, that_were_replaced_long_ago_are_not_loaded_at_the_start) {
    std::atomic<int> loads = 0;
    open_model_ = [&loads](std::string_view bytes) { return ++loads, open_onnx(bytes); };
    const auto first = version(1, "linear.onnx"), second = version(2, "cleans.onnx");
    for (Revision revision = 1; revision < 50; ++revision)
        say(RouteChanged{all_to(revision % 2 ? first : second, revision)});
    start();
    route(all_to(second, 50));
    EXPECT_EQ(answers(), "fraud/2");
    EXPECT_LE(loads, 2);
}

TEST_F(Routes, change_under_load_without_losing_a_request) {
    start();
    say(policy());
    const auto first = version(1, "linear.onnx"), second = version(2, "two_columns.onnx", {{"a"}, {"b"}});
    route(all_to(first, 1));
    const auto score_of = [&] { return ask(one_row).body(); };
    std::map<std::string, std::string> scores{{"fraud/1", score_of()}};
    route(all_to(second, 2));
    scores["fraud/2"] = score_of();
    ASSERT_NE(scores["fraud/1"], scores["fraud/2"]);

    std::atomic<bool> done = false;
    std::atomic<int> answered = 0;
    std::vector<std::thread> applications;
    for (int t = 0; t < 4; ++t)
        applications.emplace_back([&] {
            while (!done) {
                Application application{port_};
                for (int i = 0; i < 100; ++i) {
                    const auto reply = application.ask(one_row);
                    EXPECT_EQ(reply.status, 200) << reply.text;
                    EXPECT_EQ(reply.body(), scores[reply.header("Sluice-Version")]);
                    ++answered;
                }
            }
        });
    for (Revision revision = 3; revision < 23; revision += 2) {
        route(split(first, second, 5000, revision));
        route(all_to(revision % 4 == 1 ? first : second, revision + 1));
    }
    done = true;
    for (auto& application : applications) application.join();
    EXPECT_GE(answered, 400);
}

/// With the real child in front.
class WarmedRoutes : public Routes {
protected:
    app::Scorer scorer_{*executor_, SLUICE_SCORER, {60s, 60s, 4ULL << 30, 1}};
    WarmedRoutes() {
        warm_up_ = [this](const app::WarmRequest& request, auto done) { scorer_.warm(request, std::move(done)); };
    }
};

TEST_F(WarmedRoutes, are_applied_once_the_child_has_scored) {
    start();
    route(all_to(version(1, "linear.onnx"), 1));
    EXPECT_EQ(answers(), "fraud/1");
}

TEST_F(WarmedRoutes, are_refused_with_what_the_child_found) {
    start();
    route(all_to(version(1, "wrong_output_name.onnx"), 1));
    EXPECT_TRUE(refusal().starts_with("artifact_")) << refusal();
    EXPECT_EQ(ask(one_row).status, 503);
}

}  // namespace
}  // namespace sluice::serving
