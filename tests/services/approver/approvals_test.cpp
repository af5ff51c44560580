#include "services/approver/decider.hpp"
#include "tests/support/facts.hpp"
#include "tests/support/scenario.hpp"

namespace sluice::approver {
namespace {

using namespace tests;

EvaluationPassed passed(Version version = 1, const std::string& evidence = "evidence") {
    EvaluationPassed fact;
    fact.model = fraud, fact.version = version, fact.artifact = artifact_of(version), fact.submitter = ann;
    fact.policy_version = 1, fact.evidence = digest_of(evidence);
    return fact;
}
ReviewSubmitted approves(const std::string& comment = "looks right") {
    return {fraud, 1, ReviewDecision::approve, comment, digest_of("evidence"), {"reviewer"}};
}
ReviewSubmitted rejects(const std::string& comment) {
    auto review = approves(comment);
    review.decision = ReviewDecision::reject;
    return review;
}
ReviewRefused refused(ReviewRefusal reason) { return {fraud, 1, reason}; }

/// Approvals expire after 60 s; the evaluation passes at second 1.
class Approver : public testing::Test, protected Scenario<Decider> {
protected:
    static constexpr core::Time deadline = 61'000;

    void given_policy(ApprovalRule rule) {
        auto policy = policy_of();
        policy.approval = std::move(rule);
        given(PolicySubmitted{policy, 0});
    }
    core::FactId given_an_open_approval() {
        given_policy({ApprovalMode::manual, "reviewer", 60});
        at(1000);
        const auto evaluation = given(passed());
        at(2000), by("bob");
        return evaluation;
    }
};

TEST_F(Approver, asks_a_person_and_sets_an_alarm_when_approval_is_manual) {
    const auto evaluation = given_an_open_approval();
    then({ApprovalRequested{fraud, 1, evaluation, digest_of("evidence"), "reviewer", {deadline}}});
    then_asks({WakeAt{{deadline}}});
}

TEST_F(Approver, waits_seven_days_for_a_reviewer_when_the_policy_is_silent) {
    given_policy({ApprovalMode::manual, {}, {}});
    const auto evaluation = when(passed());
    then({ApprovalRequested{fraud, 1, evaluation, digest_of("evidence"), "reviewer", {604'800'000}}});
}

TEST_F(Approver, grants_at_once_and_asks_nobody_when_approval_is_automatic) {
    given_policy({ApprovalMode::automatic, {}, {}});
    const auto evaluation = when(passed());
    then({ApprovalGranted{fraud, 1, artifact_of(1), digest_of("evidence"), evaluation, true, {}, {}}});
    then_asks({});
}

TEST_F(Approver, says_nothing_of_a_model_without_a_policy) {
    when(passed());
    then_nothing();
}

TEST_F(Approver, says_nothing_of_a_model_whose_only_policy_was_refused) {
    auto policy = policy_of();
    policy.evaluation.gates.clear();
    given(PolicySubmitted{policy, 0});
    when(passed());
    then_nothing();
}

TEST_F(Approver, grants_exactly_what_the_evaluation_named_and_withdraws_the_alarm) {
    const auto evaluation = given_an_open_approval();
    when(approves());
    then({ReviewCounted{fraud, 1, bob, ReviewDecision::approve},
          ApprovalGranted{fraud, 1, artifact_of(1), digest_of("evidence"), evaluation, false, bob, "looks right"}});
    then_withdraws({WakeAt{{deadline}}});
}

TEST_F(Approver, denies_with_the_reviewers_words_and_withdraws_the_alarm) {
    given_an_open_approval();
    when(rejects("too many false alarms"));
    then(
        {ReviewCounted{fraud, 1, bob, ReviewDecision::reject}, ApprovalDenied{fraud, 1, bob, "too many false alarms"}});
    then_withdraws({WakeAt{{deadline}}});
}

TEST_F(Approver, takes_no_second_review_after_the_first_decided) {
    given_an_open_approval();
    given(approves());
    when(rejects("no"));
    then({refused(ReviewRefusal::not_open)});
}

TEST_F(Approver, takes_no_review_of_what_was_never_asked) {
    when(approves());
    then({refused(ReviewRefusal::not_open)});
}

TEST_F(Approver, takes_a_review_only_from_the_role_that_the_policy_names) {
    given_an_open_approval();
    auto review = approves();
    review.roles = {"operator", "auditor"};
    when(review);
    then({refused(ReviewRefusal::wrong_role)});
    then_withdraws({});
}

TEST_F(Approver, lets_nobody_review_their_own_work) {
    given_an_open_approval();
    by("ann");
    when(approves());
    then({refused(ReviewRefusal::own_work)});
    when(rejects("I have changed my mind"));
    then({refused(ReviewRefusal::own_work)});
}

TEST_F(Approver, wants_a_comment_that_says_something) {
    given_an_open_approval();
    for (const auto* blank : {"", " ", "\t\r\n "}) {
        when(approves(blank));
        then({refused(ReviewRefusal::no_comment)});
    }
}

TEST_F(Approver, takes_no_review_of_other_evidence_than_that_of_the_evaluation) {
    given_an_open_approval();
    auto review = approves();
    review.evidence = digest_of("what the reviewer saw last week");
    when(review);
    then({refused(ReviewRefusal::other_evidence)});
}

TEST_F(Approver, goes_on_waiting_after_a_review_that_does_not_count) {
    given_an_open_approval();
    given(approves(" "));
    when(approves());
    EXPECT_TRUE(owes<ApprovalGranted>());
}

TEST_F(Approver, takes_a_review_for_late_by_its_own_time_even_before_the_alarm) {
    given_an_open_approval();
    at(deadline);
    when(approves());
    then({refused(ReviewRefusal::late)});
    at(deadline - 1);
    when(approves());
    EXPECT_TRUE(owes<ApprovalGranted>());
}

TEST_F(Approver, expires_when_the_alarm_rings_and_stays_expired) {
    given_an_open_approval();
    at(deadline);
    when(DeadlinePassed{"approver", {deadline}});
    then({ApprovalExpired{fraud, 1}});
    at(deadline - 1);
    when(approves());
    then({refused(ReviewRefusal::not_open)});
}

TEST_F(Approver, ignores_an_alarm_that_rings_after_it_was_withdrawn) {
    given_an_open_approval();
    const auto alarm = id_of<WakeAt>();
    given(approves());
    when(DeadlinePassed{"approver", {deadline}}, alarm);
    then_nothing();
}

TEST_F(Approver, ignores_the_alarm_of_another_service) {
    given_an_open_approval();
    when(DeadlinePassed{"deployer", {deadline}}, core::FactId{7, 7});
    then_nothing();
}

TEST_F(Approver, voids_what_waits_when_the_version_is_archived) {
    given_an_open_approval();
    when(ModelVersionArchived{fraud, 1, "wrong data"});
    then({ApprovalVoided{fraud, 1, VoidReason::archived, 1}});
    then_withdraws({WakeAt{{deadline}}});
    when(approves());
    then({refused(ReviewRefusal::not_open)});
}

TEST_F(Approver, voids_what_waits_when_the_version_is_evaluated_anew) {
    given_an_open_approval();
    at(5000);
    const auto evaluation = when(passed(1, "newer evidence"));
    then({ApprovalRequested{fraud, 1, evaluation, digest_of("newer evidence"), "reviewer", {65'000}}});
    then_asks({WakeAt{{65'000}}});
    then_withdraws({WakeAt{{deadline}}});
    when(approves());
    then({refused(ReviewRefusal::other_evidence)});
}

TEST_F(Approver, keeps_two_versions_apart) {
    given_an_open_approval();
    given(passed(2));
    when(approves());
    EXPECT_EQ(owed<ApprovalGranted>().artifact, artifact_of(1));
    then_withdraws({WakeAt{{deadline}}});
    auto second = approves();
    second.version = 2;
    when(second);
    EXPECT_EQ(owed<ApprovalGranted>().artifact, artifact_of(2));
}

TEST_F(Approver, voids_what_waits_when_the_policy_changes) {
    given_an_open_approval();
    auto automatic = policy_of();
    automatic.approval = {ApprovalMode::automatic, {}, {}};
    when(PolicySubmitted{automatic, 1});
    then({PolicyPublished{2, automatic}, ApprovalVoided{fraud, 1, VoidReason::policy_changed, 2}});
    then_withdraws({WakeAt{{deadline}}});
    when(approves());
    then({refused(ReviewRefusal::not_open)});
}

TEST_F(Approver, asks_nobody_about_an_evaluation_by_rules_that_hold_no_more) {
    given_policy({ApprovalMode::manual, {}, {}});
    given(PolicySubmitted{policy_of(), 1});
    when(passed());
    then({ApprovalVoided{fraud, 1, VoidReason::policy_changed, 2}});
    then_asks({});
}

}  // namespace
}  // namespace sluice::approver
