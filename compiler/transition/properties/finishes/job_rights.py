"""Rights without which a Job of a gate fails: those that bindings and roles give to its account.

Source: Kubernetes, docs/reference/access-authn-authz/rbac.md (what no binding allows is forbidden); Argo CD
gitops-engine, pkg/health/health_job.go (a Job that has failed is Degraded).
"""

from __future__ import annotations

from collections.abc import Iterator

from compiler.model.objects import Key, mapping_or_empty, nested_value
from compiler.transition.classification.shared.rights import allows_more
from compiler.transition.facts.pods import BATCH_TEMPLATES, Template, read_template
from compiler.transition.properties.finishes.shut_in_jobs import has_run_as_it_is
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.sync.account_rights import account_of_pods, bindings_in, bound_role, is_bound, subjects_of
from compiler.transition.sync.change import Change

PROPERTY = "finishes"


def rights_of_jobs_account(change: Change, key: Key, template: Template) -> Iterator[Key]:
    """The new bindings and roles that give rights to the account of a Job, unless a workload has the account too."""
    account = account_of_pods(key, template)
    if key.kind != "Job" or account is None or _is_shared(change, account):
        return
    for binding in bindings_in(change.target):
        if ("ServiceAccount", account.namespace, account.name) in subjects_of(change.target, binding):
            given = (binding, bound_role(change.target, binding))
            yield from (each for each in given if each in change.target.objects and each not in change.live.objects)


def unproven_rights(change: Change, key: Key) -> Iterator[PropertyBreach]:
    """Rights that the account of a Job gets only after it, of which nobody knows whether the Job needs them.

    A Job that ran before as it is did without them; those of an account that a workload has too may be for that one.
    """
    if key.distinct_kind != "Job" or key not in change.ops or has_run_as_it_is(change, key):
        return
    template = read_template(mapping_or_empty(nested_value(change.target.objects[key], *BATCH_TEMPLATES["Job"])))
    account = account_of_pods(key, template)
    if account is None or _is_shared(change, account):
        return
    judged = frozenset(rights_of_jobs_account(change, key, template))
    later = (each for each in _giving_more(change, account) if change.ops[each][0][0] > change.ops[key][0][0])
    late = next((each for each in later if each not in judged), None)
    if late is not None:
        yield PropertyBreach(
            "field-unproven",
            PROPERTY,
            f"{late} gives {account} more rights, and comes in a later wave or phase than {key}, which has this "
            "account. Not judged: whether the Job needs them to end",
            (key, late),
            f"put {late} before {key}: into an earlier wave, or into PreSync with it",
            "warning",
        )


def _giving_more(change: Change, account: Key) -> Iterator[Key]:
    """The bindings and roles that the sync writes, and from which the account has more rights than before."""
    for binding in bindings_in(change.target):
        if not is_bound(change.target, binding, account):
            continue
        if binding in change.ops and not is_bound(change.live, binding, account):
            yield binding
        role = bound_role(change.target, binding)
        old, new = (side.objects.get(role, {}).get("rules") for side in (change.live, change.target))
        if role in change.ops and role in change.target.objects and allows_more(old, new):
            yield role


def _is_shared(change: Change, account: Key) -> bool:
    pods = change.target.workloads.items()
    return any(account_of_pods(other, workload.template) == account for other, workload in pods)
