#pragma once
#include "common/core/result.hpp"
#include "events/rollout.hpp"

#include <cstdint>
#include <optional>
#include <vector>

// The sequential judge of a canary rollout. It may be asked after every measurement and as often as one likes: over the
// whole, unlimited rollout its chance of ever rolling back a canary that is no worse than the stable version stays
// within alpha_rollback, and of ever promoting one that is worse by the margin (and beyond the floor) within
// alpha_promote. These are bounds by Ville's inequality on e-values: exact for any number of looks, any predictable
// change of weights, and any drift of the error rate that both versions share.
//
// The unit of evidence is the unit of assignment. With sticky assignment an entity counts once per rollout: its first
// request, and its first error. Counting every request of an entity breaks the promise (measured: up to 27 % false
// rollbacks at 1 %).
//
// The judge compares two arms. A first version, or one that takes all traffic at once, has no control arm and no judge.
namespace sluice::rules {

using events::ArmCounts;
using events::JudgeSettings;
using events::RevisionEvidence;

struct Judgement {
    using Verdict = events::Verdict;
    double log_e_rollback = 0;     ///< F1: evidence that the canary fails more often
    double log_e_promote = 0;      ///< the mean of the two below
    double log_e_noninferior = 0;  ///< F3: evidence that its error rate is below margin times the stable one
    double log_e_floor = 0;        ///< F3a: evidence that its error rate is below the floor
    Verdict verdict = Verdict::keep_going;
    std::uint64_t canary_entities = 0;  ///< entities whose first request in the rollout went to the canary
    SLUICE_FIELDS(Judgement, log_e_rollback, log_e_promote, log_e_noninferior, log_e_floor, verdict, canary_entities)
};

/// Alphas of 1e-9 to 0.5, a floor of 1e-6 to 0.5, a margin above 1 and at most 100.
core::Result<void> sound(const JudgeSettings&);

/// Weighs all evidence of the rollout so far, revisions in the order of their numbers: equal counts give equal bits on
/// every machine. F1 counts first errors, F3 first requests that failed, F3a the canary's first requests. A revision
/// whose weight is 0, 1 or no probability says nothing about which arm is worse, and counts for F3a alone. When both
/// tests pass, the verdict is to roll back. A verdict is that of these counts: it is the caller who keeps the first one
/// that ended the rollout, and who heeds `promote` at the last step only. Needs sound settings.
Judgement judge(const JudgeSettings&, const std::vector<RevisionEvidence>&);

/// How many canary entities, with no error in either arm, promote: 585 at a floor of 1 %, 291 at 2 %, 115 at 5 % (alpha
/// 1 %).
std::uint64_t clean_entities_to_promote(const JudgeSettings&);

/// How many entities must fail on the canary, with no error on the stable version, to roll back: 4 at a weight of 10 %,
/// 122 at 95 % (alpha 1 %). Nothing when the weight leaves no control arm, or so little of one that 2^53 errors would
/// not do.
std::optional<std::uint64_t> errors_to_roll_back(const JudgeSettings&, double canary_weight);

}  // namespace sluice::rules
