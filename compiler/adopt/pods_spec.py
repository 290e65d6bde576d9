"""A running pod template in the words of `spec.pods`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from compiler.adopt.container_spec import security_words
from compiler.adopt.image import same_image
from compiler.adopt.running import RunningWorkload
from compiler.assemble.security import RESTRICTED, RESTRICTED_POD
from compiler.model.manifest import Object
from compiler.model.objects import list_or_empty, mapping_items, nested_value, string_entries

PASSED_ON: Final = ("nodeSelector", "tolerations", "affinity", "priorityClassName", "runtimeClassName", "volumes")
SERVER_GRACE: Final = 30
"""Source: Kubernetes, pkg/apis/core/v1/defaults.go, `SetDefaults_PodSpec`."""
SLEEP: Final = re.compile(r"\bsleep ([0-9]{1,5})\b")
USUAL_DRAIN: Final = 15
USUAL_GRACE: Final = 60
"""the grace of a release that says nothing: 15 s of drain, 30 s for the longest request, 15 s to spare"""


def pod_words(group: RunningWorkload, main: Object, *, reached: bool) -> dict[str, Any]:
    """`spec.pods`: where pods run, and what stands beside the container `main`."""
    pod = group.source.pod
    words: dict[str, Any] = {key: pod[key] for key in PASSED_ON if pod.get(key)}
    pulled = [str(each.get("name")) for each in mapping_items(pod.get("imagePullSecrets"))]
    if pulled:
        words["imagePullSecrets"] = pulled
    for word, containers in (("initContainers", pod.get("initContainers")), ("sidecars", pod.get("containers"))):
        others = [_beside_container(each, main) for each in mapping_items(containers) if each is not main]
        if others:
            words[word] = others
    words["topologySpread"] = pod.get("topologySpreadConstraints") or "off"
    words["securityContext"] = security_words(pod.get("securityContext"), RESTRICTED_POD)
    words |= _account_words(group)
    annotations = string_entries(nested_value(group.source.object, "spec", "template", "metadata", "annotations"))
    if annotations:
        words["annotations"] = annotations
    return words | _time_words(group, main, reached=reached)


def _beside_container(container: Mapping[str, Any], main: Object) -> Object:
    """A container beside the release's own, with exactly the rights that it has today.

    One of the same image names none: it moves with the version, as it did with every change of the image before.
    """
    shared = same_image(container.get("image"), main.get("image"))
    rest = {key: value for key, value in container.items() if not (shared and key == "image")}
    return {**rest, "securityContext": security_words(container.get("securityContext"), RESTRICTED)}


def _account_words(group: RunningWorkload) -> dict[str, Any]:
    """The account, and whether its token is mounted: the pod says so, else the account, else it is."""
    pod = group.source.pod
    own = pod.get("automountServiceAccountToken")
    of_account = group.account.object.get("automountServiceAccountToken") if group.account is not None else None
    mounted = next((each for each in (own, of_account) if isinstance(each, bool)), True)
    name = pod.get("serviceAccountName") or pod.get("serviceAccount") or "default"
    return {"serviceAccount": str(name), "automountServiceAccountToken": mounted}


def _hook_seconds(main: Object) -> int:
    """How long the container sleeps before it stops, itself or by a command; 0 where its hook does something else."""
    hook = nested_value(main, "lifecycle", "preStop")
    seconds = nested_value(hook, "sleep", "seconds")
    if isinstance(seconds, int):
        return seconds
    command = " ".join(map(str, list_or_empty(nested_value(hook, "exec", "command"))))
    return max((int(number) for number in SLEEP.findall(command)), default=0)


def _time_words(group: RunningWorkload, main: Object, *, reached: bool) -> dict[str, Any]:
    """How long pods may take to stop. A drain that is new counts against the grace, which grows by it."""
    words: dict[str, Any] = {}
    grace = group.source.pod.get("terminationGracePeriodSeconds", SERVER_GRACE)
    drains = reached and nested_value(main, "lifecycle", "preStop") is None
    if isinstance(grace, int) and not reached:
        words["terminationGracePeriodSeconds"] = max(grace, 1)
    elif isinstance(grace, int) and not drains:
        words["terminationGracePeriodSeconds"] = max(grace, _hook_seconds(main) + USUAL_GRACE - USUAL_DRAIN)
    elif isinstance(grace, int) and grace + USUAL_DRAIN > USUAL_GRACE:
        words["terminationGracePeriodSeconds"] = grace + USUAL_DRAIN
    ready = group.source.spec.get("minReadySeconds")
    if isinstance(ready, int):
        words["minReadySeconds"] = ready
    return words
