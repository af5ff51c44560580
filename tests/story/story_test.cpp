#include "tests/story/told.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

namespace sluice::tests {
namespace {

using namespace events;

/// The story as it was last read and agreed to.
void expect_as_in(const std::string& name, const std::string& text) {
    const auto path = std::string(SLUICE_SOURCE_DIR) + "/tests/story/" + name;
    if (std::getenv("SLUICE_STORY_WRITE")) std::ofstream(path) << text;
    std::ifstream in(path);
    const std::string agreed{std::istreambuf_iterator<char>(in), {}};
    EXPECT_EQ(agreed, text) << "The story is no longer told as in tests/story/" << name
                            << ". If it should be: SLUICE_STORY_WRITE=1 <build>/tests/story_test, read the difference, "
                               "and commit it.";
}

Policy demanding() {
    auto policy = policy_of();
    policy.evaluation.gates.push_back({"not worse than the champion", "auc", {}, {}, 0.05, Against::champion, {}});
    return policy;
}

TEST(Story, of_versions_that_come_and_go) {
    Told story;
    story.then("The rules.");
    story.says("operator-1", PolicySubmitted{demanding(), 0});

    story.then("Version 1, the first, is approved and takes all traffic.");
    story.completes(1, 0.85);
    story.approves(1);

    story.then("Version 2 is better: a canary at 10 %, then at 50 %, then promoted by the judge.");
    story.completes(2, 0.9);
    story.approves(2);
    story.canary_serves(20);
    story.seconds_pass(5);
    story.seconds_pass(5);
    story.canary_serves(300);

    story.then("Version 3 is worse than the champion: it fails its gate and is never served.");
    story.completes(3, 0.82);

    story.then("Version 4 passes offline and fails in service: thrown out.");
    story.completes(4, 0.88);
    story.approves(4);
    story.canary_serves(40, 5);

    story.then("Versions 5 and 6 complete at the same moment; 6 is approved first, and 5 does not overtake it.");
    story.trained(5, 0.9), story.completes(6, 0.91);
    story.approves(6);
    story.approves(5);

    story.then("An operator is in a hurry, then regrets it.");
    story.says("operator-1", RolloutAdvanceRequested{endpoint, story.rollout().rollout, true, "in a hurry", {}});
    story.says("operator-1", RollbackRequested{endpoint, "it was better before", {}});
    expect_as_in("versions_come_and_go.txt", story.text());
}

TEST(Story, of_versions_that_nobody_wanted) {
    Told story;
    story.then("The rules, at the second attempt.");
    auto wrong = demanding();
    wrong.evaluation.gates.clear();
    story.says("operator-1", PolicySubmitted{wrong, 0});
    story.says("operator-1", PolicySubmitted{demanding(), 0});

    story.then("Version 1 is denied, after its trainer had tried to approve it.");
    story.completes(1, 0.9);
    story.says("trainer-1", ReviewSubmitted{fraud, 1, ReviewDecision::approve, "mine", digest_of("any"), {"reviewer"}});
    story.reviews(1, ReviewDecision::reject, "trained on the wrong month");

    story.then("Version 2 waits until its approval expires; a review comes too late.");
    story.completes(2, 0.9);
    story.seconds_pass(60);
    story.says("reviewer-1",
               ReviewSubmitted{fraud, 2, ReviewDecision::approve, "at last", digest_of("any"), {"reviewer"}});

    story.then("Version 3 is archived while it waits.");
    story.completes(3, 0.9);
    story.says("operator-1", ArchiveRequested{fraud, 3, "a mistake"});
    expect_as_in("versions_nobody_wanted.txt", story.text());
}

}  // namespace
}  // namespace sluice::tests
