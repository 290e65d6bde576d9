"""Who pods run as, and with which rights: restricted, unless a spec says otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from compiler.assemble.overrides import merge_patch
from compiler.model.manifest import Object
from compiler.spec.presets import Preset
from compiler.spec.release import ReleaseSpec

# Pod Security Standards, profile "restricted": what of it stands at a container, and at its pod
RESTRICTED: Final[Object] = {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}
RESTRICTED_POD: Final[Object] = {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}}


def merged_security_context(wanted: Mapping[str, Any] | None, usual: Object = RESTRICTED) -> Object:
    """A security context: what a spec says over the usual one (null takes away); an empty map is none at all."""
    return {} if wanted == {} else merge_patch(usual, wanted or {})


def default_security_context(spec: ReleaseSpec, preset: Preset) -> Object:
    """The usual security context of the release's container, with the user that the preset's images run as.

    Those images name their user, and a name the kubelet cannot tell from root: with `runAsNonRoot` it would start none
    (pkg/kubelet/kuberuntime/security_context.go, verifyRunAsNonRoot). A user of the pod's own counts more.
    """
    user = preset.user
    if user is None or "runAsUser" in (spec.pods.security_context or {}):
        return RESTRICTED
    return {**RESTRICTED, "runAsUser": user, "runAsGroup": user}


def restricted_container(container: Mapping[str, Any]) -> Object:
    """A container beside the release's own: it holds no more rights, unless it says which."""
    wanted = container.get("securityContext")
    if wanted is not None and not isinstance(wanted, dict):
        return dict(container)  # the schema says what is wrong with it
    rest = {key: value for key, value in container.items() if key != "securityContext"}
    context = merged_security_context(wanted)
    return {**rest, "securityContext": context} if context else rest
