"""available and config, of what a route or a gateway shows: the Secrets with its certificates are there.

Source: ingress-nginx, docs/user-guide/tls.md (its own fake certificate is shown where the Secret is missing); Gateway
API, apis/v1/gateway_types.go (`ResolvedRefs=False` of a listener); seen in real runs.
"""

from __future__ import annotations

from collections.abc import Iterator

from compiler.model.objects import Key, nested_value
from compiler.model.request import shown_host
from compiler.traffic.readers import gate_readers, readers_by_kind
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.judged_change import JudgedChange
from compiler.transition.sync.change import Change, Cut
from compiler.transition.sync.existence import (
    assumed_to_exist,
    held_keys,
    is_generated_in,
    referenced_key,
    secret_generators,
)
from compiler.transition.sync.made_secrets import lost_secrets, rewritten_secrets
from compiler.transition.sync.snapshot import Snapshot

PROPERTY = "config"
PARTS = frozenset({"tls.crt", "tls.key"})


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """Secrets that go while something serves with them, or come later than what is to serve with them."""
    change = judged.change
    yield from _redirected_hosts(change)
    yield from _unrenewed_certificates(change)
    served = {
        snapshot: {key: served_certificates(snapshot, key) for key in certificate_holders(snapshot)}
        for snapshot in (change.live, change.target)
    }
    lost, rewritten = lost_secrets(change), rewritten_secrets(change)
    for key, before in served[change.live].items():
        for result in before:
            if result in change.ops:
                yield from _lost_keys(change, key, result, result)
            if result in change.ops or result in lost:
                yield from _removed_certificates(change, key, result, lost.get(result, result))
            elif result in rewritten:
                yield from _lost_keys(change, key, result, rewritten[result])
        for result in served[change.target].get(key, frozenset()) - before if before and key in change.ops else ():
            yield from _missing_certificates(change, key, result)


def _redirected_hosts(change: Change) -> Iterator[PropertyBreach]:
    """Hosts that were served by plain HTTP, and redirect it from now on because they get a certificate."""
    for key in change.ops:
        reader = readers_by_kind().get(key[:2])
        if reader is not None and key in change.live.routes and key in change.target.routes:
            before, after = (reader.redirected_hosts(side.objects[key]) for side in (change.live, change.target))
            served = {shown_host(match.host) for match in change.live.routes[key].matches}
            hosts = sorted((after - before) & served)
            if hosts:
                yield PropertyBreach(
                    "redirected",
                    "available",
                    f"plain HTTP requests for {', '.join(hosts)} are redirected to HTTPS after this commit",
                    (key,),
                    'make sure that clients follow redirects; ssl-redirect: "false" leaves plain HTTP as it was',
                    "warning",
                    change.moment(key),
                )


def _unrenewed_certificates(change: Change) -> Iterator[PropertyBreach]:
    """Secrets that something goes on reading, and that no Certificate makes any more: they stay until they expire.

    Source: cert-manager, docs/usage/certificate.md ("Cleaning up Secrets when Certificates are deleted").
    """
    for key in change.live.of_kind("Certificate"):
        name = nested_value(change.live.objects[key], "spec", "secretName")
        result = Key("", "Secret", key.namespace, str(name))
        kept = result in change.target.objects or str(result) in change.options.outside
        if key in change.ops and name and not kept and not is_generated_in(change.target, result):
            for reader in _lasting_readers(change, result):
                yield PropertyBreach(
                    "certificate-not-renewed",
                    PROPERTY,
                    f"{reader} still uses {result}, which {key} no longer renews after this commit: clients get an "
                    "expired certificate some day",
                    (reader, result, key),
                    f"keep the Certificate as long as {result} is used, or let another one make this Secret",
                    "warning",
                    change.moment(key),
                )


def _lasting_readers(change: Change, result: Key) -> Iterator[Key]:
    """What reads the Secret before the commit and after it: routes, what lets them in, and pods."""
    for key in certificate_holders(change.target):
        if key in change.live.objects and result in served_certificates(change.target, key):
            yield key
    for key, workload in change.target.workloads.items():
        needs = (referenced_key(key, ref) for ref in workload.template.needs)
        if key in change.live.workloads and result in needs:
            yield key


def certificate_holders(snapshot: Snapshot) -> Iterator[Key]:
    """The routes, and what lets routes in, that may show certificates."""
    yield from (key for key, route in snapshot.routes.items() if route.secrets)
    gates = gate_readers()
    for keys in snapshot.by_kind.values():
        yield from (key for key in keys if key[:2] in gates)


def _removed_certificates(change: Change, key: Key, result: Key, written: Key) -> Iterator[PropertyBreach]:
    """A Secret that goes while it is shown, or that goes with what it is made from, which is `written` then."""
    cut = change.deleted_at(written)
    serving = change.snapshot_of(key, cut)
    if change.snapshot_of(result, cut) is None and serving is not None and result in served_certificates(serving, key):
        for name in ("available", PROPERTY):
            yield PropertyBreach(
                "tls-secret-pruned",
                name,
                f"{result} is deleted{_with_maker(result, written)} while {key} still uses it: clients get a wrong "
                "certificate",
                (key, *dict.fromkeys((result, written))),
                f"keep {written} as it is until {key} no longer uses {result}",
                cut=cut,
            )


def _with_maker(result: Key, written: Key) -> str:
    return "" if written == result else f" with {written}, from which it is made,"


def _lost_keys(change: Change, key: Key, result: Key, written: Key) -> Iterator[PropertyBreach]:
    """The parts of a certificate that its Secret, or what it is made from, had and gives up while it is shown."""
    if written not in change.live.objects or written not in change.target.objects or key not in change.target.objects:
        return
    before, after = (held_keys(side.objects[written], written.kind) for side in (change.live, change.target))
    lost = sorted(PARTS & (before or frozenset()) - (after if after is not None else PARTS))
    if lost and result in served_certificates(change.target, key):
        yield PropertyBreach(
            "key-missing",
            "available",
            f"{result} gives up {', '.join(lost)} while {key} serves with it: clients get a wrong certificate",
            (key, result),
            "keep the keys tls.crt and tls.key in the Secret",
            cut=change.moment(written),
        )


def _missing_certificates(change: Change, key: Key, result: Key) -> Iterator[PropertyBreach]:
    """What served with a certificate and now names one that is not there when it is written."""
    cut = Cut(change.ops[key][0], frozenset({key}))
    if (issuer := _unfinished_issuer(change, key, result)) is not None:
        yield PropertyBreach(
            "tls-secret-missing",
            "available",
            f"{key} names {result} before {issuer} has created it: until then, clients get a wrong certificate",
            (key, result, issuer),
            f"add {issuer} in an earlier wave or commit, and let {key} name its Secret after the Secret exists",
            cut=cut,
        )
    if change.snapshot_of(result, cut) is None and not assumed_to_exist(change, result):
        for name in ("available", PROPERTY):
            yield PropertyBreach(
                "tls-secret-missing",
                name,
                f"{key} names {result}, which does not exist at that moment: clients get a wrong certificate",
                (key, result),
                f"add {result} in the wave of {key} or an earlier one; use --outside if it exists in the cluster",
                cut=cut,
            )


def _unfinished_issuer(change: Change, key: Key, result: Key) -> Key | None:
    """The object of this commit from which an operator still has to make the Secret when it is to be shown."""
    held = (change.live.objects, change.target.objects)
    if any(result in objects for objects in held) or any(secret_generators(change.live, result)):
        return None
    if str(result) in change.options.outside:
        return None
    issuer = next(secret_generators(change.target, result), None)
    if issuer is None or issuer not in change.ops:
        return None
    (issued, _), (shown, _) = change.ops[issuer][0], change.ops[key][0]
    return None if issued < shown and change.settles(issued) else issuer


def served_certificates(snapshot: Snapshot, key: Key) -> frozenset[Key]:
    """The Secrets whose certificates a route, or what lets routes in, shows."""
    if key in snapshot.routes:
        return snapshot.routes[key].secrets
    reader = gate_readers().get(key[:2])
    return frozenset() if reader is None else reader.gate_certificates(snapshot.objects[key], key)
