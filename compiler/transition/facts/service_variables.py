"""The Services that pods call by the variables that Kubernetes gives them: `$(WEB_API_SERVICE_HOST)`.

Source: Kubernetes, pkg/kubelet/envvars/envvars.go `FromServices` (a Service's name in capitals, `-` as `_`: names of
Services have no `_`) and pkg/kubelet/kubelet_pods.go `getServiceEnvVarMap` (those of the pod's own namespace).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from compiler.model.objects import mapping_items

ASKED: Final = re.compile(r"\$[({]?([A-Z][A-Z0-9_]*?)_(?:SERVICE_HOST|PORT_[0-9]+_(?:TCP|UDP)_ADDR)\b")
HOST: Final = "_SERVICE_HOST"


def services_of_variables(texts: Iterable[str], containers: Iterable[Mapping[str, Any]] = ()) -> Iterator[str]:
    """The names of the Services whose addresses texts ask for, but for variables that containers set by themselves."""
    texts = [text for text in texts if "$" in text]
    own = {str(entry.get("name")) for each in containers if texts for entry in mapping_items(each.get("env"))}
    for text in texts:
        for name in ASKED.findall(text):
            if f"{name}{HOST}" not in own:
                yield name.lower().replace("_", "-")
