"""What two objects of one set may not share: identity, the name of their file, a node port."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from compiler.model.manifest import Manifest
from compiler.model.object_finding import ObjectFinding, ObjectFindings, object_finding

ObjectIdentity = tuple[str, str, str, str]
FileIdentity = tuple[str, str, str]


def identity_conflicts(manifests: Sequence[Manifest]) -> ObjectFindings:
    """The findings about the later one of each pair of objects that exclude each other.

    Argo CD keeps the last of two equal identities (controller/state.go, DeduplicateTargetObjects); a node port is
    one for the whole cluster (k8s.io/kubernetes/pkg/registry/core/service/portallocator).
    """
    findings: ObjectFindings = []
    names: dict[ObjectIdentity, str] = {}
    files: dict[FileIdentity, Manifest] = {}
    holders: dict[int, str] = {}
    for manifest in manifests:
        identity = _object_identity(manifest)
        if identity is None:
            continue
        if identity in names:
            findings.append((manifest, _identity_conflict(manifest, names[identity])))
        else:
            names[identity] = manifest.name
            first = files.setdefault((identity[1].lower(), *identity[2:]), manifest)
            if first is not manifest:
                findings.append((manifest, _file_conflict(manifest, first)))
        if identity[1] == "Service":
            findings += [(manifest, fault) for fault in _node_port_conflicts(manifest, holders)]
    return findings


def _object_identity(manifest: Manifest) -> ObjectIdentity | None:
    """Group, kind, namespace and name without case; None for what the schemas refuse anyway."""
    obj = manifest.object
    try:
        metadata = obj["metadata"]
        group = obj["apiVersion"].rpartition("/")[0]
        return (group, obj["kind"], metadata.get("namespace", ""), metadata["name"].lower())
    except (KeyError, AttributeError, TypeError):
        return None


def _identity_conflict(manifest: Manifest, first: str) -> ObjectFinding:
    path = ("metadata", "name")
    if manifest.name == first:
        return object_finding("object-duplicate", path, f"the object {manifest.kind} `{first}` exists twice")
    return object_finding("name-case", path, f"{manifest.kind} `{manifest.name}` and `{first}` differ only in case")


def _file_conflict(manifest: Manifest, first: Manifest) -> ObjectFinding:
    """Of two objects that the server tells apart by their groups, and whose files have one name."""
    names = " and ".join(f"{each.kind} `{each.name}` of {each.object['apiVersion']}" for each in (first, manifest))
    return object_finding("file-name-taken", ("metadata", "name"), f"{names} would be written to one file")


def _node_port_conflicts(manifest: Manifest, holders: dict[int, str]) -> Iterator[ObjectFinding]:
    spec = manifest.object.get("spec")
    ports = spec.get("ports") if isinstance(spec, dict) else None
    for index, port in enumerate(ports if isinstance(ports, list) else ()):
        number = port.get("nodePort") if isinstance(port, dict) else None
        if not isinstance(number, int):
            continue
        holder = holders.setdefault(number, manifest.name)
        if holder != manifest.name:
            path = ("spec", "ports", index, "nodePort")
            yield object_finding("port-conflict", path, f"node port {number} is already used by Service `{holder}`")
