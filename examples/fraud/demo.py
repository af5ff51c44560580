"""The whole story with real models, real traffic and real services; `./dev demo` starts them and runs this.

    python demo.py [--rate 300]

Wants a fresh ledger, on which the policy of `fraud` is published. Exits with 1 when anything is not as told.
"""
import argparse
import json
import time

import feature_job
import story as steps
import traffic as traffics
import world as worlds
from ledger import Unmet, facts, first
from questions import WHAT_SERVED, WHO_APPROVED, WHY_NOT, Question, as_table, ask
from settings import dev_dir, optional, write_whole
from story import Story

ADDRESSES = [f"SLUICE_{room}_URL" for room in ("SERVING", "SERVING_2", "LISTENER", "REGISTRY", "CONSOLE")]
ADVICE = "./dev status and ./dev logs tell what the services say."
NEXT = """   ./dev demo --keep            the same, and leave everything running; then
   ./dev sluice timeline fraud  the whole story of the model, from the ledger
   ./dev kcat -C -t sluice.ledger -e   the facts themselves, as CloudEvents
   ./dev psql reviewer          select from reviewer.history
   examples/fraud/first/README.md   bring your own version with curl"""


def main() -> None:
    arguments = argparse.ArgumentParser(description="Runs the fraud story against running services.")
    arguments.add_argument("--rate", type=float, default=300, help="requests a second at most")
    rate = arguments.parse_args().rate
    begun, result = time.monotonic(), dev_dir() / "demo.json"
    result.unlink(missing_ok=True)
    try:
        story = prepared(rate)
        try:
            told(story)
        finally:
            story.traffic.stop()
        evidence(story)
    except Unmet as failure:
        raise SystemExit(f"\nThe demo stopped: {failure}\n{ADVICE}") from None
    except KeyboardInterrupt:
        raise SystemExit("\nThe demo was interrupted.") from None
    seconds = round(time.monotonic() - begun, 1)
    summary = {"steps": story.steps, "traffic": story.traffic.summary(), "seconds": seconds}
    write_whole(result, (json.dumps(summary, indent=2, default=str) + "\n").encode())
    print(f"\nThe whole story took {seconds:.0f} s; its summary is in {result}")


def prepared(rate: float) -> Story:
    if facts(1):
        raise Unmet("the ledger already has a fraud/1, and the story begins on a fresh one: use ./dev demo")
    world = worlds.load()
    count = feature_job.publish(world, worlds.LIVE_SINCE)
    print(f"{count} users and merchant codes have their current features in topic {feature_job.TOPIC}")
    bodies = traffics.invocations(world)
    return Story(traffics.Traffic(bodies, rate), bodies[0][1])


def told(story: Story) -> None:
    steps.first_version(story)
    steps.better_version(story)
    steps.stale_version(story)
    steps.null_blind_version(story)
    steps.two_at_once(story)


def evidence(story: Story) -> None:
    print("\n6. What the ledger tells afterwards.")
    for version in range(1, 7):
        timeline = steps.as_reviewer("timeline", f"fraud/{version}")
        print(f"\n   fraud/{version}\n{indented(timeline)}")
    served = [{"version": f"fraud/{v}", **counts} for v, counts in story.traffic.summary()["versions"].items()]
    print(f"\n   Requests by the version that scored them\n{indented(as_table(served))}")
    sql_answers(story)
    print("\n   Addresses")
    print("\n".join(f"   {name:22} {value}" for name in ADDRESSES if (value := optional(name))))
    print(f"\n   What to try next\n{NEXT}")


def sql_answers(story: Story) -> None:
    before_canary = first(2, "ApprovalRequested")["time"]
    who = answered(WHO_APPROVED)
    story.check([row["version"] for row in who] == [6], "only fraud/6 is serving, and Postgres knows who approved it")
    what = answered(WHAT_SERVED, at=before_canary)
    story.check([row["version"] for row in what] == [1], f"at {before_canary} it was fraud/1")
    why = answered(WHY_NOT)
    story.check(why[0]["reason"] == "judged_worse", "fraud/4 is not serving because the judge found it worse")
    story.told("questions", who_approved=who, what_served=what, why_not=why)


def answered(question: Question, **parameters) -> list[dict]:
    found = ask(question, **parameters)
    print(f"\n   {question.asks}\n{indented(question.written_out(**parameters))}\n\n{indented(as_table(found))}")
    return found


def indented(text: str) -> str:
    return "\n".join("   " + line for line in text.rstrip().splitlines())


if __name__ == "__main__":
    main()
