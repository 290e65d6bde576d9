"""drained: a pod that loses its traffic lives longer than endpoints lag plus its longest request.

Source: Kubernetes, pkg/kubelet/kuberuntime/kuberuntime_container.go `killContainer` (preStop counts as grace) and
pkg/controller/endpointslice (a terminating pod turns not ready at once, but proxies learn of it later).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from compiler.model.objects import Key
from compiler.transition.facts.pods import Drain
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.guarantee import Guarantee
from compiler.transition.search.served_class import ServedClass
from compiler.transition.sync.change import START, Change

PROPERTY = "drained"
ONE_TIME_HELP = (
    "the new pods drain long enough; the old ones cannot be fixed any more: accept the loss this once, at a quiet hour "
    "(`shipway publish --allow drain-too-short --reason TEXT`)"
)


def breaches(served: ServedClass) -> Iterator[PropertyBreach]:
    """The workloads that serve the class now, lose pods in this sync, and end them too fast."""
    change, item = served.change, served.guarantee
    if not item.protected:
        return
    answer = item.before.answer
    for backend in item.before.backends:
        for key in backend.workloads if backend.share > 0 else ():
            workload = change.live.workloads.get(key)
            if workload is None or workload.template.drain.declared or change.options.declared_graceful(key):
                continue
            if served.judged.reference.reach(backend, workload.template, item.request, START) != "serves":
                continue  # what is behind the Service, and has not its port, loses no request
            if sync_ends_pods(change, key):
                timeout = answer.timeout if answer else None
                longest = _longest_request(workload.template.drain, timeout)
                for breach in _drain_breaches(change, item, key, workload.template.drain, longest):
                    help_line = ONE_TIME_HELP if _new_pods_drain(change, item, key, timeout) else breach.help
                    yield replace(breach, help=help_line, cut=change.moment(key), request=item.request)


def _new_pods_drain(change: Change, item: Guarantee, key: Key, timeout: float | None) -> bool:
    """Whether the pods that come end as they should: only those that go now do not."""
    new = change.target.workloads.get(key)
    return new is not None and not list(
        _drain_breaches(change, item, key, new.template.drain, _longest_request(new.template.drain, timeout))
    )


def sync_ends_pods(change: Change, key: Key) -> bool:
    """Whether pods of the workload end because of this sync."""
    old, new = change.live.workloads[key], change.target.workloads.get(key)
    if new is None:
        return key in change.ops
    if old.template is not new.template:
        return not new.paused
    return change.recreated(key) or change.count_after(key, "low") < change.count_before(key, "low")


def _longest_request(drain: Drain, timeout: float | None) -> float:
    known = [value for value in (drain.longest, timeout) if value is not None]
    return max(known, default=0.0)


def _drain_breaches(
    change: Change, item: Guarantee, key: Key, drain: Drain, longest: float
) -> Iterator[PropertyBreach]:
    lag = change.options.lag
    if drain.pause is None:
        if drain.grace <= lag + longest:
            yield _breach(item, key, f"they live at most {drain.grace:g} s", lag, longest)
        else:
            yield _unread_hook(item, key, lag)
        return
    if min(drain.pause, drain.grace) < lag:
        yield _breach(item, key, f"they stop taking requests after {min(drain.pause, drain.grace):g} s", lag, longest)
    elif drain.grace < drain.pause + longest or drain.grace <= drain.pause:
        rest = max(0.0, drain.grace - drain.pause)
        yield _breach(item, key, f"they are killed {rest:g} s after their preStop pause", lag, longest)


def _breach(item: Guarantee, key: Key, text: str, lag: float, longest: float) -> PropertyBreach:
    return PropertyBreach(
        "drain-too-short",
        PROPERTY,
        f"stopping pods of {key} still get {item.request} for {lag:g} s, but {text}",
        (key,),
        f"in an earlier commit, set a preStop sleep of at least {lag:g} s, and terminationGracePeriodSeconds to"
        f" at least that plus the longest request ({longest:g} s)",
    )


def _unread_hook(item: Guarantee, key: Key, lag: float) -> PropertyBreach:
    return PropertyBreach(
        "field-unproven",
        PROPERTY,
        f"stopping pods of {key} still get {item.request} for {lag:g} s. Not judged: whether they answer it, for their "
        "preStop hook does something else than wait",
        (key,),
        "begin the hook with a sleep, in an earlier commit, or say why the process goes on serving: in the pods' "
        "annotation shipway.dev/graceful-shutdown, or with --graceful",
        "warning",
    )
