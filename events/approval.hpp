#pragma once
#include "events/evaluation.hpp"

// Who may let exactly this digest, on exactly this evidence, go live.
namespace sluice::events {

struct ApprovalRequested {
    Model model;
    Version version = 0;
    core::FactId evaluation;
    Digest evidence;
    std::string role;
    core::Instant expires_at;
    std::string subject() const { return about_version(model, version); }
    SLUICE_FACT(ApprovalRequested, 1, "approver", decided, "a person with this role must look", model, version,
                evaluation, evidence, role, expires_at)
};

SLUICE_ENUM(ReviewDecision, approve, reject)

struct ReviewSubmitted {
    Model model;
    Version version = 0;
    ReviewDecision decision{};
    std::string comment;
    Digest evidence;                 ///< what the reviewer saw
    std::vector<std::string> roles;  ///< that the reviewer had
    std::string subject() const { return about_version(model, version); }
    SLUICE_FACT(ReviewSubmitted, 1, "console", request, "a person's decision on a version", model, version, decision,
                comment, evidence, roles)
};

struct ReviewCounted {
    Model model;
    Version version = 0;
    Person reviewer;
    ReviewDecision decision{};
    std::string subject() const { return about_version(model, version); }
    SLUICE_FACT(ReviewCounted, 1, "approver", decided, "a review counts", model, version, reviewer, decision)
};

SLUICE_ENUM(ReviewRefusal, not_open, late, own_work, wrong_role, no_comment, other_evidence)

struct ReviewRefused {
    Model model;
    Version version = 0;
    ReviewRefusal reason{};
    std::string subject() const { return about_version(model, version); }
    SLUICE_FACT(ReviewRefused, 1, "approver", decided, "a review does not count, and why", model, version, reason)
};

struct ApprovalGranted {
    Model model;
    Version version = 0;
    Digest artifact, evidence;
    core::FactId evaluation;
    bool automatic = false;
    std::optional<Person> reviewer;
    std::optional<std::string> comment;
    std::string subject() const { return about_version(model, version); }
    SLUICE_FACT(ApprovalGranted, 1, "approver", decided, "exactly this artifact, on exactly this evidence, may go live",
                model, version, artifact, evidence, evaluation, automatic, reviewer, comment)
};

struct ApprovalDenied {
    Model model;
    Version version = 0;
    Person reviewer;
    std::string comment;
    std::string subject() const { return about_version(model, version); }
    SLUICE_FACT(ApprovalDenied, 1, "approver", decided, "a reviewer said no", model, version, reviewer, comment)
};

struct ApprovalExpired {
    Model model;
    Version version = 0;
    std::string subject() const { return about_version(model, version); }
    SLUICE_FACT(ApprovalExpired, 1, "approver", decided, "nobody decided in time", model, version)
};

SLUICE_ENUM(VoidReason, policy_changed, archived)

struct ApprovalVoided {
    Model model;
    Version version = 0;
    VoidReason reason{};
    std::uint32_t policy_version = 0;  ///< of the policy that holds now: where it changed, it evaluates anew
    std::string subject() const { return about_version(model, version); }
    SLUICE_FACT(ApprovalVoided, 1, "approver", decided,
                "the evidence that an approval would rest on has changed: it has to be made anew", model, version,
                reason, policy_version)
};

}  // namespace sluice::events
