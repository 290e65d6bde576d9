"""Rights without which a Job of a gate fails: those that a binding gives to an account of Jobs alone.

Source: Kubernetes, docs/reference/access-authn-authz/rbac.md (what no binding allows is forbidden); Argo CD
gitops-engine, pkg/health/health_job.go (a Job that has failed is Degraded).
"""

from __future__ import annotations

from collections.abc import Iterator

from compiler.model.objects import Key, mapping_items
from compiler.transition.facts.pods import Template
from compiler.transition.properties.available.hook_rights import BINDINGS
from compiler.transition.sync.change import Change
from compiler.transition.sync.existence import referenced_key


def bindings_of_jobs_account(change: Change, key: Key, template: Template) -> Iterator[Key]:
    """The new bindings that give rights to the account of a Job, unless a workload has the account too."""
    account = _account_of_pods(key, template)
    if key.kind != "Job" or account is None:
        return
    if any(_account_of_pods(other, pods.template) == account for other, pods in change.target.workloads.items()):
        return
    for kind in BINDINGS:
        for binding in change.target.of_kind(kind):
            subjects = mapping_items(change.target.objects[binding].get("subjects"))
            given = (
                (each.get("kind"), each.get("namespace", binding.namespace), each.get("name")) for each in subjects
            )
            if binding not in change.live.objects and ("ServiceAccount", account.namespace, account.name) in given:
                yield binding


def _account_of_pods(key: Key, template: Template) -> Key | None:
    accounts = (referenced_key(key, ref) for ref in template.needs if ref.kind == "ServiceAccount")
    return next(accounts, None)
