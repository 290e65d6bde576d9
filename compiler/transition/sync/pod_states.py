"""Which states the pods of each workload can be in at each point of a change."""

from __future__ import annotations

from dataclasses import replace

from compiler.model.objects import Key
from compiler.transition.controllers import fleet
from compiler.transition.facts.workload import ABSENT_PODS, PodState, WorkloadFacts
from compiler.transition.sync.change import Change, Cut
from compiler.transition.sync.existence import lacks_reference
from compiler.transition.sync.replicas import Load


class PodStates:
    """Answers for one change, and remembers its answers: many request classes ask the same."""

    def __init__(self, change: Change) -> None:
        self.change = change
        self._answers: dict[tuple[object, ...], tuple[PodState, ...]] = {}
        self._still: dict[tuple[Key, Load], tuple[PodState, ...]] = {}
        self._steps: dict[tuple[Key, Cut], tuple[str, bool]] = {}

    def at(self, key: Key, cut: Cut, load: Load) -> tuple[PodState, ...]:
        """Every state that the workload's pods can be in at this point of the sync."""
        if (still := self._still.get((key, load))) is not None:
            return still
        if not self.change.moving(key):
            return self._still.setdefault((key, load), self.change.starts(key, load))
        known = self._steps.get((key, cut))
        if known is None:
            scaled = self._has_its_scaler(key, cut)
            known = self._steps[key, cut] = (self._step(key, cut, scaled), scaled)
        step, scaled = known
        asked = (key, step, load, cut.place[0] if step == "during" else 0, scaled)
        if asked not in self._answers:
            states = self._states(key, step, load, scaled)
            self._answers[asked] = self._startable(key, states, cut) if step == "during" else states
        return self._answers[asked]

    def _has_its_scaler(self, key: Key, cut: Cut) -> bool:
        """Whether the HPA that scales the workload in the end, if one does, has its last form."""
        scaler = self.change.scaler_key(key)
        return scaler is None or scaler not in self.change.ops or self.change.written(scaler, cut)

    def _step(self, key: Key, cut: Cut, scaled: bool) -> str:
        """Where the workload stands: `before` its write, `during` its change, `after` a gate that waited for it.

        Of one that its HPA alone changes, the HPA's write is its own.
        """
        change = self.change
        if not change.written(key, cut) if key in change.ops else not scaled and key not in change.unsettled["low"]:
            return "before"
        stage = change.gate_of(key)
        if change.settles(stage) and cut.place[0] > stage:
            return "after"
        return "during"

    def _states(self, key: Key, step: str, load: Load, scaled: bool) -> tuple[PodState, ...]:
        change = self.change
        starts = change.starts(key, load)
        old, new = change.live.workloads.get(key), change.target.workloads.get(key)
        if step == "before":
            return self._scaled_before(key, starts, load) if scaled else starts
        if new is None and key not in change.ops:
            return starts  # no prune takes it away: it keeps the count that its HPA has left it
        if new is None:
            return (ABSENT_PODS,) if step == "after" else (*starts, ABSENT_PODS)
        as_last = scaled and not change.outlived_by_scaler(key)
        form = new if as_last else replace(new, scaler=None if old is None else old.scaler)
        template = change.made_template(key)
        form = form if form.template is template else replace(form, template=template)
        count = change.count_of(key, form, load)
        if step == "after":
            begun = (*starts, ABSENT_PODS) if change.recreated(key) else starts
            settled = fleet.healthy_states(begun, new, count)
            return self._scaled_after_its_gate(form, begun, settled, load) if as_last else settled
        if change.recreated(key):
            return _made_anew(starts, form, count)
        raised = self._raised(form, starts) if as_last and load == "low" else ()
        return tuple(dict.fromkeys((*fleet.during(starts, form, count), *raised, *self._as_before(key, starts, load))))

    def _raised(self, form: WorkloadFacts, starts: tuple[PodState, ...]) -> tuple[PodState, ...]:
        """The states of a workload whose HPA has a minimum of more pods than it surely has."""
        low = 0 if form.scaler is None else form.scaler.low
        return fleet.during(starts, form, low) if low > self.change.count_before(form.key, "low") > 0 else ()

    def _scaled_after_its_gate(
        self, form: WorkloadFacts, begun: tuple[PodState, ...], settled: tuple[PodState, ...], load: Load
    ) -> tuple[PodState, ...]:
        """The states once its gate has opened; no gate waits for what an HPA does that gets its last form later."""
        change, old = self.change, self.change.live.workloads.get(form.key)
        place = change.scaler_place(form.key)
        if old is None or old.scaler is None or place is None or place[0] <= change.gate_of(form.key):
            return settled
        earlier = change.count_of(form.key, replace(form, scaler=old.scaler), load)
        waited_for = fleet.healthy_states(begun, form, earlier)
        return tuple(dict.fromkeys((*settled, *fleet.during(waited_for, form, change.count_of(form.key, form, load)))))

    def _scaled_before(self, key: Key, starts: tuple[PodState, ...], load: Load) -> tuple[PodState, ...]:
        """The states of a workload that is not written yet, and that its HPA may have scaled by its new bounds."""
        old, new = self.change.live.workloads.get(key), self.change.target.workloads.get(key)
        if old is None or new is None or new.scaler is None or old.scaler == new.scaler:
            return starts
        scaled = replace(old, scaler=new.scaler)
        return tuple(dict.fromkeys((*starts, *fleet.during(starts, scaled, self.change.count_of(key, scaled, load)))))

    def _as_before(self, key: Key, starts: tuple[PodState, ...], load: Load) -> tuple[PodState, ...]:
        """The states of a Rollout that gets a new template from elsewhere while its own object is as it was."""
        old, new = self.change.live.workloads.get(key), self.change.target.workloads[key]
        if old is None or self.change.moved_by(key) is None:
            return ()
        return fleet.during(starts, replace(new, raw=old.raw), self.change.count_before(key, load))

    def _startable(self, key: Key, states: tuple[PodState, ...], cut: Cut) -> tuple[PodState, ...]:
        """Without the states in which new pods are ready though what they name is not there yet."""
        change = self.change
        if key not in change.target.workloads or not change.makes_anew(key):
            return states
        made = change.made_template(key)
        if not lacks_reference(change, key, made, Cut((cut.place[0] + 1, 0))):
            return states
        return tuple(s for s in states if all(template is not made for template, _ in s.ready))


def _made_anew(starts: tuple[PodState, ...], form: WorkloadFacts, count: int) -> tuple[PodState, ...]:
    """The states of a workload that is deleted and created again: all old pods go, before new ones come or later."""
    fresh = form.template
    beside = [PodState("mixed", (*start.ready, (fresh, 1))) for start in starts if start.total and count]
    mixed = [state for state in beside if all(template is not fresh for template, _ in state.ready[:-1])]
    return tuple(dict.fromkeys((*starts, *mixed, *fleet.during((ABSENT_PODS,), form, count))))
