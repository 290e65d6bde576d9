"""The door of this package: judges one transition."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from compiler.manifest import Object
from compiler.transition.change import Change, prepare
from compiler.transition.classes import request_classes, sections
from compiler.transition.directory import directory
from compiler.transition.explore import explore
from compiler.transition.model import Finding, SyncOptions, Verdict
from compiler.transition.objects import Key, key_of
from compiler.transition.scene import Breach
from compiler.transition.serving import Router
from compiler.transition.side import read_side
from compiler.transition.workload import Templates

DEFAULTS = SyncOptions()


def verify(
    before: Sequence[Object], after: Sequence[Object], application: SyncOptions = DEFAULTS
) -> Verdict:
    """Whether the sync that turns the converged `before` into `after` keeps every property in every state."""
    if before == after:
        return Verdict("safe", 1, ())
    templates: Templates = {}
    live = read_side(keyed(before, application), templates)
    target = read_side(keyed(after, application), templates, live)
    change = prepare(live, live, target, application, {})
    return judge(change)


def keyed(objects: Iterable[Object], options: SyncOptions) -> dict[Key, Object]:
    return {key_of(obj, options.namespace): obj for obj in objects}


def judge(change: Change) -> Verdict:
    router = Router(change, sections(change), directory(change))
    result = explore(router, router, request_classes(change))
    findings = tuple(_finding(b) for b in result.breaches)
    return Verdict("unsafe" if any(f.severity == "error" for f in findings) else "safe", result.states, (), findings)


def _finding(b: Breach) -> Finding:
    return Finding(b.code, b.property, b.severity, b.message, tuple(str(k) for k in b.objects), b.help)
