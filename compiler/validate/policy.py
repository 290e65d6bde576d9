"""What an environment demands of the objects beyond what Kubernetes does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from compiler.diagnostics.model import Path
from compiler.model.manifest import Manifest, Object
from compiler.model.object_finding import ObjectFinding, ObjectFindings, object_finding, path_text
from compiler.validate.literal_secrets import literal_secret, literal_secrets_in_text
from compiler.validate.references.inventory import TEMPLATES, pod_template_of


@dataclass(frozen=True, slots=True)
class PolicyRequirements:
    """An environment's demands; `registries` are prefixes (`ghcr.io/acme`), none meaning any.

    `counted` are the resources (`cpu`) whose requests a ResourceQuota of the namespace limits.
    """

    require_digest: bool = False
    registries: tuple[str, ...] = ()
    require_limits: bool = False
    min_replicas: int = 1
    inline_secrets: Literal["allow", "forbid"] = "forbid"
    counted: tuple[str, ...] = ()


def validate_policy(manifests: Sequence[Manifest], policy: PolicyRequirements) -> ObjectFindings:
    """Where the objects break `policy`; for objects that `validate_objects` accepts.

    No registries means any. Of the tracks of one app the largest must have the replicas asked for.
    """
    findings: ObjectFindings = []
    for manifest in manifests:
        if manifest.kind in TEMPLATES:
            findings += [(manifest, fault) for fault in _pod_policy_findings(manifest.object, policy)]
        if manifest.kind == "Secret" and policy.inline_secrets == "forbid":
            findings += [(manifest, fault) for fault in _secret_policy_findings(manifest.object)]
        if manifest.kind == "ConfigMap" and policy.inline_secrets == "forbid":
            findings += [(manifest, fault) for fault in _config_policy_findings(manifest.object)]
        elif manifest.origin.via == "extras" and policy.inline_secrets == "forbid":
            known = WITHOUT_PLAIN_SECRETS.get(manifest.kind, frozenset())
            findings += [(manifest, fault) for fault in _text_policy_findings(manifest.object, (), known)]
    return findings + (_replica_policy_findings(manifests, policy.min_replicas) if policy.min_replicas > 1 else [])


def full_image_name(image: str) -> str:
    """The image with its registry: `docker.io/library/nginx` for `nginx`.

    Source: github.com/distribution/reference, normalize.go, splitDockerDomain.
    """
    first, slash, _ = image.partition("/")
    if slash and ("." in first or ":" in first or first == "localhost"):
        return image
    return f"docker.io/{image}" if slash else f"docker.io/library/{image}"


def _pod_policy_findings(obj: Object, policy: PolicyRequirements) -> Iterator[ObjectFinding]:
    template = pod_template_of(obj)
    spec = (template or {}).get("spec", {})
    for field in ("initContainers", "containers"):
        for index, container in enumerate(spec.get(field, ())):
            path = (*TEMPLATES[obj["kind"]], "spec", field, index)
            yield from _container_policy_findings(container, policy, path)
    for index, volume in enumerate(spec.get("volumes", ())):
        image = volume.get("image", {}).get("reference")
        if image is not None:
            path = (*TEMPLATES[obj["kind"]], "spec", "volumes", index, "image", "reference")
            yield from _image_policy_findings(image, policy, path)


def _image_policy_findings(image: str, policy: PolicyRequirements, path: Path) -> Iterator[ObjectFinding]:
    if policy.require_digest and "@sha256:" not in image and "@sha512:" not in image:
        message = f"the image `{image}` has no digest, and this environment requires one"
        yield object_finding("policy-digest", path, message)
    if policy.registries and not _is_allowed(full_image_name(image), policy.registries):
        allowed = ", ".join(policy.registries)
        message = f"the image `{image}` is not from a registry that this environment allows: {allowed}"
        yield object_finding("policy-registry", path, message)


def _container_policy_findings(
    container: dict[str, Any], policy: PolicyRequirements, path: Path
) -> Iterator[ObjectFinding]:
    yield from _image_policy_findings(container["image"], policy, (*path, "image"))
    if policy.require_limits and "memory" not in container.get("resources", {}).get("limits", {}):
        message = f"container `{container['name']}` has no memory limit, and this environment requires one"
        yield object_finding("policy-limits", path, message)
    yield from _missing_request_findings(container, policy.counted, path)
    if policy.inline_secrets == "forbid":
        yield from _container_secret_findings(container, path)


def _missing_request_findings(
    container: dict[str, Any], counted: tuple[str, ...], path: Path
) -> Iterator[ObjectFinding]:
    """A quota on requests refuses pods with a container that has none; a limit counts as one.

    Source: Kubernetes, pkg/quota/v1/evaluator/core/pods.go, `Constraints`.
    """
    resources = container.get("resources", {})
    for name in counted:
        if name not in resources.get("requests", {}) and name not in resources.get("limits", {}):
            message = f"container `{container['name']}` has no request for {name}, and the quota refuses such a pod"
            yield object_finding("policy-quota", (*path, "resources"), message)


def _is_allowed(image: str, registries: tuple[str, ...]) -> bool:
    return any(
        image.startswith(registry.rstrip("/") + "/") or _image_name(image) == registry for registry in registries
    )


def _image_name(image: str) -> str:
    """The image without digest and tag."""
    name = image.partition("@")[0]
    head, slash, last = name.rpartition("/")
    return head + slash + last.partition(":")[0]


def _secret_policy_findings(obj: Object) -> Iterator[ObjectFinding]:
    for field in ("data", "stringData"):
        if obj.get(field):
            message = f"Secret `{obj['metadata']['name']}` would be readable in Git, and this environment forbids that"
            yield object_finding("policy-inline-secret", (field,), message)


def _container_secret_findings(container: dict[str, Any], path: Path) -> Iterator[ObjectFinding]:
    name = container["name"]
    for index, variable in enumerate(container.get("env", ())):
        kind = literal_secret(variable["name"], variable.get("value") or "")
        if kind is not None:
            where = f"the variable `{variable['name']}` of container `{name}`"
            yield _literal_secret_finding((*path, "env", index, "value"), where, kind)
    for field in ("command", "args"):
        for index, argument in enumerate(container.get(field, ())):
            for _, kind in literal_secrets_in_text(argument):
                where = f"argument {index + 1} in `{field}` of container `{name}`"
                yield _literal_secret_finding((*path, field, index), where, kind)


def _config_policy_findings(obj: Object) -> Iterator[ObjectFinding]:
    for key, text in (obj.get("data") or {}).items():
        own = literal_secret(key, text)
        secrets = [(1, own)] if own is not None and "\n" not in text else list(literal_secrets_in_text(text))
        for line, kind in secrets[:1]:  # one is enough to make the file a Secret
            yield _literal_secret_finding(("data", key), f"line {line} of `{key}`", kind)


WITHOUT_PLAIN_SECRETS: Final = {
    "ExternalSecret": frozenset({"secretKey", "remoteRef", "extract", "find"}),
    "SealedSecret": frozenset({"encryptedData"}),
}
"""By kind, the fields that name a secret or hold it encrypted. Sources: external-secrets.io, API specification,
ExternalSecretData and ExternalSecretDataFromRemoteRef; Sealed Secrets, apis/sealedsecrets/v1alpha1/types.go.
"""


def _text_policy_findings(value: Any, path: Path, known: frozenset[str]) -> Iterator[ObjectFinding]:
    """Secrets in the texts of an object whose fields nobody here knows, but for those that are `known` to hold none."""
    if isinstance(value, str):
        own = literal_secret(str(path[-1]), value)
        for kind in [own] if own is not None else [kind for _, kind in literal_secrets_in_text(value)][:1]:
            yield _literal_secret_finding(path, f"`{path_text(path)}`", kind)
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in parts:
        if key not in known and (path or key in ("spec", "metadata")):
            yield from _text_policy_findings(part, (*path, key), known)


def _literal_secret_finding(path: Path, where: str, kind: str) -> ObjectFinding:
    return object_finding("policy-literal-secret", path, f"{where} looks like a secret in plain text ({kind})")


def _replica_policy_findings(manifests: Sequence[Manifest], least: int) -> ObjectFindings:
    """Of the tracks of one app, the largest counts: a canary may be small beside its stable track."""
    largest: dict[tuple[str, str], tuple[int, Manifest]] = {}
    floors = _autoscaled_minimums(manifests)
    for manifest in manifests:
        if manifest.kind not in ("Deployment", "StatefulSet"):
            continue
        metadata = manifest.object["metadata"]
        namespace = metadata.get("namespace", "")
        replicas = floors.get((namespace, manifest.name), manifest.object["spec"].get("replicas", 1))
        app = (namespace, metadata.get("labels", {}).get("app", manifest.name))
        if app not in largest or replicas > largest[app][0]:
            largest[app] = (replicas, manifest)
    return [
        (manifest, _too_few_replicas(manifest, replicas, least))
        for replicas, manifest in largest.values()
        if replicas < least
    ]


def _autoscaled_minimums(manifests: Sequence[Manifest]) -> dict[tuple[str, str], int]:
    """The least replicas of each workload that an autoscaler owns, by namespace and name."""
    return {
        (m.object["metadata"].get("namespace", ""), m.object["spec"]["scaleTargetRef"]["name"]): m.object["spec"].get(
            "minReplicas", 1
        )
        for m in manifests
        if m.kind == "HorizontalPodAutoscaler"
    }


def _too_few_replicas(manifest: Manifest, replicas: int, least: int) -> ObjectFinding:
    message = f"`{manifest.name}` has at least {replicas} replicas, and this environment requires {least}"
    return object_finding("policy-replicas", ("spec", "replicas"), message)
