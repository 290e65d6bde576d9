"""What makes the API server refuse a pod template, and with it the object that holds it.

Source: Kubernetes, pkg/apis/core/validation/validation.go (`ValidatePodSpec`, `validateContainerPorts`,
`validateSleepAction`, `ValidateResourceRequirements`), pkg/apis/batch/validation (`ValidateJobSpec`),
apimachinery pkg/util/validation (`IsValidLabelValue`, `IsValidPortName`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from compiler.transition.controllers.quota import quantity
from compiler.transition.objects import dig, mapping, mappings, whole

Fault = tuple[str, str]
Spec = Mapping[str, Any]
LABEL_VALUE = re.compile(r"^(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$")
PORT_NAME = re.compile(r"^(?=.*[a-z])(?!.*--)[a-z0-9](?:[-a-z0-9]{0,13}[a-z0-9])?$")
DEFAULT_GRACE = 30


def label_faults(metadata: Any) -> Iterator[Fault]:
    """Label values that are none."""
    for name, value in mapping(dig(metadata, "labels")).items():
        if not isinstance(value, str):
            yield f"the value of label {name} is no text", "write it in quotes"
        elif not LABEL_VALUE.match(value):
            yield f"label {name} cannot have the value {value!r}", "use letters, digits, -, _ and . only, 63 at most"


def template_faults(template: Spec, kind: str) -> Iterator[Fault]:
    """Why pods of this template are refused."""
    yield from label_faults(template.get("metadata"))
    spec = mapping(template.get("spec"))
    grace = whole(spec.get("terminationGracePeriodSeconds"), DEFAULT_GRACE)
    if kind in ("Job", "CronJob") and spec.get("restartPolicy") not in ("Never", "OnFailure"):
        yield "the pods of a Job restart OnFailure or Never", "set restartPolicy"
    if kind not in ("Job", "CronJob", "Pod") and spec.get("restartPolicy", "Always") != "Always":
        yield "its pods must restart Always", "remove restartPolicy"
    for container in mappings(spec.get("containers")):
        yield from _container(container, grace)


def _container(container: Spec, grace: int) -> Iterator[Fault]:
    for port in mappings(container.get("ports")):
        name = port.get("name")
        if name is not None and not PORT_NAME.match(str(name)):
            yield f"{name!r} is no name of a port", "use at most 15 small letters, digits and single -"
    pause = whole(dig(container, "lifecycle", "preStop", "sleep", "seconds"), 0)
    if pause > grace:
        yield f"its preStop sleep of {pause} s exceeds the grace period of {grace} s", "raise the grace period"
    resources = mapping(container.get("resources"))
    limits = mapping(resources.get("limits"))
    for name, asked in mapping(resources.get("requests")).items():
        if name in limits and quantity(asked) > quantity(limits[name]):
            yield f"it requests more {name} than its limit", "raise the limit"
