"""Containers that say themselves when they are restarted: what the API server takes of that, and in which version.

Source: Kubernetes, pkg/apis/core/validation/validation.go (`validateContainerRestartPolicy`,
`validateInitContainerRestartPolicy`), pkg/api/pod/util.go (`dropContainerRestartRules`), pkg/features/kube_features.go
(`ContainerRestartRules`: in 1.34 and off there, on since 1.35; `RestartAllContainersOnContainerExits`: on since 1.36).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from compiler.model.objects import list_or_empty, mapping_items, mapping_or_empty

Spec = Mapping[str, Any]
POLICIES: Final = ("Always", "OnFailure", "Never")
ACTIONS: Final = ("Restart", "RestartAllContainers")
OPERATORS: Final = ("In", "NotIn")
MAX_RULES: Final = 20
MAX_EXIT_CODES: Final = 255
ACCEPTED_SINCE: Final = 34
KEPT_SINCE: Final = 35
ALL_CONTAINERS_SINCE: Final = 36


def restart_policy_errors(container: Spec) -> Iterator[tuple[str, str]]:
    """Why the API server of every version refuses the `restartPolicy` of a container, or its rules; and the fix."""
    policy, rules = container.get("restartPolicy"), list(mapping_items(container.get("restartPolicyRules")))
    if policy is not None and policy not in POLICIES:
        yield f"{policy} is not a restartPolicy of a container", f"use one of {', '.join(POLICIES)}"
    if rules and policy is None:
        yield "a container has restartPolicyRules and no restartPolicy", "set its restartPolicy too"
    if len(rules) > MAX_RULES:
        yield f"a container has more than {MAX_RULES} restartPolicyRules", "remove some"
    for rule in rules:
        yield from _restart_rule_errors(rule)


def _restart_rule_errors(rule: Spec) -> Iterator[tuple[str, str]]:
    codes = mapping_or_empty(rule.get("exitCodes"))
    if str(rule.get("action")) not in ACTIONS:
        yield f"{rule.get('action')} is not an action of restartPolicyRules", f"use one of {', '.join(ACTIONS)}"
    if not codes:
        yield "one of its restartPolicyRules has no exitCodes", "name them"
    elif str(codes.get("operator")) not in OPERATORS:
        yield f"{codes.get('operator')} is not an operator of exitCodes", f"use one of {', '.join(OPERATORS)}"
    if len(list_or_empty(codes.get("values"))) > MAX_EXIT_CODES:
        yield f"one of its restartPolicyRules names more than {MAX_EXIT_CODES} exit codes", "remove some"


def unserved_restart_policy(spec: Spec, minor: int) -> str:
    """What containers say about their restarts that Kubernetes of this minor version refuses; empty: nothing."""
    own, of_all = _policy_beyond_sidecars(spec), _rules_for_all_containers(spec)
    if own and minor < ACCEPTED_SINCE:
        return f"Kubernetes 1.{minor} does not know {own}: it was added in 1.{KEPT_SINCE}"
    if of_all and KEPT_SINCE <= minor < ALL_CONTAINERS_SINCE:
        return f"Kubernetes 1.{minor} does not take {of_all}: it was added in 1.{ALL_CONTAINERS_SINCE}"
    return ""


def dropped_restart_policy(spec: Spec, minor: int) -> str:
    """What the containers say that this version takes and forgets, unless a feature gate is on; empty: nothing."""
    return _policy_beyond_sidecars(spec) if ACCEPTED_SINCE <= minor < KEPT_SINCE else ""


def _policy_beyond_sidecars(spec: Spec) -> str:
    """The first `restartPolicy` that does not just make a sidecar."""
    for field, taken in (("initContainers", "Always"), ("containers", None)):
        for container in mapping_items(spec.get(field)):
            policy = container.get("restartPolicy")
            if policy not in (None, taken):
                return f"restartPolicy: {policy} of container {container.get('name')}"
    return ""


def _rules_for_all_containers(spec: Spec) -> str:
    """The first rule that restarts all containers, or that is of a sidecar: both came with one feature."""
    for field in ("initContainers", "containers"):
        for container in mapping_items(spec.get(field)):
            actions = {str(rule.get("action")) for rule in mapping_items(container.get("restartPolicyRules"))}
            sidecar = field == "initContainers" and container.get("restartPolicy") == "Always"
            if ACTIONS[1] in actions or (sidecar and actions):
                return f"the restartPolicyRules of container {container.get('name')}"
    return ""
