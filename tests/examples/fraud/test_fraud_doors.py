import os
import unittest
from unittest import mock

import fraud_example  # noqa: F401
import listener
from completion import digest
from small_server import SmallServer
from traffic import Traffic, answers

NOT_FINITE = (500, {"code": "score_not_finite"}, {"Sluice-Version": "fraud/4"})
SCORED = (200, {"predictions": [{"score": 0.1}]}, {"Sluice-Version": "fraud/2"})
NOBODY = "http://127.0.0.1:1"


def environment(**settings: str):
    return mock.patch.dict(os.environ, settings | {"SLUICE_TOKEN_APPLICATION": "a", "SLUICE_DEV_DIR": "/nonexistent"})


def replayed(bodies, first: str, second: str) -> dict:
    with environment(SLUICE_SERVING_URL=first, SLUICE_SERVING_2_URL=second):
        traffic = Traffic(bodies, rate=5000, connections=2, requests=100).start()
        traffic.wait(30)
        return traffic.stop()


class TrafficGenerator(unittest.TestCase):
    def test_it_counts_requests_and_failures_per_version(self):
        def by_body(_path, body):
            return NOT_FINITE if body == b"null" else SCORED

        bodies = [("u1", b"{}"), ("u2", b"null"), ("u3", b"{}"), ("u4", b"{}")]
        with SmallServer(by_body) as one, SmallServer(by_body) as two:
            summary = replayed(bodies, one.url, two.url)
            self.assertEqual(len(one.bodies) + len(two.bodies), 100)
            self.assertTrue(one.bodies and two.bodies)
        self.assertEqual(summary["statuses"], {"200": 75, "500": 25})
        self.assertEqual(summary["versions"]["2"], {"requests": 75, "failed": 0, "entities": 3})
        self.assertEqual(summary["versions"]["4"], {"requests": 25, "failed": 25, "entities": 1})
        self.assertEqual(summary["problems"], {"score_not_finite": 25})

    def test_a_request_that_one_node_does_not_answer_goes_to_the_other(self):
        with SmallServer(lambda _path, _body: SCORED) as one:
            summary = replayed([("u1", b"{}")], one.url, NOBODY)
        self.assertEqual((summary["requests"], summary["failed"]), (100, 0))
        self.assertEqual(summary["retried"], 50)

    def test_it_says_so_when_no_node_answers(self):
        summary = replayed([("u1", b"{}")], NOBODY, NOBODY)
        self.assertEqual(summary["statuses"], {"unreachable": 100})

    def test_every_node_is_asked_before_traffic_starts(self):
        with SmallServer(lambda _path, _body: SCORED) as one:
            with environment(SLUICE_SERVING_URL=one.url, SLUICE_SERVING_2_URL=NOBODY):
                self.assertEqual(answers(b"{}"), ["200", "unreachable"])


class Listener(unittest.TestCase):
    def setUp(self):
        pause = mock.patch.object(listener, "PAUSE_S_MAX", 0.0)
        pause.start()
        self.addCleanup(pause.stop)

    def test_an_event_is_sent_again_unchanged_until_it_is_answered(self):
        told = iter([(503, {}, {}), (503, {}, {}), (202, {"id": "f", "position": "7"}, {})])
        with SmallServer(lambda _path, _body: next(told)) as door, environment(SLUICE_LISTENER_URL=door.url):
            self.assertEqual(listener.post_event({"id": "1"}, "t"), {"id": "f", "position": "7"})
            self.assertEqual(len(door.bodies), 3)
            self.assertEqual(len(set(door.bodies)), 1)

    def test_a_refusal_names_what_is_wrong_and_is_not_repeated(self):
        problem = {"title": "incomplete", "errors": [{"pointer": "/data/owner", "detail": "name an owner"}]}
        with SmallServer(lambda _path, _body: (422, problem, {})) as door, environment(SLUICE_LISTENER_URL=door.url):
            with self.assertRaisesRegex(listener.Refused, "/data/owner  name an owner"):
                listener.post_event({"id": "1"}, "t")
            self.assertEqual(len(door.bodies), 1)

    def test_a_file_that_arrived_otherwise_is_noticed(self):
        wrong = {"digest": digest(b"other"), "size": 5}
        with SmallServer(lambda _path, _body: (201, wrong, {})) as door, environment(SLUICE_LISTENER_URL=door.url):
            with self.assertRaisesRegex(listener.Refused, "send the file again"):
                listener.put_artifact(b"mine", "t")


if __name__ == "__main__":
    unittest.main()
