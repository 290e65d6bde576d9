"""The points of a sync that differ for a set of objects, no more of them than a property can tell apart.

The writes of one group happen in any order, so each of its objects may have its old or its new form (or be away, if it
is deleted and created anew). A property that depends on all of them at once needs every combination; one that depends
on any two units of them needs each combination of each two: a covering array of strength two, whose size grows with
the logarithm of their number (Kleitman and Spencer, "Families of k-independent sets", Discrete Mathematics 6, 1973).
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from compiler.model.objects import Key
from compiler.transition.facts.workload import SCALER_KINDS, is_workload
from compiler.transition.sync.change import Change, Cut, SyncPosition

MAX_COMBINATIONS = 512
"""More points of one group than these are not explored: the class is then too large."""

Forms = tuple[tuple[Key, str], ...]
"""Objects of a group with the form that each has: `old`, `new`, or `gone`."""


class WriteGroup(NamedTuple):
    """What one group of a sync writes: the workloads and what scales them, and the other objects."""

    place: SyncPosition
    workloads: tuple[Key, ...]
    others: tuple[Key, ...]


def write_groups(change: Change, keys: Iterable[Key], last: int) -> list[WriteGroup]:
    """The groups that write any of `keys`, up to pass `last`, in their order."""
    groups: dict[SyncPosition, tuple[list[Key], list[Key]]] = {}
    for key in dict.fromkeys(keys):
        if key in change.ops and change.ops[key][0][0] <= last:
            others = not (is_workload(key) or key[:2] in SCALER_KINDS)
            groups.setdefault(change.ops[key][0], ([], []))[others].append(key)
    return [WriteGroup(place, tuple(workloads), tuple(others)) for place, (workloads, others) in sorted(groups.items())]


def possible_forms(change: Change, key: Key) -> tuple[str, ...]:
    """The forms that an object of a group can have while the group is written."""
    return ("old", "gone", "new") if change.recreated(key) else ("old", "new")


def group_cuts(
    change: Change, group: WriteGroup, joint: Sequence[Key], units: Sequence[Sequence[Key]]
) -> list[Cut] | None:
    """The points within a group, those with the fewest writes first; None: they are too many.

    Every combination of `joint`, and with each of them every combination of any two of `units`. Workloads need none:
    the states of one that is being written include those before the write, so writing all covers writing any.
    """
    whole, arrays = combinations_of_forms(change, joint), _covering_array(change, units)
    if whole is None or arrays is None or len(whole) * len(arrays) > MAX_COMBINATIONS:
        return None
    cuts = {cut_with(group, (*first, *second)): None for first, second in itertools.product(whole, arrays)}
    if not group.workloads:
        cuts.pop(Cut(group.place), None)
    return sorted(cuts, key=lambda cut: (len(cut.partly), len(cut.gone)))


def cut_with(group: WriteGroup, forms: Iterable[tuple[Key, str]]) -> Cut:
    """The point at which the objects have these forms, and every workload of the group is written."""
    forms = tuple(forms)
    written = (key for key, form in forms if form != "old")
    return Cut(
        group.place, frozenset((*group.workloads, *written)), frozenset(k for k, form in forms if form == "gone")
    )


def combinations_of_forms(change: Change, keys: Sequence[Key]) -> list[Forms] | None:
    """Every combination of the forms of objects; None: they are too many."""
    forms = [[(key, form) for form in possible_forms(change, key)] for key in keys]
    if len(keys) > MAX_COMBINATIONS.bit_length():
        return None
    return [tuple(combination) for combination in itertools.product(*forms)]


def _covering_array(change: Change, units: Sequence[Sequence[Key]]) -> list[Forms] | None:
    """Choices of a combination for each unit, such that any two units have all of theirs with each other.

    Two units differ in some bit of their numbers: those with the bit take one combination, the others another one.
    """
    choices = [combinations_of_forms(change, unit) for unit in units]
    known = [choice for choice in choices if choice is not None]
    if len(known) < len(choices):
        return None
    if len(known) < 2:
        return known[0] if known else [()]
    width, bits = max(map(len, known)), (len(known) - 1).bit_length()
    if width * width * bits > MAX_COMBINATIONS:
        return None
    arrays: dict[Forms, None] = {}
    for bit in range(bits):
        for pair in itertools.product(range(width), repeat=2):
            chosen = (choice[pair[number >> bit & 1] % len(choice)] for number, choice in enumerate(known))
            arrays[tuple(itertools.chain.from_iterable(chosen))] = None
    return list(arrays)


def units_by_owner(owners: Iterable[tuple[Key, Collection[object]]]) -> tuple[list[Key], list[list[Key]]]:
    """Objects with what they decide: those that decide several things jointly, and the others by the one they decide.

    What decides nothing is left out.
    """
    joint: list[Key] = []
    units: dict[object, list[Key]] = {}
    for key, decided in owners:
        if len(decided) == 1:
            units.setdefault(next(iter(decided)), []).append(key)
        elif decided:
            joint.append(key)
    return joint, list(units.values())
