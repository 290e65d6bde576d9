"""The order of writes: phases, waves, kinds, prunes, hooks and gates, as Argo CD's own code puts them."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from compiler.model.manifest import Object
from compiler.model.objects import object_key
from compiler.transition import SyncOptions, verify
from compiler.transition.sync.order import SyncPass, hook_phases, sync_passes, wave_of
from tests.transition.manifests import HOOK, WAVE, config_map, deployment, job, route, service

NONE = SyncOptions()
LAST = SyncOptions.from_pairs(["PruneLast=true"])


def stages(before: Sequence[Object], after: Sequence[Object], options: SyncOptions = NONE) -> tuple[SyncPass, ...]:
    live = {object_key(obj): obj for obj in before}
    return sync_passes(live, {object_key(obj): obj for obj in after}, options)


def pass_texts(passes: Sequence[SyncPass]) -> list[list[str]]:
    """Each pass as its writes in order, `-name` for a prune; the members of one group joined by `+`."""
    return [
        [
            "+".join(sorted(f"{'-' if op.action == 'prune' else ''}{op.key.name}" for op in group))
            for group in stage.groups
        ]
        for stage in passes
    ]


def test_kinds_follow_each_other_and_custom_ones_come_last() -> None:
    after = [route("route", {"web": 1}), deployment("web"), service("svc", "web"), config_map("cfg")]
    assert pass_texts(stages([], after)) == [["cfg", "svc", "web", "route"]]


def test_objects_of_one_kind_are_written_together() -> None:
    assert pass_texts(stages([], [deployment("b"), deployment("a")])) == [["a+b"]]


def test_what_does_not_differ_is_not_written_but_is_waited_for() -> None:
    same, later = deployment("same"), route("r", {"same": 1}, wave="1")
    first, second = stages([same], [same, later])
    assert pass_texts([first, second]) == [[], ["r"]]
    assert first.waits
    assert first.members == (object_key(same),)
    assert not second.waits, "the last wave is not waited for"


def test_a_single_wave_waits_for_nothing() -> None:
    assert [stage.waits for stage in stages([], [deployment("a"), service("a")])] == [False]


def test_prunes_come_first_in_their_wave() -> None:
    assert pass_texts(stages([config_map("old")], [config_map("new")])) == [["-old", "new"]]


def test_prune_last_comes_after_every_wave_and_makes_the_first_one_a_gate() -> None:
    planned = stages([config_map("old"), deployment("a")], [deployment("a", "img:2")], LAST)
    assert pass_texts(planned) == [["a"], ["-old"]]
    assert planned[0].waits


def test_prune_last_counts_from_zero_at_least() -> None:
    planned = stages([config_map("old")], [config_map("new", wave="-5")], LAST)
    assert [stage.wave for stage in planned] == [-5, 1]


def test_prune_last_is_read_from_the_live_object() -> None:
    live = config_map("old", options="PruneLast=true")
    assert pass_texts(stages([live], [config_map("new")])) == [["new"], ["-old"]]


def test_the_wave_of_a_prune_is_that_of_the_live_object() -> None:
    live = config_map("old", wave="2")
    assert pass_texts(stages([live], [config_map("a"), config_map("z", wave="3")])) == [["a"], ["-old"], ["z"]]


def test_waves_of_prunes_are_mirrored_and_computed_anew_at_each_pass() -> None:
    live = [config_map("first", wave="0"), config_map("last", wave="5")]
    planned = stages(live, [config_map("a"), config_map("z", wave="3")])
    assert pass_texts(planned) == [["-last", "a"], ["-first"], ["z"]]


def test_prune_false_keeps_the_object() -> None:
    assert pass_texts(stages([config_map("old", options="Prune=false")], [])) == []


def test_no_prune_unless_the_application_prunes() -> None:
    for automated in ({"prune": False}, {"selfHeal": True}):
        keeps = SyncOptions.from_application({"spec": {"syncPolicy": {"automated": automated}}})
        assert pass_texts(stages([config_map("old")], [], keeps)) == []


@pytest.mark.parametrize(
    ("notes", "wave"),
    [
        ({WAVE: "3"}, 3),
        ({WAVE: "-1"}, -1),
        ({WAVE: "x"}, 0),
        ({"helm.sh/hook-weight": "4"}, 4),
        ({WAVE: "1.5"}, 0),
        ({}, 0),
    ],
)
def test_the_wave_of_an_object(notes: dict[str, str], wave: int) -> None:
    assert wave_of({"metadata": {"annotations": notes}}) == wave


@pytest.mark.parametrize(
    ("notes", "phases"),
    [
        ({HOOK: "PreSync"}, (-1,)),
        ({HOOK: "PreSync,PostSync"}, (-1, 1)),
        ({HOOK: "Skip"}, ()),
        ({HOOK: "SyncFail"}, ()),
        ({"helm.sh/hook": "pre-upgrade,pre-install"}, (-1,)),
        ({"helm.sh/hook": "crd-install"}, None),
        ({}, None),
    ],
)
def test_the_phases_of_a_hook(notes: dict[str, str], phases: tuple[int, ...] | None) -> None:
    assert hook_phases({"metadata": {"annotations": notes}}) == phases


def test_hooks_gate_their_phase() -> None:
    planned = stages([], [job("migrate", hook="PreSync"), deployment("a"), job("smoke", hook="PostSync")])
    assert pass_texts(planned) == [["migrate"], ["a"], ["smoke"]]
    assert [stage.waits for stage in planned] == [True, True, True]


@pytest.mark.parametrize(
    ("wave", "waits", "awaited"), [("0", [False], [["smoke"]]), ("1", [True, True], [["a"], ["smoke", "b"]])]
)
def test_the_last_pass_is_waited_for_if_it_has_a_hook(wave: str, waits: list[bool], awaited: list[list[str]]) -> None:
    """Of the only pass the hooks alone (`multiStep`)."""
    smoke, beside = job("smoke", hook="Sync", wave=wave), deployment("b", notes={"wave": wave})
    planned = stages([], [deployment("a"), smoke, beside])
    assert [stage.waits for stage in planned] == waits
    assert [[key.name for key in stage.awaited] for stage in planned] == awaited


def test_a_hook_of_the_only_pass_leaves_a_paused_deployment_alone() -> None:
    still = deployment("web", "img:2")
    still["spec"]["paused"] = True
    for wave, unsafe in (("0", False), ("1", True)):
        smoke = job("smoke", hook="Sync", wave=wave)
        verdict = verify([service("web"), deployment("web")], [service("web"), still, smoke])
        assert any(finding.code == "gate-never-opens" for finding in verdict.findings) is unsafe


def test_a_namespace_moves_to_its_first_user() -> None:
    namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop", "annotations": {WAVE: "7"}}}
    assert [stage.wave for stage in stages([], [config_map("a", wave="1"), namespace])] == [1]


def test_replace_with_force_deletes_and_creates_anew() -> None:
    both = SyncOptions.from_pairs(["Replace=true", "Force=true"])
    (stage,) = stages([deployment("a")], [deployment("a")], both)
    assert [op.action for group in stage.groups for op in group] == ["recreate"]
