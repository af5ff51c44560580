"""The steps of the demo: each does what a job or a person would, waits for the ledger, and checks what it says."""
import json
import subprocess
import sys
import uuid
from dataclasses import dataclass, field

from command import Failed, sluice
from ledger import Unmet, canary_weights, facts, first, until, wait_for
from settings import HERE
from traffic import Traffic, answers

TRAIN_S, EVALUATE_S, ROLLOUT_S, SERVE_S, REVIEWER_S = 120, 60, 180, 60, 10
CANARY_REQUESTS_MAX = 1000
AGAINST_CHAMPION = "not worse than the champion"


@dataclass
class Story:
    traffic: Traffic
    one_body: bytes
    steps: dict[str, dict] = field(default_factory=dict)

    def say(self, text: str) -> None:
        print(text, flush=True)

    def told(self, step: str, **outcome) -> None:
        self.steps[step] = outcome

    def check(self, holds: bool, claim: str) -> None:
        if not holds:
            raise Unmet(f"this should hold, and does not: {claim}")
        self.say(f"   ✓ {claim}")


def first_version(story: Story) -> None:
    story.say("\n1. A logistic regression trains and completes: the first version of `fraud`.")
    train_and_wait(story, "v1", 1)
    story.say(as_reviewer("review", "show", "fraud/1"))
    approve(story, 1, "first model, better than no model")
    promoted = wait_for(1, "RolloutPromoted", "RolloutRolledBack", "RolloutRefused", seconds=ROLLOUT_S)
    story.check(promoted["type"] == "RolloutPromoted", "fraud/1 is champion at once: nothing to compare it with")
    until("both serving nodes to answer", SERVE_S, lambda: set(answers(story.one_body)) == {"200"})
    story.traffic.start()
    served = until("the first 100 answers", SERVE_S, lambda: at_least(story.traffic.summary(), 100))
    story.check(served["failed"] == 0, "traffic flows, and no request fails")
    story.told("v1", version=1, promoted=True, reason=promoted["data"]["reason"])


def better_version(story: Story) -> None:
    story.say("\n2. Boosted trees, better: a canary with 10 %, then 50 % of the card holders, then all.")
    train_and_wait(story, "v2", 2)
    approve(story, 2, "AUC is higher on the same rows")
    promoted = wait_for(2, "RolloutPromoted", "RolloutRolledBack", "RolloutRefused", seconds=ROLLOUT_S)
    story.check(promoted["type"] == "RolloutPromoted", "the judge promotes fraud/2")
    steps = canary_weights(2)
    story.check(steps == [10, 50], "it went by 10 % and 50 %")
    served = story.traffic.summary()
    story.check(served["failed"] == 0, f"no request failed, of {served['requests']}")
    story.told("v2", version=2, promoted=True, steps=steps, failed=served["failed"], requests=served["requests"])


def stale_version(story: Story) -> None:
    story.say("\n3. A model trained on last midnight's features: good by its own account.")
    outcome = train_and_wait(story, "v3", 3, expected="EvaluationFailed")
    failed = [gate for gate in outcome["data"]["gates"] if not gate["passed"]]
    for gate in outcome["data"]["gates"]:
        story.say(f"   {'passed' if gate['passed'] else 'FAILED'}  {gate_line(gate)}")
    story.check([gate["name"] for gate in failed] == [AGAINST_CHAMPION], f"it fails one gate: {AGAINST_CHAMPION}")
    story.check(first(3, "RolloutQueued", "ApprovalRequested") is None, "nobody is asked, and it is never served")
    story.told("v3", version=3, failed_gates=failed)


def null_blind_version(story: Story) -> None:
    story.say("\n4. A model that cannot take a null merchant code: no evaluation row has one, 15 % of traffic has.")
    train_and_wait(story, "v4", 4)
    approve(story, 4, "simpler, and within the gate")
    outcome = wait_for(4, "RolloutRolledBack", "RolloutPromoted", "RolloutRefused", seconds=ROLLOUT_S)
    story.check(outcome["type"] == "RolloutRolledBack", "the judge rolls fraud/4 back")
    story.check(outcome["data"]["reason"] == "judged_worse", "because it is worse than what it was compared with")
    judged = [f["data"] for f in facts(4) if f["type"] == "RolloutJudged"]
    entities = judged[-1]["canary_entities"]
    served = until("a failed answer of fraud/4", SERVE_S, lambda: failures_of(story, "4"))
    requests, failed = (served["versions"]["4"][count] for count in ("requests", "failed"))
    story.check(failed < requests, f"it failed {failed} requests, and answered those that had a code")
    story.check(requests <= CANARY_REQUESTS_MAX, f"{requests} requests met it, {entities} card holders counted")
    story.check(served["failed"] == failed, "only fraud/4 ever failed a request")
    counts = {"requests": requests, "failed": failed, "canary_entities": entities}
    story.told("v4", version=4, rolled_back=True, reason="judged_worse", **counts)


def two_at_once(story: Story) -> None:
    story.say("\n5. Two jobs complete at the same moment.")
    jobs = {run: start_training("v2", run, seed) for run, seed in ((new_run("a"), 8), (new_run("b"), 9))}
    reports = {run: finish_training(job) for run, job in jobs.items()}
    registered = {n: wait_for(n, "ModelVersionRegistered", seconds=EVALUATE_S) for n in (5, 6)}
    by_ledger = sorted(reports, key=lambda run: int(reports[run]["position"]))
    by_version = [registered[n]["data"]["run"] for n in (5, 6)]
    story.check(by_version == by_ledger, "two versions, 5 and 6, in the order of their completions in the ledger")
    wait_for(6, "ApprovalRequested", seconds=EVALUATE_S)
    older = wait_for(5, "ApprovalRequested", "EvaluationCancelled", seconds=EVALUATE_S)
    approve(story, 6, "the newer of two")
    wait_for(6, "RolloutStarted", seconds=EVALUATE_S)
    if older["type"] == "ApprovalRequested":
        approve(story, 5, "the older of two, approved too late")
    promoted = wait_for(6, "RolloutPromoted", "RolloutRolledBack", seconds=ROLLOUT_S)
    story.check(promoted["type"] == "RolloutPromoted", "the judge promotes fraud/6")
    ended = wait_for(5, "EvaluationCancelled", "RolloutRefused", "RolloutSuperseded", seconds=EVALUATE_S)
    reason = ended["data"]["reason"]
    story.check(first(5, "RolloutStarted") is None, f"fraud/5 never overtakes: {ended['type']}, {reason}")
    story.told("two_at_once", versions=[5, 6], champion=6, older=ended["type"], reason=reason)


def train_and_wait(story: Story, variant: str, version: int, expected: str = "ApprovalRequested") -> dict:
    """Runs the job; returns the fact in which the evaluation ends, which must be the expected one."""
    report = finish_training(start_training(variant, new_run(variant), seed=7))
    story.say(f"   run {report['run']} reports AUC {report['auc']:.3f}; position {report['position']} in the ledger")
    registered = wait_for(version, "ModelVersionRegistered", seconds=EVALUATE_S)
    story.check(registered["data"]["run"] == report["run"], f"it is fraud/{version}")
    ends = ("ApprovalRequested", "EvaluationFailed", "EvaluationErrored", "EvaluationCancelled")
    outcome = wait_for(version, *ends, seconds=EVALUATE_S)
    if outcome["type"] != expected:
        found = json.dumps(outcome["data"])
        raise Unmet(f"fraud/{version} should come to {expected}, and came to {outcome['type']}: {found}")
    measured = first(version, "EvaluationMeasured")["data"]
    story.say(f"   measured: {measures(measured)}")
    return outcome


def approve(story: Story, version: int, comment: str) -> None:
    """As a second person: whoever trained it may not."""
    as_reviewer("review", "approve", f"fraud/{version}", "--comment", comment)
    granted = wait_for(version, "ApprovalGranted", "ReviewRefused", "ApprovalExpired", seconds=EVALUATE_S)
    story.check(granted["type"] == "ApprovalGranted", f"a reviewer approves fraud/{version}: “{comment}”")


def as_reviewer(*arguments: str) -> str:
    """Runs `sluice`; again for a while when it says no, because the console may be a moment behind the mirror."""
    said = []

    def attempt() -> bool:
        try:
            said[:] = [sluice(*arguments, token="SLUICE_TOKEN_REVIEWER_1")]
            return True
        except Failed as failure:
            said[:] = [str(failure)]
            return False

    try:
        until(f"sluice {' '.join(arguments[:3])}", REVIEWER_S, attempt)
    except Unmet:
        raise Unmet(said[0]) from None
    return said[0]


def start_training(variant: str, run: str, seed: int) -> subprocess.Popen:
    job = [sys.executable, str(HERE / "train.py"), variant, "--seed", str(seed), "--run-id", run]
    command = ["nice", *job]  # on a small machine, training may not slow down what serves
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def finish_training(job: subprocess.Popen) -> dict:
    try:
        report, _ = job.communicate(timeout=TRAIN_S)
    except subprocess.TimeoutExpired:
        job.kill()
        raise Unmet(f"waited {TRAIN_S} s for a training job, in vain") from None
    if job.returncode != 0:
        raise Unmet("a training job failed; its message stands above")
    return json.loads(report)


def new_run(prefix: str) -> str:
    return f"{prefix}-{uuid.uuid4().hex[:8]}"


def measures(measured: dict) -> str:
    champion = measured.get("champion")
    beside = f", the champion fraud/{champion['version']} {champion['scores']['auc']:.4f}" if champion else ""
    return f"AUC {measured['scores']['auc']:.4f} on {measured['rows']} rows{beside}"


def gate_line(gate: dict) -> str:
    origin = " (the trainer's own number)" if gate["self_reported"] else ""
    against = f", champion {gate['champion']:.4f}" if gate.get("champion") is not None else ""
    return f"{gate['name']}: {gate['metric']} {gate['number']:.4f}{against}, threshold {gate['threshold']:.4f}{origin}"


def at_least(summary: dict, requests: int) -> dict | None:
    return summary if summary["requests"] >= requests else None


def failures_of(story: Story, version: str) -> dict | None:
    summary = story.traffic.summary()
    return summary if summary["versions"].get(version, {}).get("failed") else None
