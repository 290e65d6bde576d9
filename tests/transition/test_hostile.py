"""Whatever manifests of others hold, the verifier answers: any leaf replaced by anything."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from compiler.cli.main import main
from compiler.transition import verify
from tests.transition.manifests import deployment, service
from tests.transition.test_cases import CASES, NAMES, objects

NASTY: list[Any] = [None, "", [], {}, "x", "²", "9" * 30, "a/b", [None], 10**12, "-5%", -1, True, 1.5, [[]], {"a": {}}]


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if path[:1] != ("metadata",) or len(path) > 2:
        yield path
    for key in value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
        yield from places(value[key], (*path, key))


def put(obj: Any, path: tuple[Any, ...], value: Any) -> None:
    for part in path[:-1]:
        obj = obj[part]
    obj[path[-1]] = copy.deepcopy(value)


def spoil(chosen: random.Random, obj: Any) -> None:
    actual = [place for place in places(obj) if len(place) > 1]
    if not actual:
        return
    put(obj, chosen.choice(actual), chosen.choice(NASTY))


@pytest.mark.parametrize("seed", range(8))
def test_any_leaf_may_be_anything(seed: int) -> None:
    chosen = random.Random(seed)  # noqa: S311 - which leaf is spoilt is no secret
    for _ in range(80):
        folder = CASES / chosen.choice(NAMES)
        before, after = objects(folder / "from"), objects(folder / "to")
        for obj in chosen.sample([*before, *after], min(2, len(before) + len(after))):
            spoil(chosen, obj)
        assert verify(before, after).verdict in ("safe", "unsafe", "unknown")


HEADERS, POLICY, ACCOUNT, CILIUM, RANGE, ISTIO = (
    "httproute-header-filter-added",
    "network-policy-allow-before-deny",
    "pull-secret-of-account-pruned",
    "cilium-policy-admits-more",
    "policy-of-cilium-ends-before-the-new-port",
    "istio-gateway-gets-a-host",
)
FOUND: list[tuple[str, str, tuple[Any, ...], Any]] = [
    (HEADERS, "HTTPRoute", ("spec", "rules", 0, "filters"), [{"requestHeaderModifier": {"set": 5}}]),
    (HEADERS, "HTTPRoute", ("spec", "rules", 0, "filters"), [{"requestHeaderModifier": {"remove": 5}}]),
    (POLICY, "NetworkPolicy", ("spec", "ingress"), [{"from": [{"namespaceSelector": {"matchLabels": 5}}]}]),
    (ACCOUNT, "ServiceAccount", ("imagePullSecrets",), {"a": {}}),
    (ACCOUNT, "ServiceAccount", ("imagePullSecrets",), 5),
    (CILIUM, "CiliumNetworkPolicy", ("spec", "ingress"), [{"fromEntities": [{}]}]),
    (RANGE, "CiliumNetworkPolicy", ("spec", "ingress"), [{"toPorts": [{"ports": [{"port": "²", "endPort": "9"}]}]}]),
    (ISTIO, "Gateway", ("spec", "servers", 0, "tls"), {"mode": [1]}),
]


@pytest.mark.parametrize(("case", "kind", "path", "value"), FOUND)
def test_places_that_were_read_without_a_look_at_their_type(
    case: str, kind: str, path: tuple[Any, ...], value: Any
) -> None:
    before, after = (objects(CASES / case / side) for side in ("from", "to"))
    spoiled = [obj for obj in after if obj["kind"] == kind]
    for obj in spoiled:
        put(obj, path, value)
    assert verify(before, after).verdict in ("safe", "unsafe", "unknown")
    for obj in [obj for obj in before if obj["kind"] == kind]:
        put(obj, path, value)
    assert spoiled and verify(before, after).verdict in ("safe", "unsafe", "unknown")


RULE = {"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]}


@pytest.mark.parametrize("field", ["apiGroups", "resources", "resourceNames", "verbs", "nonResourceURLs"])
def test_rules_of_a_role_may_be_anything(field: str) -> None:
    role = {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "Role",
        "metadata": {"name": "r", "namespace": "shop"},
    }
    for value in NASTY:
        before, after = ([{**role, "rules": [{**RULE, field: each}]}] for each in (value, ["x"]))
        assert verify(before, after).verdict in ("safe", "unsafe", "unknown")


@pytest.mark.parametrize("field", ["port", "protocol", "nodePort"])
def test_ports_of_a_service_on_the_nodes_may_be_anything(field: str) -> None:
    def service(port: dict[str, Any]) -> dict[str, Any]:
        spec = {"type": "NodePort", "selector": {"app": "a"}, "ports": [{"port": 80, "nodePort": 30080, **port}]}
        return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "a", "namespace": "shop"}, "spec": spec}

    for value in NASTY:
        assert verify([service({})], [service({field: value})]).verdict in ("safe", "unsafe", "unknown")
        assert verify([service({field: value})], [service({})]).verdict in ("safe", "unsafe", "unknown")


@pytest.mark.parametrize("options", [[], ["-v"], ["--baseline"]])
def test_no_name_commands_the_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str]) -> None:
    """Escape sequences, line breaks and characters that turn the direction of a line are printed as their numbers."""
    for side, image in (("from", "img:1"), ("to", "img:2")):
        listed = [deployment("web", image, lifecycle={}), service("web")]
        for obj in listed:
            obj["metadata"].update(name="w\x1b]0;x\x07\u202e\nb", namespace="x/\x1b[31m")
        (tmp_path / side).mkdir()
        (tmp_path / side / "list.json").write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": listed}))
    main(["verify", str(tmp_path / "from"), str(tmp_path / "to"), *options])
    printed = capsys.readouterr()
    assert "drain-too-short" in printed.out
    assert not set(printed.out + printed.err) & {"\x1b", "\x07", "\u202e", "\r"}
