#include "common/postgres/ledger_mirror.hpp"
#include "events/codec.hpp"
#include "tests/common/postgres/database.hpp"

// The views over a story that is told with the facts' own types, so that a renamed member is found here.
namespace sluice::postgres {
namespace {

using namespace events;

/// Facts one after the other, a minute apart from 12:00 UTC.
class Story {
public:
    explicit Story(runtime::MirrorStore& store) : store_{store} {}

    template <class Fact>
    core::FactId say(const Fact& fact, const core::FactId& cause = {}, const std::string& actor = {}) {
        runtime::MirroredFact made;
        made.head.id = {0x8000, 0x8000000000000000 + next_}, made.head.position = next_, made.head.cause = cause;
        made.head.time = *core::from_rfc3339("2026-01-31T12:00:00Z") + static_cast<core::Time>(next_) * 60'000;
        made.head.service = Fact::writer, made.head.actor = actor;
        made.type = Fact::name, made.schema_version = Fact::schema_version, made.subject = fact.subject();
        made.data = to_json(fact);
        runtime::MirrorBatch batch{next_, {{next_, made.head.time, "value"}}, {made}};
        const auto done = store_.append(batch);
        if (!done) throw std::runtime_error(done.failure().text());
        ++next_;
        return made.head.id;
    }

private:
    runtime::MirrorStore& store_;
    core::Position next_ = 0;
};

Digest digest(char c) { return {"sha256:" + std::string(64, c)}; }
const Model fraud{"fraud"};
const Endpoint endpoint{"fraud"};

/// Version 1 goes live at once; version 2 by canary; version 3 fails its gate; version 4 is rolled back; version 5 is
/// rejected; version 6 finds a newer one live.
void tell(Story& story) {
    TrainingCompleted completed;  // 12:00
    completed.model = fraud, completed.run.id = {"run-1"}, completed.owner = "risk", completed.job = "nightly";
    completed.code = {"https://example.com/fraud.git", {"abcdef0"}, false};
    completed.data = {"transactions", "2026-01-30", digest('d')};
    const auto completion = story.say(completed, {}, "trainer-1");
    ModelVersionRegistered registered;  // 12:01
    registered.model = fraud, registered.version = 1, registered.run = {"run-1"}, registered.submitter = {"trainer-1"};
    registered.artifact = {digest('1'), 100};
    const auto first = story.say(registered, completion);
    registered.version = 2, registered.run = {"run-2"}, registered.artifact.digest = digest('2');  // 12:02
    story.say(registered);

    EvaluationMeasured measured;  // 12:03
    measured.model = fraud, measured.version = 1, measured.artifact = digest('1'), measured.dataset = digest('e');
    measured.rows = 1000, measured.scores = {0.91, 0.25, 0.875};
    const auto numbers = story.say(measured, first);
    EvaluationPassed passed;  // 12:04
    passed.model = fraud, passed.version = 1, passed.artifact = digest('1'), passed.policy_version = 1;
    passed.measurement = numbers, passed.gates = {{"good enough", "auc", 0.91, 0.8, {}, false, true}};
    passed.evidence = digest('a');
    story.say(passed, numbers);
    ReviewSubmitted review{fraud, 1, ReviewDecision::approve, "fine by me", digest('a'), {"reviewer"}};  // 12:05
    const auto reviewed = story.say(review, {}, "reviewer-1");
    story.say(ApprovalGranted{fraud, 1, digest('1'), digest('a'), {}, false, Person{"reviewer-1"}, "fine by me"},
              reviewed);  // 12:06

    const auto one = story.say(RolloutQueued{endpoint, fraud, 1, digest('1'), 1});  // 12:07
    const RolloutRef of_one{one, endpoint, fraud, 1};
    story.say(RolloutStarted{of_one, Strategy::canary, 0});                                           // 12:08
    story.say(RouteChanged{{endpoint, 1, fraud, one, RouteTarget{1, digest('1')}, {}, 0, "s", {}}});  // 12:09
    story.say(RouteApplied{endpoint, 1, {{"node-1"}}});                                               // 12:10
    story.say(RolloutPromoted{of_one, digest('1'), PromoteReason::no_control_arm, 0});                // 12:11

    const auto two = story.say(RolloutQueued{endpoint, fraud, 2, digest('2'), 1});  // 12:12
    const RolloutRef of_two{two, endpoint, fraud, 2};
    story.say(RolloutStarted{of_two, Strategy::canary, 1});  // 12:13
    const RouteTarget v1{1, digest('1')}, v2{2, digest('2')}, v4{4, digest('4')};
    story.say(RouteChanged{{endpoint, 2, fraud, two, v1, v2, 1000, "s", {}}});            // 12:14
    story.say(RolloutAdvanced{of_two, 2, 50});                                            // 12:15
    story.say(RouteChanged{{endpoint, 3, fraud, two, v1, v2, 5000, "s", {}}});            // 12:16
    story.say(RolloutJudged{of_two, 7, -1, 5, 612, Verdict::promote});                    // 12:17
    story.say(RolloutPromoted{of_two, digest('2'), PromoteReason::judged_not_worse, 1});  // 12:18
    story.say(RouteChanged{{endpoint, 4, fraud, two, v2, {}, 0, "s", {}}});               // 12:19

    EvaluationFailed failed{fraud, 3, 1, {}, {}};  // 12:20
    failed.gates = {
        {"good enough", "auc", 0.84, 0.8, {}, false, true},
        {"not worse than the champion", "auc", 0.84000000000000004, 0.8900000000000001, 0.94, false, false}};
    story.say(failed);
    const auto four = story.say(RolloutQueued{endpoint, fraud, 4, digest('4'), 1});  // 12:21
    const RolloutRef of_four{four, endpoint, fraud, 4};
    story.say(RolloutStarted{of_four, Strategy::canary, 2});                                               // 12:22
    story.say(RouteChanged{{endpoint, 5, fraud, four, v2, v4, 1000, "s", {}}});                            // 12:23
    story.say(RolloutRolledBack{of_four, RollbackReason::judged_worse, 2, "scores that are no numbers"});  // 12:24
    story.say(RouteChanged{{endpoint, 6, fraud, four, v2, {}, 0, "s", {}}});                               // 12:25

    ReviewSubmitted no{fraud, 5, ReviewDecision::reject, "data is old", digest('b'), {"reviewer"}};       // 12:26
    story.say(ApprovalDenied{fraud, 5, {"reviewer-2"}, "data is old"}, story.say(no, {}, "reviewer-2"));  // 12:27
    story.say(RolloutRefused{endpoint, fraud, 6, RolloutRefusal::older_than_live, 7});                    // 12:28
    story.say(EvaluationErrored{fraud, 8, 1, "broken_artifact", "not ONNX"});                             // 12:29
    story.say(ModelVersionArchived{fraud, 1, "no longer needed"});                                        // 12:30
    story.say(RolloutPaused{{story.say(RolloutQueued{endpoint, fraud, 9, digest('9'), 1}), endpoint, fraud, 9}, "x"});
}

struct ReviewerViews : PostgresTest {
    static void SetUpTestSuite() {
        PostgresTest::SetUpTestSuite();
        if (!database) return;
        LedgerMirror mirror{database->url("mirror_writer")};
        Story story{mirror};
        tell(story);
    }
    /// As the reviewer: one line for each row, columns separated by |.
    static std::string ask(const std::string& sql) {
        return database->run(
            "SELECT string_agg(concat_ws('|', VARIADIC ARRAY(SELECT coalesce(value, '-') "
            "FROM json_each_text(row_to_json(each)))), E'\\n') FROM (" +
                sql + ") AS each",
            "reviewer");
    }
    static std::string short_digest(const std::string& column) { return "substr(" + column + ", 8, 1)"; }
};

TEST_F(ReviewerViews, history_has_one_row_per_fact_in_order) {
    EXPECT_EQ(ask("SELECT position, type, service, model, version, actor FROM reviewer.history WHERE position IN (0, "
                  "1, 5, 9) "
                  "ORDER BY position"),
              "0|TrainingCompleted|listener|fraud|-|trainer-1\n"
              "1|ModelVersionRegistered|registry|fraud|1|-\n"
              "5|ReviewSubmitted|console|fraud|1|reviewer-1\n"
              "9|RouteChanged|deployer|fraud|-|-");
    EXPECT_EQ(ask("SELECT count(*) FROM reviewer.history"), ask("SELECT max(position) + 1 FROM reviewer.history"));
}

TEST_F(ReviewerViews, model_versions_say_what_a_version_was_made_from) {
    EXPECT_EQ(ask("SELECT version, run, submitter, " + short_digest("artifact_digest") +
                  ", job, code_commit, data_snapshot, archived_at IS NOT NULL AS archived FROM reviewer.model_versions "
                  "ORDER BY version"),
              "1|run-1|trainer-1|1|nightly|abcdef0|2026-01-30|true\n"
              "2|run-2|trainer-1|2|-|-|-|false");
}

TEST_F(ReviewerViews, evaluations_say_the_verdict_and_why) {
    EXPECT_EQ(ask("SELECT version, verdict, why, rows, auc, " + short_digest("evidence_digest") +
                  " AS evidence, jsonb_array_length(gates) FROM reviewer.evaluations ORDER BY version"),
              "1|passed|-|1000|0.91|a|1\n"
              "3|failed|not worse than the champion: auc 0.84, needed 0.89 (champion 0.94)|-|-|-|2\n"
              "8|errored|broken_artifact: not ONNX|-|-|-|-");
}

TEST_F(ReviewerViews, approvals_say_who_on_which_evidence) {
    EXPECT_EQ(ask("SELECT version, decision, reviewer, automatic, comment, " + short_digest("evidence_digest") +
                  ", to_char(time, 'HH24:MI') AS time FROM reviewer.approvals ORDER BY version"),
              "1|granted|reviewer-1|false|fine by me|a|12:06\n"
              "5|denied|reviewer-2|false|data is old|b|12:27");
}

TEST_F(ReviewerViews, rollouts_say_how_they_ended_and_why) {
    EXPECT_EQ(ask("SELECT version, state, reason, detail, to_char(queued_at, 'HH24:MI') AS q, "
                  "to_char(started_at, 'HH24:MI') AS s, to_char(ended_at, 'HH24:MI') AS e, compared_with, "
                  "weight_percent, canary_entities FROM reviewer.rollouts ORDER BY version"),
              "1|promoted|no_control_arm|-|12:07|12:08|12:11|-|-|-\n"
              "2|promoted|judged_not_worse|-|12:12|12:13|12:18|1|50|612\n"
              "4|rolled back|judged_worse|scores that are no numbers|12:21|12:22|12:24|2|-|-\n"
              "6|refused|older_than_live|-|12:28|-|12:28|-|-|-\n"
              "9|paused|-|-|12:31|-|-|-|-|-");
}

TEST_F(ReviewerViews, serving_now_says_since_when_without_a_break) {
    EXPECT_EQ(ask("SELECT endpoint, model, version, " + short_digest("artifact_digest") +
                  ", weight_percent, to_char(since, 'HH24:MI') AS since FROM reviewer.serving_now"),
              "fraud|fraud|2|2|100|12:14");
}

TEST_F(ReviewerViews, served_at_answers_for_any_minute) {
    const auto at = [](const std::string& minute) {
        return ask("SELECT version, arm, weight_percent FROM reviewer.served_at('2026-01-31 " + minute + "Z')");
    };
    EXPECT_EQ(at("12:08"), "");
    EXPECT_EQ(at("12:09"), "1|stable|100");
    EXPECT_EQ(at("12:14:30"), "1|stable|90\n2|canary|10");
    EXPECT_EQ(at("12:24"), "2|stable|90\n4|canary|10");
    EXPECT_EQ(at("18:00"), "2|stable|100");
}

TEST_F(ReviewerViews, answer_who_approved_what_is_serving) {
    EXPECT_EQ(ask("SELECT s.version, r.state, a.decision FROM reviewer.serving_now s JOIN reviewer.rollouts r USING "
                  "(model, version) "
                  "LEFT JOIN reviewer.approvals a USING (model, version)"),
              "2|promoted|-");
    EXPECT_EQ(ask("SELECT a.reviewer, a.comment FROM reviewer.served_at('2026-01-31 12:10Z') s "
                  "JOIN reviewer.approvals a ON a.artifact_digest = s.artifact_digest AND a.decision = 'granted'"),
              "reviewer-1|fine by me");
}

TEST_F(ReviewerViews, stand_an_odd_record) {
    const auto own = Database::copy_of(*database);
    own->run(R"(INSERT INTO ledger.fact (id, position, type, schema_version, service, subject, time, data)
        SELECT gen_random_uuid(), 1000 + n, type, 1, 'x', 'models/x', now(), data::jsonb
        FROM (SELECT row_number() OVER () AS n, * FROM (SELECT DISTINCT type FROM ledger.fact) types,
              (VALUES ('{}'), ('[]'), ('"x"'), ('{"of":1,"route":[],"gates":3,"measurement":"x","version":"x"}'),
                      ('{"of":{"rollout":7},"route":{"revision":"x","stable":{"version":"1e9999"},"canary_weight_bp":-1}}'))
                  odd (data)) rows)",
             "mirror_writer");
    for (const std::string view :
         {"history", "model_versions", "evaluations", "approvals", "rollouts", "routes", "serving_now"})
        EXPECT_EQ(own->refusal("SELECT count(t.*::text) FROM reviewer." + view + " t", "reviewer"), "done") << view;
}

}  // namespace
}  // namespace sluice::postgres
