"""The doors: one transition, its premises and data form, the way back, earlier commits, whole courses."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest

from compiler.model.manifest import Object
from compiler.model.objects import Key
from compiler.report.json.verdict import verdict_diagnostics, verdict_json_data
from compiler.report.terminal.verdict import verdict_text
from compiler.transition import SyncOptions, Verdict, verify, verify_course, verify_forward, verify_reverse
from compiler.transition.sync.ignored_fields import REPLICAS, IgnoredField
from tests.transition.manifests import config_map, deployment, job, route, scaler, service

LAST = SyncOptions.from_pairs(["PruneLast=true"])
FIXED = [service("blue"), service("green")]


def codes(verdict: Verdict) -> set[str]:
    return {finding.code for finding in verdict.findings}


def release(active: str, *colors: str, image: str = "img:1", wave: str = "2") -> list[Object]:
    """Fixed Services, a Deployment for each color, and a route that leads to the active one."""
    other = "green" if active == "blue" else "blue"
    pods = [deployment(color, image) for color in colors]
    return [*FIXED, *pods, route("r", {active: 100, other: 0}, wave)]


def test_what_does_not_change_is_safe() -> None:
    assert verify(release("blue", "blue"), release("blue", "blue")).verdict == "safe"


def test_a_first_install_loses_nothing() -> None:
    answer = verify([], release("blue", "blue"))
    assert (answer.verdict, answer.findings) == ("safe", ())


def test_a_switch_to_warm_pods_is_safe_and_reversible() -> None:
    answer = verify(release("blue", "blue", "green"), release("green", "blue", "green"))
    assert (answer.verdict, codes(answer)) == ("safe", set())
    assert answer.states >= 1


def test_the_trace_tells_what_happens_until_requests_are_lost() -> None:
    answer = verify(release("blue", "blue", "green"), release("green", "green"))
    (finding,) = [each for each in answer.errors if each.code == "backend-empty"]
    events = [state.event for state in finding.trace]
    assert events[0].startswith("before the commit")
    assert events[1] == "wave 0: apps/Deployment shop/blue is deleted"
    assert finding.trace[0].serving == {"api.example.com/": {"blue@1": 100.0}}
    assert finding.trace[-1].serving == {"api.example.com/": {"none@-": 100.0}}
    assert finding.trace[-1].pods["blue"].ready == 0
    assert "PruneLast" in finding.help


def test_prune_last_mends_it() -> None:
    assert verify(release("blue", "blue", "green"), release("green", "green"), LAST).verdict == "safe"


def test_the_way_back_is_a_warning() -> None:
    one = [service("web"), deployment("web", "img:1"), route("r", {"web": 1})]
    two = [service("web"), deployment("web", "img:2", strategy={"type": "Recreate"}), route("r", {"web": 1})]
    answer = verify(two, one)
    assert answer.verdict == "safe"
    assert {(finding.property, finding.severity) for finding in answer.findings} == {("reversible", "warning")}
    assert verify_reverse(two, one).verdict == "unsafe"
    assert verify_forward(two, one).findings == ()


def test_an_earlier_commit_that_may_still_be_live_is_a_warning() -> None:
    """Green exists only since the commit between; from the one before, the route moves before its pods are ready."""
    rest, started = release("blue", "blue", wave="0"), release("blue", "blue", "green", wave="0")
    switched = release("green", "blue", "green", wave="0")
    assert codes(verify(started, switched)) == set()
    answer = verify(started, switched, unconfirmed=[rest])
    assert answer.verdict == "safe"
    assert {(finding.property, finding.severity) for finding in answer.findings} == {("skip-safe", "warning")}


def test_a_course_gives_each_step_its_verdicts() -> None:
    steps = verify_course(
        [
            release("blue", "blue"),
            release("blue", "blue", "green"),
            release("green", "blue", "green"),
            release("green", "green"),
        ],
        LAST,
    )
    assert [step.forward.verdict for step in steps] == ["safe", "safe", "safe"]
    assert all(verdict.verdict == "safe" for step in steps for _, verdict in step.skips)
    assert [step.reverse.verdict for step in steps] == ["safe", "safe", "safe"]
    assert not [finding for step in steps for finding in step.findings if finding.severity == "error"]
    names = [name for name, _ in steps[1].skips]
    assert names[0] == "commit 0"
    assert any("ended after" in name for name in names)


def test_a_half_finished_sync_can_make_the_next_commit_unsafe() -> None:
    """c1 rolls web to a version that needs a ConfigMap of c1; c2 takes the map away while such pods may still run."""
    base = [service("web"), route("r", {"web": 1})]
    names = [{"configMapRef": {"name": "cfg"}}]
    c0 = [*base, deployment("web")]
    c1 = [*base, deployment("web", "img:2", envFrom=names), config_map("cfg")]
    c2 = [*base, deployment("web")]
    half = [verdict for name, verdict in verify_course([c0, c1, c2])[1].skips if "ended after" in name]
    assert [verdict.verdict for verdict in half] == ["unsafe"]
    assert codes(half[0]) >= {"reference-pruned"}


def test_how_long_a_newer_commit_may_wait() -> None:
    gated = [service("web"), deployment("web", "img:2"), route("r", {"web": 1}, wave="1")]
    before = [service("web"), deployment("web"), route("r", {"web": 1}, wave="1")]
    assert verify(before, gated).longest_wait == 6 * 602.0 + 10 + 20 + 40 + 80 + 160
    assert verify(before, [*gated, job("smoke")]).longest_wait is None
    grown = [service("web"), deployment("web", replicas=5), route("r", {"web": 1}, wave="1")]
    assert codes(verify(before, grown)) == {"gate-unbounded"}


@pytest.mark.parametrize(
    ("retry", "longest"),
    [
        ({"limit": 0}, 602.0),
        ({"limit": 5, "refresh": True}, 602.0 + 160),
        ({"limit": 2, "refresh": True, "backoff": {"duration": "1m", "factor": 1, "maxDuration": "30s"}}, 602.0 + 30),
        ({"limit": 1, "backoff": {"duration": "7", "factor": 3}}, 2 * 602.0 + 21),
        ({"limit": -1, "refresh": True}, 602.0 + 180),
        ({"limit": -1}, None),
    ],
)
def test_a_newer_commit_waits_for_the_retries_of_the_application_too(retry: object, longest: float | None) -> None:
    gated = [service("web"), deployment("web", "img:2"), route("r", {"web": 1}, wave="1")]
    before = [service("web"), deployment("web"), route("r", {"web": 1}, wave="1")]
    application = SyncOptions.from_application({"spec": {"syncPolicy": {"retry": retry}}})
    assert verify(before, gated, application).longest_wait == longest


def test_what_the_cluster_holds_can_be_declared() -> None:
    names = [{"secretRef": {"name": "token"}}]
    before, after = [deployment("w")], [deployment("w", "img:2", envFrom=names)]
    assert codes(verify(before, after)) == {"reference-missing"}
    text = SyncOptions(outside=frozenset({"Secret shop/token"}))
    assert verify(before, after, text).verdict == "safe"


def test_the_options_of_an_application() -> None:
    ignore = [{"group": "apps", "kind": "Deployment", "jsonPointers": ["/spec/replicas"]}]
    policy = {"syncOptions": ["RespectIgnoreDifferences=true"], "automated": {"prune": True}}
    options = SyncOptions.from_application({"spec": {"syncPolicy": policy, "ignoreDifferences": ignore}})
    before = [service("web"), deployment("web", replicas=4), scaler("web", 4, 8)]
    after = [service("web"), deployment("web", "img:2", replicas=4), scaler("web", 4, 8)]
    assert verify(before, after, options).verdict == "safe"
    assert codes(verify(before, after)) >= {"replicas-two-writers"}
    assert options.keeps_live_replicas(Key("apps", "Deployment", "shop", "web"))
    assert not options.keeps_live_replicas(Key("apps", "StatefulSet", "shop", "web"))


def test_the_json_form_is_that_of_the_model() -> None:
    data = json.loads(
        json.dumps(verdict_json_data(verify(release("blue", "blue", "green"), release("green", "green"))))
    )
    assert list(data) == ["format", "verdict", "states", "premises", "findings", "compared", "notes"]
    assert (data["format"], data["verdict"]) == (1, "unsafe")
    finding = data["findings"][0]
    assert list(finding) == ["code", "property", "severity", "message", "objects", "location", "help", "trace"]
    assert list(finding["trace"][0]) == ["event", "pods", "serving"]
    assert finding["trace"][0]["pods"]["blue"] == {"old": 3, "new": 0, "ready": 3}


def test_the_story_numbers_its_states_and_says_only_what_changes() -> None:
    text = verdict_text(verify(release("blue", "blue", "green"), release("green", "green")))
    assert text.startswith("unsafe: 1 error")
    assert "    1  wave 0: apps/Deployment shop/blue is deleted" in text
    assert text.count("is answered by") == 2
    assert "is answered by nobody (100 %)" in text
    assert text.rstrip().endswith("s at most")


def test_findings_become_diagnostics_with_their_story() -> None:
    (result, *_) = verdict_diagnostics(verify(release("blue", "blue", "green"), release("green", "green")))
    assert result.code == "backend-empty"
    assert "1. wave 0: apps/Deployment shop/blue is deleted" in result.message


@pytest.mark.parametrize("count", [2, 14, 40])
def test_any_number_of_workloads_behind_one_service(count: int) -> None:
    """Workloads of one group need no subsets, so their number does not matter."""

    def tracks(image: str) -> Sequence[Object]:
        return [deployment(f"w{number}", image, labels={"all": "yes"}) for number in range(count)]

    front = [service("all", selector={"all": "yes"}), route("r", {"all": 1})]
    assert verify([*front, *tracks("img:1")], [*front, *tracks("img:2")]).verdict == "safe"
    assert verify([*front, *tracks("img:1")], front).verdict == "unsafe"


@pytest.mark.parametrize(("count", "to"), [(14, "b"), (60, "b"), (14, "none")])
def test_any_number_of_services_of_one_class_are_written_at_once(count: int, to: str) -> None:
    names = [f"s{number}" for number in range(count)]
    pods = [deployment(name, labels={"app": name, "also": f"{name}b"}) for name in names]

    def all_of(selector: str) -> list[Object]:
        services = [service(name, selector={"app": name}) for name in names[1:]]
        services = (
            [service(name, selector={"also": f"{name}{selector}"}) for name in names[1:]] if selector else services
        )
        return [*pods, service(names[0], selector={"app": names[0]}), *services, route("r", dict.fromkeys(names, 1))]

    answer = verify(all_of(""), all_of(to))
    assert (answer.verdict, codes(answer)) == (("safe", set()) if to == "b" else ("unsafe", {"backend-empty"}))


def test_too_many_routes_of_one_class_are_not_claimed_to_be_explored() -> None:
    names = [f"r{number}" for number in range(14)]
    pods = [deployment(name) for name in ("one", "two")]
    services = [service(name) for name in ("one", "two")]

    def all_of(backend: str) -> list[Object]:
        return [*pods, *services, *(route(name, {backend: 1}) for name in names)]

    answer = verify(all_of("one"), all_of("two"))
    assert (answer.verdict, "too-large" in codes(answer)) == ("unknown", True)


@pytest.mark.parametrize("replicas", [2, 3, 4])
@pytest.mark.parametrize("last", ["img:1", "img:2", "img:3"])
def test_a_newer_commit_in_the_middle_of_a_rollout_keeps_the_floor(replicas: int, last: str) -> None:
    """The controller counts the ready pods of every ReplicaSet: going on, back, or to a third version loses none."""

    def web(image: str, affinity: str) -> list[Object]:
        return [service("web", sessionAffinity=affinity), deployment("web", image, replicas), route("r", {"web": 1})]

    steps = verify_course([web("img:1", "ClientIP"), web("img:2", "ClientIP"), web(last, "None")])
    assert [(name, verdict.verdict) for name, verdict in steps[1].skips if verdict.verdict != "safe"] == []


def test_one_pod_is_not_called_pods() -> None:
    def share(green: int, pods: int) -> list[Object]:
        workloads = [deployment("blue", replicas=4), deployment("green", replicas=pods)]
        return [*FIXED, *workloads, route("r", {"blue": 100 - green, "green": green}, "0")]

    messages = [
        finding.message for finding in verify(share(25, 1), share(100, 4)).findings if finding.code == "capacity-dip"
    ]
    assert any("may have only 1 ready pod behind green and needs 4" in message for message in messages), messages


def test_two_workloads_of_one_name_are_distinguished_in_a_trace() -> None:
    elsewhere = {**deployment("web"), "metadata": {"name": "web", "namespace": "other"}}
    before = [service("web"), deployment("web"), route("r", {"web": 1})]
    after = [service("web"), elsewhere, {**service("web"), "metadata": elsewhere["metadata"]}, route("r", {"web": 1})]
    (finding,) = [finding for finding in verify(before, after).errors if finding.code == "backend-empty"]
    assert set(finding.trace[0].pods) == {"web"}
    stateful = {**deployment("web"), "kind": "StatefulSet"}
    finding = verify(before, [service("web"), stateful, route("r", {"web": 1})]).errors[0]
    assert set(finding.trace[0].pods) == {"apps/Deployment shop/web", "apps/StatefulSet shop/web"}


def callers(count: int, selector: dict[str, str]) -> list[Object]:
    """Services of which the first one's pods call all others."""
    names = [f"s{number}" for number in range(count)]
    env = [{"name": f"URL_{name}", "value": f"http://{name}"} for name in names[1:]]
    pods = [deployment(names[0], env=env), *(deployment(name, labels={"color": "blue"}) for name in names[1:])]
    return [*pods, service(names[0]), *(service(name, selector={"app": name, **selector}) for name in names[1:])]


@pytest.mark.parametrize("count", [12, 13, 60])
@pytest.mark.parametrize(("color", "verdict"), [("blue", "safe"), ("green", "unsafe")])
def test_any_number_of_called_services_are_written_at_once(count: int, color: str, verdict: str) -> None:
    """Of a chain of calls each Service may have whichever form it needs, so no combinations are counted."""
    answer = verify_forward(callers(count, {}), callers(count, {"color": color}))
    assert (answer.verdict, "callee-gone" in codes(answer)) == (verdict, verdict == "unsafe")


def test_a_callee_without_pods_is_one_finding() -> None:
    found = codes(verify(callers(3, {}), callers(3, {"color": "green"})))
    assert "backend-empty" in found
    assert "callee-gone" not in found


@pytest.mark.parametrize(("bounds", "room"), [((2, 6), True), ((4, 4), False), (None, False)])
def test_a_count_may_be_set_back_only_where_an_hpa_has_room(bounds: tuple[int, int] | None, room: bool) -> None:
    respected = frozenset({"RespectIgnoreDifferences=true"})
    ignored = SyncOptions(options=respected, replicas_ignored=(IgnoredField("apps", "Deployment", "", "", REPLICAS),))
    scaler = {
        "apiVersion": "autoscaling/v2",
        "kind": "HorizontalPodAutoscaler",
        "metadata": {"name": "api", "namespace": "shop"},
        "spec": {
            "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "api"},
            **(dict(zip(("minReplicas", "maxReplicas"), bounds, strict=True)) if bounds else {}),
        },
    }
    others = [service("api"), *([scaler] if bounds else [])]
    objects = [deployment("api"), *others]
    after = [deployment("api", env=[{"name": "LEVEL", "value": "2"}]), *others]
    messages = [premise for premise in verify(objects, after, ignored).premises if "may be set back" in premise]
    assert [", 2 of 6 at least" in premise for premise in messages] == ([True] if room else [])
    assert not any("set back" in premise for premise in verify([], objects, ignored).premises)
