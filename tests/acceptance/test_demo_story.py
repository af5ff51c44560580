"""The demo's story, step by step, on real processes."""


def test_a_first_version_goes_to_all_traffic_at_once(story):
    assert story["steps"]["v1"] == {"version": 1, "promoted": True, "reason": "no_control_arm"}


def test_a_better_version_is_promoted_by_the_judge_and_no_request_fails(story):
    step = story["steps"]["v2"]
    assert step["promoted"] and step["steps"] == [10, 50] and step["failed"] == 0
    assert step["requests"] > 1000


def test_a_version_on_stale_features_fails_against_the_champion(story):
    gates = story["steps"]["v3"]["failed_gates"]
    assert [gate["name"] for gate in gates] == ["not worse than the champion"]
    assert gates[0]["number"] < gates[0]["threshold"] < gates[0]["champion"]


def test_a_version_that_fails_in_traffic_is_rolled_back_within_some_hundred_requests(story):
    step = story["steps"]["v4"]
    assert step["rolled_back"] and step["reason"] == "judged_worse"
    assert 0 < step["failed"] < step["requests"] <= 1000


def test_of_two_versions_at_once_the_older_never_overtakes(story):
    step = story["steps"]["two_at_once"]
    assert step["champion"] == 6 and step["older"] in ("EvaluationCancelled", "RolloutRefused", "RolloutSuperseded")


def test_only_the_bad_version_ever_failed_a_request(story):
    versions = story["traffic"]["versions"]
    assert "3" not in versions and "5" not in versions
    assert {version for version, counts in versions.items() if counts["failed"]} == {"4"}
