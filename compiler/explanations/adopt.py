"""Every code that this stage can emit, explained."""

from __future__ import annotations

from typing import Final

from compiler.explanations.explanation import Explanation

CODES: Final[dict[str, Explanation]] = {
    "adopt-unrendered": Explanation(
        "The source is a template, not rendered manifests",
        "Nobody applies a chart, a template or a Kustomization as it is: Helm or Kustomize renders it first.",
        "Render it as your pipeline does, with the same values, and adopt the result: "
        "`helm template web chart/ -f values.yaml | shipway adopt - --into prod`.",
        "Helm's documentation, helm template; kubectl's, kubectl kustomize",
    ),
    "adopt-duplicate": Explanation(
        "The source has two different objects with the same kind and name",
        "Only one of the two can run. This happens when a folder holds the overlays of several environments.",
        "Adopt what one environment runs: one rendered overlay, or what `kubectl get -o yaml` shows.",
        "Kubernetes documentation, Object Names and IDs",
    ),
    "adopt-empty": Explanation(
        "The source holds no object",
        "No file of the source has a document with apiVersion and kind.",
        "Name a file or folder of rendered manifests, or pipe them in: `kubectl get deploy,svc -o yaml | "
        "shipway adopt - --into prod`.",
        "Argo CD, reposerver/repository `findManifests`",
    ),
    "adopt-namespace": Explanation(
        "The source runs in another namespace than the environment",
        "A running object cannot move to another namespace: a release there would be a second copy of it.",
        "Adopt it into an environment whose `spec.namespace` is the one it runs in.",
        "Kubernetes documentation, Namespaces",
    ),
    "adopt-one-name": Explanation(
        "`--release` needs a source with exactly one workload",
        "The option names the release of that one workload. This source has none, or several.",
        "Leave it out, or adopt one workload at a time.",
        "Shipway, adopt",
    ),
    "adopt-moved": Explanation(
        "The source has changed since it was adopted",
        "An object was added, removed or changed. The release still writes what was adopted. Whoever applies the "
        "source now and Shipway would undo each other's changes.",
        "Make the same change in the spec, and stop applying the source. To adopt it again, first remove the receipt "
        "and the specs that it names.",
        "Shipway, adopt --check",
    ),
    "adopt-receipt-missing": Explanation(
        "There is no receipt of this source",
        "`--check` compares a source with the receipt that its adoption left in `environments/ENV/adopted/`.",
        "Run `shipway adopt` without `--check`, and commit the specs with the receipt.",
        "Shipway, adopt --check",
    ),
    "adopt-receipt-broken": Explanation(
        "The receipt cannot be read",
        "The file in `environments/ENV/adopted/` is not JSON, or lacks a part that every receipt has.",
        "Restore it from Git, or remove it and adopt again.",
        "Shipway, adopt",
    ),
}
