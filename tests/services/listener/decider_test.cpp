#include "services/listener/decider.hpp"

#include <gtest/gtest.h>

using namespace sluice;
using namespace sluice::listener;

namespace {

TrainingStarted started(const std::string& run) { return {Model{"fraud"}, Run{run}, "nightly"}; }

State after(std::initializer_list<std::pair<core::FactId, Inputs>> facts) {
    State state;
    core::Position position = 40;
    for (const auto& [id, fact] : facts) {
        core::Head head;
        head.id = id, head.position = position++;
        evolve(state, {head, fact});
    }
    return state;
}

TEST(Listener, knows_at_any_distance_where_an_id_stands_and_what_it_said) {
    const auto state = after({{{0, 1}, started("a")}, {{0, 2}, ArtifactStored{{Digest{"sha256:00"}, 3}}}});
    EXPECT_EQ(state.sent.at({0, 1}), (Sent{40, content_of(started("a"))}));
    EXPECT_EQ(state.sent.at({0, 2}).position, 41u);
}

TEST(Listener, keeps_the_first_of_an_id_that_was_written_again_much_later) {
    const auto state = after({{{0, 1}, started("a")}, {{0, 1}, started("b")}});
    EXPECT_EQ(state.sent.at({0, 1}), (Sent{40, content_of(started("a"))}));
}

TEST(Listener, owes_nothing) {
    EXPECT_TRUE(after({{{0, 1}, started("a")}, {{0, 2}, TrainingRefused{}}}).agenda.empty());
}

TEST(Listener, tells_contents_apart_by_what_they_say_and_by_what_they_are) {
    EXPECT_EQ(content_of(started("a")), content_of(started("a")));
    EXPECT_NE(content_of(started("a")), content_of(started("b")));
    EXPECT_NE(content_of(TrainingStarted{}), content_of(TrainingFailed{}));
}

}  // namespace
