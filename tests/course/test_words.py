"""Each word beyond the plain release, through every strategy with every provider: compiled, and proven."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from types import MappingProxyType
from typing import Any, NamedTuple

import pytest

from compiler.diagnostics.model import Rejected
from compiler.model.course import Refusal
from compiler.pipeline import compile_documents
from compiler.plan.upcoming_states import edited_documents, upcoming_states
from compiler.transition import verify
from tests.course.matrix import NEW, PROVIDER_SPECS, WITHOUT_ROUTER, Course, documents, release

STRATEGIES = {
    "rolling": 'rolling: {version: "1.0.0"}',
    "recreate": 'recreate: {version: "1.0.0"}',
    "blueGreen": 'blueGreen: {active: blue, blue: {version: "1.0.0"}}',
    "canary-pods": 'canary: {by: pods, stable: {version: "1.0.0"}, steps: [25, 100]}',
    "canary-weight": 'canary: {by: weight, stable: {version: "1.0.0"}, steps: [25, 100]}',
    "versioned": 'versioned: {v1: {version: "1.0.0", path: /api}}',
}
EXTRAS = """\
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: agent}
spec:
  selector: {matchLabels: {name: agent}}
  template:
    metadata: {labels: {name: agent}}
    spec: {containers: [{name: a, image: "ghcr.io/acme/agent:1", envFrom: [{secretRef: {name: agent-env}}]}]}
---
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: {name: api}
spec: {selector: {matchLabels: {app: api}}, endpoints: [{port: http}]}
"""
JOBS = (
    "jobs: {migrate: {args: [migrate], overrides: {spec: {template: {spec: {restartPolicy: OnFailure}}}}},"
    ' report: {schedule: "0 3 * * *", name: nightly, overrides: {spec: {startingDeadlineSeconds: 60}}}}'
)
CLAIMS = (
    "stateful: {serviceName: peers, claims: [{metadata: {name: data}, spec: {accessModes: [ReadWriteOnce],"
    " resources: {requests: {storage: 1Gi}}}}]}"
)


class Word(NamedTuple):
    """A word as a spec has it, the codes by which commits may be refuted, and those by which strategies refuse it."""

    parts: Mapping[str, str]
    loses: frozenset[str] = frozenset()
    refused: Mapping[str, str] = MappingProxyType({})


WORDS = {
    "jobs": Word({"extra": JOBS}),
    "internal": Word({"expose": "internal: true"}, refused={"canary-weight": "provider-lacks"}),
    "outside": Word({"extra": "extras: [extras/api.yaml]\n  outside: [Secret/agent-env]"}),
    "readiness-off": Word(
        {"container": 'probes: {readiness: {off: "asked by nobody"}, startup: "off", liveness: "off"}'},
        loses=frozenset({"ready-before-listening", "old-version-given-up"}),
    ),
    "ports": Word({"container": "ports: {http: 3000, grpc: 8001}"}),
    "stateful": Word({"extra": CLAIMS}, refused=dict.fromkeys(STRATEGIES.keys() - {"rolling"}, "stateful-strategy")),
    "overrides": Word({"extra": "overrides: {PodDisruptionBudget/api-main: null}"}),
    "scaled": Word({"size": "autoscale: {min: 4, max: 8, cpu: 70}"}, refused={"canary-pods": "pods-ratio-autoscaled"}),
}


CASES = [
    pytest.param(word, strategy, provider, id=f"{word}-{strategy}-{provider}")
    for word in WORDS
    for strategy in STRATEGIES
    for provider in PROVIDER_SPECS
    if not (strategy == "canary-weight" and provider in WITHOUT_ROUTER)
]


@pytest.mark.parametrize(("word", "strategy", "provider"), CASES)
def test_a_word_compiles_and_its_course_is_proven(word: str, strategy: str, provider: str) -> None:
    wanted, parts = WORDS[word], dict(WORDS[word].parts)
    container = parts.pop("container", "")
    text = release("api", STRATEGIES[strategy], **parts)
    text = text.replace("preset: bentoml", f"preset: bentoml\n    {container}") if container else text
    if strategy in wanted.refused:
        with pytest.raises(Rejected) as refused:
            walk(text, provider)
        assert wanted.refused[strategy] in {each.code for each in refused.value.diagnostics}
        return
    moves = walk(text, provider)
    allowed = wanted.loses | ({"backend-empty"} if strategy == "recreate" else set())
    for number, _ in pairwise(range(len(moves.states))):
        verdict = verify(moves.objects(number), moves.objects(number + 1), moves.options)
        codes = {finding.code for finding in verdict.findings if finding.severity == "error"}
        assert codes <= allowed, (moves.states[number + 1][0], verdict.findings)
        assert verdict.verdict == ("unsafe" if codes else "safe")


def walk(text: str, provider: str) -> Course:
    """From rest through every step to the end, with the files that the spec names."""
    read = documents(provider, text)
    data = {each.document.file: {"extras/api.yaml": EXTRAS} for each in read.releases}
    rest = compile_documents("prod", read, data)
    (one,) = rest.releases
    arriving: dict[str, Any] = {**NEW, "change": "major", "path": "/v2"} if "versioned" in text else NEW
    step = one.strategy.start(one.subject, arriving)
    assert not isinstance(step, Refusal), step
    first = compile_documents("prod", edited_documents(read, {one.name: step}), data)
    ahead = upcoming_states(first, [one.name], data)
    states = (("rest", rest), ("start", first), *((each.step.name, each.compiled) for each in ahead))
    return Course("words", states, ("api",))
