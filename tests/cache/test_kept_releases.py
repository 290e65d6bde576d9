"""A release that is kept is neither parsed nor compiled, and what others compare of it is as if it were."""

from __future__ import annotations

from typing import Any

import pytest

from compiler import pipeline
from compiler.publish import local_build
from compiler.publish.kept_entry import NO_ENTRY
from compiler.source import load, plain, workspace
from compiler.support.parallel import WHOLE
from tests.cache.test_kept_answers import GITOPS, Repository, cold, entries, group, kept, rewrite

__all__ = ["cold", "kept"]  # fixtures
SPECS = "environments/prod"
QUOTA = '  quota: {pods: 20, cpu: 40, extended: {"nvidia.com/gpu": 2}}\n'
GATEWAY = "gatewayApi: {gateway: public, namespace: infra}"
RESOURCES = "container: {resources: {requests: {cpu: 500m, memory: 1Gi}}, "


def both(kept: Repository, cold: Repository, *words: str) -> int:
    """The status, which with all else is the same with what was kept as without."""
    answer = kept.run(*words)
    assert answer == cold.run(*words)
    assert kept.files() == cold.files()
    return answer[0]


def edit(kept: Repository, cold: Repository, file: str, old: str, new: str) -> None:
    for each in (kept, cold):
        assert old in (each.root / file).read_text()
        rewrite(each.root, file, old, new)


def compiled_names(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the releases that are compiled from now on, as they are."""
    compiled: list[str] = []
    compile_release = pipeline.compile_release

    def noted_release(*parts: Any) -> Any:
        compiled.append(parts[0].name)
        return compile_release(*parts)

    monkeypatch.setattr(pipeline, "compile_release", noted_release)
    return compiled


def test_only_what_changed_is_parsed_and_compiled(kept: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    kept.run("build")
    rewrite(kept.root, f"{SPECS}/api.yaml", 'version: "1"', 'version: "2"')
    parsed: list[str] = []
    plain_data = plain.plain_data

    def noted_data(text: str) -> Any:
        parsed.append(text.partition("name: ")[2].partition("}")[0])
        return plain_data(text)

    monkeypatch.setattr(load, "plain_data", noted_data)
    compiled = compiled_names(monkeypatch)
    load._parse_without_positions.cache_clear()
    assert kept.run("build")[0] == 0
    assert set(parsed) == {"api", "prod"}
    assert compiled == ["api"]


def build_of_change(kept: Repository, cold: Repository, compiled: list[str], *names: str) -> set[str]:
    """What is compiled when these releases change again; what is built is what a run without a cache builds."""
    for name in names:
        edit(kept, cold, f"{SPECS}/{name}.yaml", 'version: "', 'version: "1')
    compiled.clear()
    assert kept.run("build")[0] == 0
    made = set(compiled)
    cold.run("build")
    assert kept.files() == cold.files()
    return made


def test_what_one_release_changed_is_kept_beside_the_others(
    kept: Repository, cold: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiled = compiled_names(monkeypatch)
    kept.run("build")
    (whole,) = (each for each in entries(kept) if (each.parent / f"{each.name}-changes").exists())
    first, changes = whole.read_bytes(), whole.with_name(f"{whole.name}-changes")
    assert build_of_change(kept, cold, compiled, "api") == {"api"}
    assert build_of_change(kept, cold, compiled, "api") == {"api"}
    assert whole.read_bytes() == first
    changes.write_bytes(changes.read_bytes()[:-7])
    assert build_of_change(kept, cold, compiled, "web") == {"api", "web"}
    assert whole.read_bytes() != first  # two of four are too many
    assert build_of_change(kept, cold, compiled, "job") == {"job"}
    whole.unlink()
    assert build_of_change(kept, cold, compiled, "job") == {"api", "web", "job", "based"}


def test_changes_of_an_earlier_whole_are_of_no_use(
    kept: Repository, cold: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiled = compiled_names(monkeypatch)
    kept.run("build")
    build_of_change(kept, cold, compiled, "api")
    (changes,) = (each for each in entries(kept) if each.name.endswith("-changes"))
    earlier = changes.read_bytes()
    build_of_change(kept, cold, compiled, "api", "web", "job")
    changes.write_bytes(earlier)
    assert build_of_change(kept, cold, compiled, "based") == {"api", "based"}
    assert build_of_change(kept, cold, compiled, "based") == {"based"}


def test_a_route_that_a_kept_release_answers_is_taken(kept: Repository, cold: Repository) -> None:
    assert both(kept, cold, "build") == 0
    edit(kept, cold, f"{SPECS}/web.yaml", "web.example.com", "api.example.com")
    assert both(kept, cold, "build") == 1
    edit(kept, cold, f"{SPECS}/web.yaml", "api.example.com", "new.example.com")
    assert both(kept, cold, "build") == 0


def test_a_node_port_of_a_kept_release_is_taken(kept: Repository, cold: Repository) -> None:
    port = "expose: {service: {type: NodePort, nodePort: 30001}, "
    edit(kept, cold, f"{SPECS}/api.yaml", "expose: {", port)
    assert both(kept, cold, "build") == 0
    edit(kept, cold, f"{SPECS}/web.yaml", "expose: {", port)
    assert both(kept, cold, "build") == 1


def test_an_object_of_a_kept_release_is_not_written_twice(kept: Repository, cold: Repository) -> None:
    assert both(kept, cold, "build") == 0
    edit(kept, cold, f"{SPECS}/job.yaml", "name: job", "name: api-main")
    both(kept, cold, "build")
    edit(kept, cold, f"{SPECS}/job.yaml", "rolling: {", "rolling: {maxSurge: 2, ")
    both(kept, cold, "build")


def test_a_prefix_that_a_kept_release_strips_makes_expressions(kept: Repository, cold: Repository) -> None:
    edit(
        kept,
        cold,
        f"{SPECS}/environment.yaml",
        GATEWAY,
        "ingressNginx: {className: nginx}",
    )
    edit(kept, cold, f"{SPECS}/api.yaml", "expose: {", "expose: {path: /api, stripPrefix: true, ")
    assert both(kept, cold, "build") == 0
    edit(kept, cold, f"{SPECS}/web.yaml", "expose: {host: web.", "expose: {path: /web, host: api.")
    assert both(kept, cold, "build") == 1
    edit(kept, cold, f"{SPECS}/web.yaml", "expose: {", "expose: {stripPrefix: true, ")
    assert both(kept, cold, "build") == 0


def test_a_kept_release_counts_against_the_quota(kept: Repository, cold: Repository) -> None:
    edit(kept, cold, f"{SPECS}/environment.yaml", GITOPS, f"{GITOPS}{QUOTA}")
    for name in ("api", "web", "job", "based"):
        edit(
            kept,
            cold,
            f"{SPECS}/{name}.yaml",
            "container: {",
            RESOURCES,
        )
    assert both(kept, cold, "build") == 0
    edit(kept, cold, f"{SPECS}/api.yaml", "expose: {", "replicas: 9\n  expose: {")
    assert both(kept, cold, "build") == 0
    edit(kept, cold, f"{SPECS}/web.yaml", "expose: {", "replicas: 9\n  expose: {")
    assert both(kept, cold, "build") == 1


def test_a_group_switches_with_members_that_are_kept(kept: Repository, cold: Repository) -> None:
    for each in (kept, cold):
        for name, text in group().items():
            (each.root / SPECS / name).write_text(text)
    assert both(kept, cold, "build") == 0
    edit(kept, cold, f"{SPECS}/pair.yaml", "active: blue", "active: green")
    assert both(kept, cold, "build") == 0
    edit(kept, cold, f"{SPECS}/two.yaml", "preset: bentoml", "preset: http")
    assert both(kept, cold, "build") == 0
    edit(kept, cold, f"{SPECS}/note.txt", "", "changed")
    assert both(kept, cold, "build") == 0


def test_another_environment_text_makes_all_anew(kept: Repository, cold: Repository) -> None:
    assert both(kept, cold, "build") == 0
    edit(kept, cold, f"{SPECS}/environment.yaml", "ml-prod", "ml-test")
    assert both(kept, cold, "build") == 0
    edit(kept, cold, f"{SPECS}/environment.yaml", "https://git.example.com/a.git", "https://git.example.com/b.git")
    assert both(kept, cold, "build") == 0


def test_what_is_kept_can_be_asked_for_everything(kept: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    kept.run("build")
    monkeypatch.chdir(kept.root)
    sources, built = local_build.read_and_built(kept.root, "prod")
    anew = workspace.read_sources(kept.root, "prod")
    fresh = local_build.build_anew(kept.root, anew, WHOLE, NO_ENTRY)
    assert built.files == fresh.files
    assert [each.claims is None for each in built.compiled.releases] == [False] * 4
    for one, other in zip(built.compiled.releases, fresh.compiled.releases, strict=True):
        assert (one.name, one.source.model) == (other.name, other.source.model)
        assert one.source.strategy == other.source.strategy
        assert one.document.data == other.document.data
        assert dict(one.document.positions) == dict(other.document.positions)
        assert (one.topology, one.files, one.manifests) == (other.topology, other.files, other.manifests)
        assert [each.fields for each in one.traced.values()] == [each.fields for each in other.traced.values()]
    assert sources.texts == anew.texts
