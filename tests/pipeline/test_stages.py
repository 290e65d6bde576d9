"""The pipeline enters each stage's folder once for each release, in the order of its picture."""

from __future__ import annotations

from typing import Final

from compiler import pipeline
from compiler.source.workspace import Sources
from compiler.tree.render import PublishDestination
from tests.pipeline.calls import STAGES, Call, recorded_calls
from tests.pipeline.specs import environment, release, sources

CHECK: Final = ["spec", "rules", "strategies", "traffic", "rules", "assemble", "validate"]
"""read ─▶ check ─▶ lower ─▶ route ─▶ check together ─▶ assemble ─▶ validate"""
NESTED: Final = {
    ("rules", "strategies"): "a strategy's own rules, and the peak of its course",
    ("rules", "traffic"): "a provider's own rules",
    ("rules", "assemble"): "what a pod asks for",
    ("assemble", "traffic"): "a provider writes its own objects",
    ("validate", "traffic"): "the schemas that providers bring for their own kinds, and what their objects name",
    ("validate", "strategies"): "the versions whose variables name objects of the cluster",
    ("tree", "source"): "the texts that a release is made from",
    ("tree", "traffic"): "the kinds that providers write, for Argo CD to permit",
}
"""Which stage asks which other one while it works, and what for. Models of specs are open to all."""


def stages_entered(calls: list[Call], *functions: str) -> list[str]:
    """The stages that the pipeline (or only these functions of it) enters: what it does in one at a stretch is once.

    Reading a value of a model of the specs is no entry.
    """
    own = [each for each in calls if each.caller not in STAGES and (not functions or each.caller in functions)]
    entered = [each.stage for each in own if each.stage != "spec" or each.function == "read_documents"]
    return [stage for number, stage in enumerate(entered) if number == 0 or entered[number - 1] != stage]


def specs(*names: str) -> Sources:
    strategies = ('blueGreen: {active: blue, blue: {version: "1"}}', 'rolling: {version: "1"}')
    texts = [
        release(strategies[number % 2], name, more=f"expose: {{host: {name}.example.com}}")
        for number, name in enumerate(names)
    ]
    return sources(environment(more="  quota: {pods: 100}\n"), *texts)


def build(specs: Sources) -> None:
    rendered = pipeline.render_environment(specs)
    pipeline.build_environment(rendered, PublishDestination("https://git.example.com/a.git", "main", "prod"))


def test_a_release_is_checked_in_the_order_of_the_picture() -> None:
    calls = recorded_calls(lambda: pipeline.check_environment(specs("web")))
    assert stages_entered(calls) == CHECK


def test_a_release_is_built_in_the_order_of_the_picture() -> None:
    calls = recorded_calls(lambda: build(specs("web")))
    assert stages_entered(calls)[: len(CHECK) + 1] == [*CHECK, "tree"]


def test_each_release_enters_each_stage_once() -> None:
    names = ("web", "api", "shop")
    calls = recorded_calls(lambda: build(specs(*names)))
    assert stages_entered(calls, "compile_release") == ["strategies", "traffic"] * len(names)
    assert stages_entered(calls, "written_release") == ["assemble", "validate", "tree"] * len(names)


def test_check_renders_nothing_and_asks_no_git() -> None:
    calls = recorded_calls(lambda: pipeline.check_environment(specs("web", "api")))
    assert not {"tree", "git"} & {each.stage for each in calls}


def test_stages_ask_each_other_only_what_is_known() -> None:
    calls = recorded_calls(lambda: build(specs("web", "api")))
    nested = {(each.caller, each.stage) for each in calls if each.caller in STAGES and each.stage != "spec"}
    assert nested <= NESTED.keys()
