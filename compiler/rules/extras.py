"""Objects in files beside the specs: which of them may stand there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from compiler.diagnostics.model import Diagnostic, Problem
from compiler.model.objects import CLUSTER_SCOPED, mapping_or_empty
from compiler.source.document import Document
from compiler.spec.environment import ARGOCD_KINDS


def check_extras(documents: Sequence[Document], namespace: str) -> Iterator[Diagnostic]:
    """What is no object of the environment's namespace."""
    for document in documents:
        for problem in extra_problems(document.data, namespace):
            yield document.diagnose(problem)


def extra_problems(data: Any, namespace: str) -> Iterator[Problem]:
    metadata = mapping_or_empty(data.get("metadata"))
    texts = {"apiVersion": data.get("apiVersion"), "kind": data.get("kind"), "metadata.name": metadata.get("name")}
    missing = [name for name, value in texts.items() if not isinstance(value, str) or not value]
    if missing or data["kind"] == "List":
        message = f"this is no Kubernetes object: it lacks `{missing[0]}`" if missing else "a List is not one object"
        fix = "write manifests as kubectl takes them, each with its apiVersion, kind and metadata.name"
        yield Problem("extra-not-object", message, (), fix)
    elif data["kind"] in ARGOCD_KINDS and data["apiVersion"].startswith("argoproj.io/"):
        message = f"whoever may write a {data['kind']} may deploy anything anywhere"
        yield Problem("extra-of-argocd", message, ("kind",), "publish it where Argo CD's own objects are")
    elif data["kind"] in CLUSTER_SCOPED:
        message = f"a {data['kind']} is of the whole cluster, and an environment is one namespace"
        yield Problem("extra-cluster-scoped", message, ("kind",), "publish it where the cluster's own objects are")
    elif metadata.get("namespace") not in (None, namespace):
        message = f"the environment's namespace is {namespace}, not {metadata['namespace']}"
        fix = "remove it, or publish the object with the environment of that namespace"
        yield Problem("extra-namespace", message, ("metadata", "namespace"), fix)
