#include "services/console/sentences.hpp"

#include <algorithm>
#include <cstdio>

namespace sluice::console {
namespace {

using std::string;

string text(std::uint64_t number) { return std::to_string(number); }
/// "2 gates", "1 gate"
string count(std::uint64_t number, const string& of) { return text(number) + " " + of + (number == 1 ? "" : "s"); }
string because(const string& reason) { return reason.empty() ? "." : ": " + reason; }
string by(const Person& person) { return person.empty() ? "" : " by " + person.text; }
string at_revision(const std::optional<Revision>& revision) {
    return revision ? " at revision " + text(*revision) : "";
}
/// An enum's name in words.
template <core::NamedEnum E> string words(E value) {
    auto name = string(core::name_of(value));
    std::ranges::replace(name, '_', ' ');
    return name;
}
string version_or_nothing(Version version) { return version == 0 ? "nothing" : "version " + text(version); }

string failed_gates(const std::vector<GateResult>& gates) {
    string names;
    for (const auto& gate : gates)
        if (!gate.passed)
            names += (names.empty() ? "" : "; ") + gate.name + " (" + gate.metric + " " + number_text(gate.number) +
                     ", threshold " + number_text(gate.threshold) + ")";
    return names;
}
string measured_beside(const EvaluationMeasured& measured) {
    if (!measured.champion) return "";
    return "; the champion, version " + text(measured.champion->version) + ", has AUC " +
           number_text(measured.champion->scores.auc) + " on the same rows";
}
string route_in_words(const Route& route) {
    string said;
    if (route.stable) said = "version " + text(route.stable->version);
    if (route.canary)
        said += (said.empty() ? "" : ", and ") + number_text(route.canary_weight_bp / 100.0) + " % to version " +
                text(route.canary->version);
    return said.empty() ? "nothing" : said;
}

string say(const TrainingStarted& f) { return "Training started: run " + f.run.text + " of " + f.job + "."; }
string say(const TrainingCompleted& f) { return "Training completed: run " + f.run.id.text + " of " + f.job + "."; }
string say(const TrainingFailed& f) { return "Training failed: run " + f.run.text + because(f.reason); }

string say(const ModelVersionRegistered& f) {
    return "Registered as version " + text(f.version) + ", run " + f.run.text + ", handed in" + by(f.submitter) + ".";
}
string say(const AliasMoveRequested& f) {
    return "Asked that alias " + f.alias.text + " point at version " + text(f.version) + ".";
}
string say(const AliasMoved& f) {
    return "Alias " + f.alias.text + " points at version " + text(f.version) + ", before at " +
           version_or_nothing(f.previous) + ".";
}
string say(const ArchiveRequested& f) { return "Asked that it be archived" + because(f.reason); }
string say(const ModelVersionArchived& f) { return "Archived" + because(f.reason); }
string say(const RegistryRequestRefused& f) { return "Refused by the registry: " + words(f.reason) + "."; }

string say(const PolicySubmitted& f) {
    return "A policy was handed in, to follow version " + text(f.expected_version) + ".";
}
string say(const PolicyPublished& f) { return "Policy version " + text(f.version) + " holds from here on."; }
string say(const PolicyRefused& f) { return "The policy was refused: " + count(f.problems.size(), "problem") + "."; }

string say(const EvaluationMeasured& f) {
    return "Measured on " + count(f.rows, "row") + ": AUC " + number_text(f.scores.auc) + ", log loss " +
           number_text(f.scores.log_loss) + ", accuracy " + number_text(f.scores.accuracy) + measured_beside(f) + ".";
}
string say(const EvaluationErrored& f) { return "Could not be evaluated: " + f.code + because(f.detail); }
string say(const EvaluationPassed& f) { return "Passed all " + count(f.gates.size(), "gate") + "."; }
string say(const EvaluationFailed& f) { return "Failed: " + failed_gates(f.gates) + "."; }
string say(const EvaluationCancelled& f) {
    return "Evaluation cancelled: " + words(f.reason) + (f.newer ? " (version " + text(f.newer) + ")." : ".");
}

string say(const ApprovalRequested& f) {
    return "Waits for a " + f.role + " until " + core::rfc3339(f.expires_at.ms) + ".";
}
string say(const ReviewSubmitted& f) {
    return string(f.decision == ReviewDecision::approve ? "Reviewed: approve" : "Reviewed: reject") +
           because(f.comment);
}
string say(const ReviewCounted& f) { return "The review" + by(f.reviewer) + " counts."; }
string say(const ReviewRefused& f) { return "The review does not count: " + words(f.reason) + "."; }
string say(const ApprovalGranted& f) {
    if (f.automatic) return "Approved, as the policy says, without a review.";
    return "Approved" + by(f.reviewer.value_or(Person{})) + because(f.comment.value_or(""));
}
string say(const ApprovalDenied& f) { return "Denied" + by(f.reviewer) + because(f.comment); }
string say(const ApprovalVoided& fact) {
    if (fact.reason == VoidReason::archived) return "The version is archived: nobody needs to look any more.";
    return "The policy has changed: evaluated again by its version " + std::to_string(fact.policy_version) + ".";
}
string say(const ApprovalExpired&) { return "Nobody decided in time: the approval has expired."; }

string say(const RolloutQueued& f) { return "Queued for endpoint " + f.endpoint.text + "."; }
string say(const RolloutRefused& f) {
    return "Gets no rollout: " + words(f.reason) + (f.newer ? " (version " + text(f.newer) + ")." : ".");
}
string say(const RolloutStarted& f) {
    return "Rollout started on endpoint " + f.of.endpoint.text + ", " + string(core::name_of(f.strategy)) +
           (f.stable ? ", compared with version " + text(f.stable) + "." : ", with nothing to compare with.");
}
string say(const RouteChanged& f) {
    return "Route of endpoint " + f.route.endpoint.text + ", revision " + text(f.route.revision) + ": traffic to " +
           route_in_words(f.route) + ".";
}
string say(const CanaryMeasured&) { return ""; }
string say(const RolloutJudged& f) {
    return "Judged, look " + text(f.number) + ": " + words(f.verdict) + ", on " + text(f.canary_entities) +
           " canary entities (log e " + number_text(f.log_e_rollback) + " to roll back, " +
           number_text(f.log_e_promote) + " to promote).";
}
string say(const RolloutAdvanced& f) {
    return "Step " + text(f.step) + ": " + number_text(f.weight_percent) + " % of the traffic.";
}
string say(const RolloutPaused& f) { return "Paused" + because(f.reason); }
string say(const RolloutResumed& f) { return "Resumed" + because(f.reason); }
string say(const RolloutPromoted& f) {
    return "Promoted to champion: " + words(f.reason) + "; before it served " + version_or_nothing(f.previous) + ".";
}
string say(const RolloutRolledBack& f) {
    return "Rolled back: " + words(f.reason) + (f.detail.empty() ? "" : ": " + f.detail) + "; traffic goes to " +
           version_or_nothing(f.to) + ".";
}
string say(const RolloutAborted& f) {
    return "Aborted: " + f.reason + "; traffic goes to " + version_or_nothing(f.to) + ".";
}
string say(const RolloutSuperseded& f) {
    return "Left the queue: " + words(f.reason) + (f.newer ? " (version " + text(f.newer) + ")." : ".");
}
string say(const RolloutPauseRequested& f) {
    return "Asked to pause" + at_revision(f.expected_revision) + because(f.reason);
}
string say(const RolloutResumeRequested& f) {
    return "Asked to resume" + at_revision(f.expected_revision) + because(f.reason);
}
string say(const RolloutAbortRequested& f) {
    return "Asked to abort" + at_revision(f.expected_revision) + because(f.reason);
}
string say(const RolloutAdvanceRequested& f) {
    return string(f.all ? "Asked to promote" : "Asked for the next step") + at_revision(f.expected_revision) +
           because(f.reason);
}
string say(const RollbackRequested& f) {
    return "Asked to roll endpoint " + f.endpoint.text + " back" + at_revision(f.expected_revision) + because(f.reason);
}
string say(const RolloutRequestRefused& f) {
    return "The request was refused: " + words(f.reason) + ", at revision " + text(f.revision) + ".";
}
string say(const ServingNodeJoined&) { return ""; }
string say(const ServingNodeLost&) { return ""; }
string say(const RouteApplied& f) {
    return "Every serving node does what revision " + text(f.revision) + " says (" + count(f.nodes.size(), "node") +
           ").";
}
string say(const RouteRefused& f) {
    return "Node " + f.node.text + " could not load revision " + text(f.revision) + ": " + f.code + because(f.detail);
}
string say(const DeadlinePassed&) { return ""; }

}  // namespace

string number_text(double number) {
    char digits[32];
    std::snprintf(digits, sizeof digits, "%.4g", number);
    return digits;
}

string sentence(const Inputs& fact) {
    return std::visit([](const auto& each) { return say(each); }, fact);
}

}  // namespace sluice::console
