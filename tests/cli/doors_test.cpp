#include "tests/cli/town.hpp"

// Every command against the real doors: no field name is guessed.
namespace sluice::cli {
namespace {

class Doors : public DoorsTest {
protected:
    void shows(const std::string& text) { EXPECT_TRUE(has(shell.out, text)) << text << " is not in:\n" << shell.out; }
    void says(const std::string& text) { EXPECT_TRUE(has(shell.err, text)) << text << " is not in:\n" << shell.err; }
};

TEST_F(Doors, publish_a_policy_once) {
    apply_policy();
    EXPECT_EQ(shell.out, "policy of fraud: version 1 is published\nnext: sluice policy get fraud\n");
    apply_policy();
    EXPECT_EQ(shell.out, "policy of fraud: version 1, unchanged\n");
}

TEST_F(Doors, take_a_policy_from_standard_input) {
    shell.in.str(policy);
    EXPECT_EQ(shell.types("policy apply -"), Exit::ok) << shell.err;
    shows("version 1 is published");
}

TEST_F(Doors, refuse_a_policy_line_by_line) {
    const auto applied_with = [&](const std::string& part, const std::string& in_place) {
        auto text = std::string(policy);
        text.replace(text.find(part), part.size(), in_place);
        write_file(shell.folder.path / "policy.yaml", text);
        return shell.types("policy apply policy.yaml");
    };
    EXPECT_EQ(applied_with("threshold", "treshold"), Exit::refused);
    says(
        "sluice: the policy was refused; correct it and apply it again:\npolicy.yaml:3:3: threshold: this member is "
        "required\n");
    says("policy.yaml:4:13: no such member");
    EXPECT_EQ(applied_with("metric: auc", "metric: speed"), Exit::refused);
    says("\npolicy.yaml:6:35: ");
}

TEST_F(Doors, overwrite_nobodys_policy) {
    apply_policy();
    auto other = std::string(policy);
    other.replace(other.find("0.8"), 3, "0.9");
    write_file(shell.folder.path / "policy.yaml", other);
    EXPECT_EQ(shell.types("policy apply policy.yaml --expect 0"), Exit::conflict);
    says("409 version_has_moved");
    says("sluice policy get fraud");
    EXPECT_EQ(shell.types("policy apply policy.yaml --expect 1"), Exit::ok);
    shows("version 2 is published");
}

TEST_F(Doors, show_a_policy_and_its_history) {
    apply_policy();
    EXPECT_EQ(shell.types("policy get fraud"), Exit::ok) << shell.err;
    shows("policy of  fraud\nversion    1\n");
    shows("\"max_drop\": 0.05");
    shows("operator-1");
    EXPECT_EQ(shell.types("policy get other"), Exit::not_found);
}

TEST_F(Doors, list_what_waits_for_a_reviewer) {
    EXPECT_EQ(shell.types("review list"), Exit::ok);
    EXPECT_EQ(shell.out, "nothing waits for a reviewer\n");
    apply_policy();
    wait_for_review(1);
    EXPECT_EQ(shell.types("review list"), Exit::ok) << shell.err;
    shows("VERSION  ROLE      GATES PASSED  SUBMITTER");
    shows("fraud/1  reviewer  ");
    shows("trainer-1");
}

TEST_F(Doors, show_all_evidence_for_a_version) {
    promote_first();
    wait_for_review(2);
    EXPECT_EQ(shell.types("review show fraud/2"), Exit::ok) << shell.err;
    for (const auto* part : {"fraud/2: waiting: a reviewer",
                             "submitted by trainer-1",
                             "run          run-2",
                             "sha256:",
                             "7 bytes",
                             "https://example.org/fraud at 0123abc, with changes that were not committed",
                             "cards 2026-01-31",
                             "seeds        7, 8",
                             "user v1",
                             "amount, hour",
                             "depth=3",
                             "auc 0.9300, auc 0.9100 (abroad), as the trainer says",
                             "best is trial 3 of 20",
                             "team fraud",
                             "GATE",
                             "good enough    auc                    0.9300  0.8000     -         -           passed",
                             "not worse      auc                    0.9300  0.8500     0.9000    +0.0300     passed",
                             "passed",
                             "1000 rows, 100 positives",
                             "0 scores of 100 different",
                             "difference to the champion, fraud/1",
                             "log_loss  0.3000   0.2500   -0.0500",
                             "approval: open",
                             "\nevidence sha256:",
                             "next: sluice review approve fraud/2"})
        shows(part);
}

TEST_F(Doors, approve_on_the_evidence_that_is_shown) {
    apply_policy();
    wait_for_review(1);
    EXPECT_EQ(shell.types({"review", "approve", "fraud/1", "--comment", "good"}), Exit::ok) << shell.err;
    shows("fraud/1: approval granted\nevidence sha256:");
    shows("next: sluice timeline fraud/1");
    EXPECT_EQ(shell.types({"review", "approve", "fraud/1", "--comment", "again"}), Exit::conflict);
    says("409 not_open");
}

TEST_F(Doors, refuse_an_approval_of_other_evidence) {
    apply_policy();
    wait_for_review(1);
    const auto other = "sha256:" + std::string(64, '0');
    EXPECT_EQ(shell.types({"review", "approve", "fraud/1", "--comment", "x", "--evidence", other}), Exit::conflict);
    says("409 other_evidence");
    EXPECT_EQ(shell.types({"review", "approve", "fraud/1", "--comment", "x", "--evidence", "short"}), Exit::refused);
    says("/evidence: ");
}

TEST_F(Doors, refuse_a_review_without_the_role_or_a_comment) {
    apply_policy();
    wait_for_review(1);
    EXPECT_EQ(shell.types("--as operator review approve fraud/1 --comment x"), Exit::refused);
    says("403 role_missing");
    EXPECT_EQ(shell.types({"review", "approve", "fraud/1", "--comment", ""}), Exit::refused);
}

TEST_F(Doors, reject_a_version) {
    apply_policy();
    wait_for_review(1);
    EXPECT_EQ(shell.types({"--as", "reviewer-2", "review", "reject", "fraud/1", "--comment", "no"}), Exit::ok)
        << shell.err;
    shows("fraud/1: approval denied");
    EXPECT_EQ(shell.types("review show fraud/1"), Exit::ok);
    shows("denied by reviewer-2: no");
}

TEST_F(Doors, have_no_review_of_what_was_not_evaluated) {
    complete(1);
    EXPECT_EQ(shell.types("review approve fraud/1 --comment x"), Exit::conflict);
    says("fraud/1 has no evidence to review yet: it is waiting: no policy");
    EXPECT_EQ(shell.types("review show fraud/1"), Exit::ok) << shell.err;
    shows("evaluation: not yet");
    EXPECT_EQ(shell.types("review show fraud/9"), Exit::not_found);
    says("404 unknown_version");
}

TEST_F(Doors, show_an_endpoint_and_its_rollout) {
    begin_canary();
    EXPECT_EQ(shell.types("rollout get fraud"), Exit::ok) << shell.err;
    for (const auto* part : {"endpoint  fraud", "stable    fraud/1, 90 %", "canary    fraud/2, 10 %",
                             "rollout of fraud/2", "step      step 1 of 2, 10 %", "0 of 300 entities"})
        shows(part);
    EXPECT_EQ(shell.types("rollout get nothing"), Exit::not_found);
}

TEST_F(Doors, pause_and_resume_a_rollout) {
    begin_canary();
    EXPECT_EQ(shell.types("rollout pause fraud --reason noise"), Exit::ok) << shell.err;
    shows("fraud: RolloutPaused, revision 2\nnext: sluice rollout get fraud\n");
    EXPECT_EQ(shell.types("rollout pause fraud --reason noise"), Exit::conflict);
    says("409 already_paused");
    EXPECT_EQ(shell.types("rollout get fraud"), Exit::ok);
    shows("running, paused");
    EXPECT_EQ(shell.types("rollout resume fraud --reason quiet"), Exit::ok) << shell.err;
    shows("RolloutResumed");
}

TEST_F(Doors, move_a_rollout_only_where_the_revision_is_as_expected) {
    begin_canary();
    EXPECT_EQ(shell.types("rollout advance fraud --reason hurry --expect 1"), Exit::conflict);
    says("409 revision_has_moved");
    EXPECT_EQ(shell.types("rollout advance fraud --reason hurry --expect 2"), Exit::ok) << shell.err;
    shows("RolloutAdvanced, revision 3");
}

TEST_F(Doors, abort_promote_and_roll_back) {
    begin_canary();
    EXPECT_EQ(shell.types("rollout rollback fraud --reason worse"), Exit::conflict);
    says("409 rollout_is_running");
    EXPECT_EQ(shell.types("rollout promote fraud --reason sure"), Exit::ok) << shell.err;
    shows("RolloutPromoted");
    EXPECT_EQ(shell.types("rollout rollback fraud --reason worse"), Exit::ok) << shell.err;
    shows("RolloutRolledBack");
    EXPECT_EQ(shell.types("rollout abort fraud --reason worse"), Exit::conflict);
    says("409 not_running");
    EXPECT_EQ(shell.types({"rollout", "abort", "fraud", "--reason", " "}), Exit::refused);
    EXPECT_EQ(shell.types("--as auditor rollout abort fraud --reason worse"), Exit::refused);
}

TEST_F(Doors, let_a_rollout_be_watched_until_it_is_promoted) {
    begin_canary();
    int looks = 0;
    Shell operators;
    operators.environment = shell.environment;
    shell.sleep = [&](auto) {
        if (++looks == 2) operators.types("rollout advance fraud --reason hurry");
        if (looks == 4) operators.types("rollout promote fraud --reason sure");
    };
    EXPECT_EQ(shell.types("rollout watch fraud"), Exit::ok) << shell.err;
    EXPECT_EQ(looks, 4);
    EXPECT_EQ(std::ranges::count(shell.out, '\n'), 4) << shell.out;
    shows("fraud/2 running; step 1 of 2, 10 %; 0 of 300 entities; ");
    shows("\nfraud/2 running; step 2 of 2, 50 %; ");
    shows("\nfraud/2 promoted; operator_decided\nnext: sluice timeline fraud/2\n");
}

TEST_F(Doors, let_a_watch_end_otherwise_when_the_rollout_does) {
    begin_canary();
    Shell operators;
    operators.environment = shell.environment;
    shell.sleep = [&](auto) { operators.types("rollout abort fraud --reason doubts"); };
    EXPECT_EQ(shell.types("rollout watch fraud"), Exit::refused) << shell.err;
    shows("fraud/2 aborted; doubts\n");
    EXPECT_EQ(shell.types("rollout watch fraud"), Exit::ok);
    shows("no rollout is under way");
}

TEST_F(Doors, let_a_terminal_be_drawn_over) {
    begin_canary();
    Shell operators;
    operators.environment = shell.environment;
    shell.terminal = true;
    int looks = 0;
    shell.sleep = [&](auto) {
        if (++looks == 2) operators.types("rollout abort fraud --reason doubts");
    };
    EXPECT_EQ(shell.types("rollout watch fraud"), Exit::refused);
    shows(
        "A\x1b[J\x1b[?7l"
        "endpoint  fraud");
}

TEST_F(Doors, list_and_show_models) {
    EXPECT_EQ(shell.types("model list"), Exit::ok);
    EXPECT_EQ(shell.out, "no model has a version yet\n");
    promote_first();
    EXPECT_EQ(shell.types("model list"), Exit::ok) << shell.err;
    shows("MODEL  CHAMPION  LATEST  ALIASES\nfraud  1         1       champion=1\n");
    EXPECT_EQ(shell.types("model get fraud"), Exit::ok) << shell.err;
    shows("champion  1");
    shows("1        champion  run-1  trainer-1");
    EXPECT_EQ(shell.types("model get fraud/1"), Exit::ok) << shell.err;
    shows("version     fraud/1");
    shows(", 7 bytes");
    EXPECT_EQ(shell.types("model get fraud/2"), Exit::not_found);
    EXPECT_EQ(shell.types("model get other"), Exit::not_found);
}

TEST_F(Doors, point_an_alias_at_a_version) {
    complete(1);
    EXPECT_EQ(shell.types("alias set fraud shadow 1 --expect 0"), Exit::ok) << shell.err;
    EXPECT_EQ(shell.out, "shadow points at fraud/1\nnext: sluice model get fraud\n");
    EXPECT_EQ(shell.types("alias set fraud champion 1"), Exit::conflict);
    says("409 alias_is_reserved");
    EXPECT_EQ(shell.types("alias set fraud shadow 9"), Exit::not_found);
    EXPECT_EQ(shell.types("alias set fraud shadow 1 --expect 7"), Exit::conflict);
    says("409 alias_has_moved");
}

TEST_F(Doors, archive_a_version) {
    complete(1);
    EXPECT_EQ(shell.types("model archive fraud/1 --reason old"), Exit::ok) << shell.err;
    EXPECT_EQ(shell.out, "fraud/1 is archived\nnext: sluice model get fraud\n");
    EXPECT_EQ(shell.types("model archive fraud/9 --reason old"), Exit::not_found);
    EXPECT_EQ(shell.types({"model", "archive", "fraud/1", "--reason", ""}), Exit::refused);
}

TEST_F(Doors, tell_the_story_of_a_model_and_of_a_version) {
    complete(1);
    EXPECT_EQ(shell.types("timeline fraud"), Exit::ok) << shell.err;
    shows("waiting_for_policy");
    shows("waiting: no policy");
    shows("ModelVersionRegistered");
    EXPECT_EQ(shell.types("timeline fraud/1"), Exit::ok) << shell.err;
    EXPECT_EQ(shell.out.rfind("fraud/1: waiting: no policy\n\nPOSITION  TIME (UTC)", 0), 0u) << shell.out;
    shows("TrainingCompleted");
    EXPECT_EQ(shell.types("timeline other"), Exit::not_found);
}

TEST_F(Doors, tell_what_became_of_a_request) {
    apply_policy();
    EXPECT_EQ(shell.types("-o json policy get fraud"), Exit::ok);
    std::string id;
    there([&] {
        for (const auto& [each, asked] : console->state().requests) id = core::to_text(each);
    });
    EXPECT_EQ(shell.types("request get " + id), Exit::ok) << shell.err;
    shows("request  " + id + "\nasks     PolicySubmitted at position 0");
    shows("actor    operator-1\nstate    answered\nanswer   PolicyPublished at position 1");
    EXPECT_EQ(shell.types("request get 00000000-0000-0000-0000-000000000000"), Exit::not_found);
    EXPECT_EQ(shell.types("request get nonsense"), Exit::not_found);
}

TEST_F(Doors, give_programs_their_json) {
    begin_canary();
    for (const auto* line : {"policy get fraud", "review list", "review show fraud/2", "rollout get fraud",
                             "model list", "model get fraud", "model get fraud/1", "timeline fraud", "timeline fraud/2",
                             "rollout pause fraud --reason x", "alias set fraud shadow 1"}) {
        EXPECT_EQ(shell.types(std::string(line) + " -o json"), Exit::ok) << line << shell.err;
        EXPECT_TRUE(tests::Json::parse(shell.out, nullptr, false).is_object()) << line << shell.out;
        EXPECT_EQ(std::ranges::count(shell.out, '\n'), 1) << line;
    }
}

}  // namespace
}  // namespace sluice::cli
