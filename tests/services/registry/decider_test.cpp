#include "services/registry/decider.hpp"

#include "common/core/fold.hpp"

#include <gtest/gtest.h>

using namespace sluice;
using namespace sluice::registry;

namespace {

/// A registry, told in words.
struct Story {
    core::Folded<Decider> folded{"test"};

    core::FactId hears(Inputs fact, const std::string& actor = "somebody") {
        core::Head head;
        head.position = head.seen = folded.next;
        head.id = head.correlation = {1, folded.next + 1};
        head.actor = actor;
        core::fold(folded, core::Incoming<Decider>{head, std::move(fact), {}});
        return head.id;
    }
    core::FactId completes(const std::string& run, const std::string& artifact = "a") {
        TrainingCompleted done;
        done.model = {"fraud"};
        done.run.id = {run};
        done.artifact.digest = {artifact};
        return hears(done, "trainer-1");
    }
    void promotes(Version version) { hears(RolloutPromoted{{{9, 9}, {"fraud"}, {"fraud"}, version}, {}, {}, 0}); }

    template <class Fact> std::vector<Fact> owed() const {
        std::vector<Fact> found;
        for (const auto& [order, entry] : folded.state.agenda.entries())
            if (const auto* fact = std::get_if<Fact>(&std::get<0>(entry.debt))) found.push_back(*fact);
        return found;
    }
    const Answer& answer(const core::FactId& id) const { return folded.state.answers.at(id); }
    const ModelState& fraud() const { return folded.state.models.at({"fraud"}); }
};

TEST(Registry, numbers_versions_densely_in_the_order_of_their_completions) {
    Story story;
    story.completes("b");
    story.completes("a");
    const auto owed = story.owed<ModelVersionRegistered>();
    ASSERT_EQ(owed.size(), 2u);
    EXPECT_EQ(owed[0].run.text, "b");
    EXPECT_EQ(owed[0].version, 1u);
    EXPECT_EQ(owed[1].version, 2u);
    EXPECT_EQ(owed[1].submitter.text, "trainer-1");
    EXPECT_EQ(story.owed<ModelCreated>().size(), 1u);
}

TEST(Registry, registers_a_run_and_artifact_once) {
    Story story;
    story.completes("a");
    story.completes("a");
    story.completes("a", "another artifact");
    EXPECT_EQ(story.owed<ModelVersionRegistered>().size(), 2u);
}

TEST(Registry, moves_an_alias_to_a_version_that_stands) {
    Story story;
    story.completes("a");
    const auto asked = story.hears(AliasMoveRequested{{"fraud"}, {"best"}, 1, 0});
    EXPECT_EQ(story.owed<AliasMoved>(), (std::vector<AliasMoved>{{{"fraud"}, {"best"}, 1, 0}}));
    EXPECT_FALSE(story.answer(asked).refused);
}

TEST(Registry, refuses_to_move_an_alias_and_says_why) {
    Story story;
    story.completes("a");
    const auto why = [&](const AliasMoveRequested& asked) { return story.answer(story.hears(asked)).refused; };
    EXPECT_EQ(why({{"other"}, {"best"}, 1, {}}), RegistryRefusal::unknown_model);
    EXPECT_EQ(why({{"fraud"}, {"best"}, 2, {}}), RegistryRefusal::unknown_version);
    EXPECT_EQ(why({{"fraud"}, {"best"}, 1, 1}), RegistryRefusal::alias_has_moved);
    EXPECT_EQ(why({{"fraud"}, {"champion"}, 1, {}}), RegistryRefusal::alias_is_reserved);
    story.hears(ArchiveRequested{{"fraud"}, 1, "old"});
    EXPECT_EQ(why({{"fraud"}, {"best"}, 1, {}}), RegistryRefusal::archived_version);
    EXPECT_EQ(story.owed<RegistryRequestRefused>().size(), 5u);
}

TEST(Registry, never_archives_the_champion) {
    Story story;
    story.completes("a");
    story.promotes(1);
    const auto asked = story.hears(ArchiveRequested{{"fraud"}, 1, "old"});
    EXPECT_EQ(story.answer(asked).refused, RegistryRefusal::live_version);
    EXPECT_FALSE(story.fraud().versions.at(1).archived);
}

TEST(Registry, lets_only_a_rollout_crown_a_champion) {
    Story story;
    story.completes("a");
    story.completes("b");
    story.promotes(1);
    story.promotes(2);
    story.hears(RolloutRolledBack{{{9, 9}, {"fraud"}, {"fraud"}, 2}, {}, 1, ""});
    EXPECT_EQ(story.fraud().champion, 1u);
    EXPECT_EQ(story.owed<AliasMoved>().back(), (AliasMoved{{"fraud"}, champion_alias, 1, 2}));
}

TEST(Registry, moves_nothing_when_a_canary_is_thrown_out) {
    Story story;
    story.completes("a");
    story.completes("b");
    story.promotes(1);
    story.hears(RolloutRolledBack{{{9, 9}, {"fraud"}, {"fraud"}, 2}, {}, 1, ""});
    EXPECT_EQ(story.owed<AliasMoved>().size(), 1u);
}

}  // namespace
