"""`why` names the line of every key that a spec can have, on each field that the key decides."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

import pytest
import yaml

from compiler.diagnostics.model import Loc, Path
from compiler.model.compiled import CompiledEnvironment
from compiler.pipeline import check_environment
from compiler.plan.why import (
    TracedManifest,
    field_origin,
    formatted_path,
    path_at_line,
    traced_manifests,
    value_at_path,
)
from compiler.source import Document, parse, parse_manifests
from compiler.source.workspace import Sources
from compiler.tree.yaml import emit
from tests.model.exceptions import DECIDED_BY_MORE, WRITE_NOTHING, is_excepted
from tests.model.spec_keys import NAME, SpecKey, every_key
from tests.model.spec_value import ABSENT, FILES, Value
from tests.model.spec_values import VALUES, value_for

Spec = dict[str, Any]

STRATEGIES: dict[str, Spec] = {
    "rolling": {"version": "1.0"},
    "recreate": {"version": "1.0"},
    "blueGreen": {"active": "blue", "blue": {"version": "1.0"}, "green": {"version": "2.0", "change": "minor"}},
    "canary": {"stable": {"version": "1.0"}, "canary": {"version": "2.0"}, "at": 25},
    "versioned": {"v1": {"version": "1.0"}, "v2": {"version": "2.0"}},
}
PROVIDERS: dict[str, Spec] = {"gatewayApi": {"gateway": "gate"}, "ingressNginx": {}, "service": {}}
NAMES = {"versioned": "v2", "files": "model.json", "ports": "extra", "services": "further", "jobs": "further"}
HASH = re.compile(r"-[0-9a-f]{8,10}$")


def environment_spec(provider: str) -> Spec:
    return {
        "apiVersion": "shipway.dev/v1",
        "kind": "Environment",
        "metadata": {"name": "prod"},
        "spec": {"namespace": "ml", "kubernetes": "1.34", "traffic": {provider: copy.deepcopy(PROVIDERS[provider])}},
    }


def release_spec(name: str, strategy: str) -> Spec:
    return {
        "apiVersion": "shipway.dev/v1",
        "kind": "Release",
        "metadata": {"name": name},
        "spec": {
            "container": {"image": "ghcr.io/acme/api"},
            "strategy": {strategy: copy.deepcopy(STRATEGIES[strategy])},
            "expose": {"pathType": "Prefix"},
        },
    }


def group_specs() -> list[Spec]:
    group = {"apiVersion": "shipway.dev/v1", "kind": "Group", "metadata": {"name": "shop"}}
    members = [release_spec(name, "blueGreen") for name in ("api", "web")]
    for member in members:
        del member["spec"]["strategy"]["blueGreen"]["active"]
    members[1]["spec"]["expose"] = {"internal": True}
    return [{**group, "spec": {"entry": "api", "members": ["api", "web"], "active": "blue"}}, *members]


def strategy_of(key: SpecKey, value: Value) -> str:
    if key.kind == "Release" and key.path[:2] == ("spec", "strategy") and len(key.path) > 2:
        return str(key.path[2])
    return value.strategy


def documents_with(key: SpecKey, value: Value, provider: str, written: Any) -> dict[str, Spec]:
    """The specs of a small environment by file, with the key as `written`."""
    files = {"environment.yaml": environment_spec(provider), "api.yaml": release_spec("api", strategy_of(key, value))}
    if key.kind == "Group":
        files |= dict(zip(("group.yaml", "api.yaml", "web.yaml"), group_specs(), strict=True))
    for path, also in value.also.items():
        put(files["api.yaml"], tuple(path.split(".")), also)
    for path, also in value.environment.items():
        put(files["environment.yaml"], tuple(path.split(".")), also)
    target = files[file_of(key)]
    for name, beside in value.beside.items():
        put(target, (*place_of(key)[:-1], name), beside)
    put(target, place_of(key), written)
    return files


def file_of(key: SpecKey) -> str:
    return {"Environment": "environment.yaml", "Release": "api.yaml", "Group": "group.yaml"}[key.kind]


def place_of(key: SpecKey) -> Path:
    """The key's path with names for what a spec names: a track, a variable, a file."""
    path = list(key.path)
    for index, part in enumerate(path):
        if part == NAME:
            path[index] = NAMES.get(str(path[index - 1]), "TOKEN")
    return tuple(path)


def put(spec: Any, path: Path, value: Any) -> None:
    for part, following in pairwise(path):
        if isinstance(spec, list):
            while len(spec) <= int(part):
                spec.append({})
            spec = spec[int(part)]
        else:
            if not isinstance(spec.get(part), dict | list):
                spec[part] = [] if isinstance(following, int) else {}
            spec = spec[part]
    if value is ABSENT:
        spec.pop(path[-1], None)
    elif isinstance(spec, dict):
        spec[path[-1]] = copy.deepcopy(value)


def compiled(files: Mapping[str, Spec]) -> CompiledEnvironment:
    documents = {
        name: parse(yaml.safe_dump(spec, sort_keys=False, default_flow_style=False), f"environments/prod/{name}")
        for name, spec in files.items()
    }
    first, *others = documents.values()
    return check_environment(Sources("prod", first, tuple(others), {each.file: FILES for each in documents.values()}))


def manifests_of(compiled: CompiledEnvironment) -> dict[str, TracedManifest]:
    """Every manifest by a name that does not move with its content."""
    return {
        f"{each.folder}/{each.manifest.kind}/{HASH.sub('', each.manifest.name)}": each
        for each in traced_manifests(compiled)
    }


def changes(own: Any, other: Any, path: Path = ()) -> Iterator[Path]:
    """The places in `own` that are new or have another value; of a new part, the part."""
    if isinstance(own, dict) and isinstance(other, dict):
        for key, part in own.items():
            yield from changes(part, other[key], (*path, key)) if key in other else [(*path, key)]
    elif isinstance(own, list) and isinstance(other, list):
        for index, part in enumerate(own):
            match = next((each for each in other if each == part or label(each) == label(part) is not None), None)
            match = other[index] if match is None and label(part) is None and index < len(other) else match
            yield from [(*path, index)] if match is None else changes(part, match, (*path, index))
    elif own != other:
        yield path


def label(item: Any) -> Any:
    return item.get("name") if isinstance(item, dict) else item


def paths_below(value: Any, path: Path) -> Iterator[Path]:
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in items:
        yield from paths_below(part, (*path, key))


def renamed_or_new(
    own: Mapping[str, TracedManifest], other: Mapping[str, TracedManifest]
) -> Iterator[tuple[str, Path]]:
    """Objects without a counterpart: those that took another's place by their name, the others as a whole."""
    gone = [name.split("/")[1] for name in other if name not in own]
    for name in own:
        if name not in other:
            yield name, ("metadata", "name") if name.split("/")[1] in gone else ("kind",)


def decided_fields(
    own: Mapping[str, TracedManifest], other: Mapping[str, TracedManifest]
) -> Iterator[tuple[str, Path]]:
    """The fields that the key decides, by the name of their manifest."""
    yield from renamed_or_new(own, other)
    for name in own:
        if name in other:
            yield from ((name, path) for path in changes(own[name].manifest.object, other[name].manifest.object))


def lines_of(document: Document, path: Path) -> range:
    """The lines that the key at `path` takes, its value's included."""
    within = [place for each, place in document.positions.items() if each[: len(path)] == path]
    return range(min(place[3] for place in within), max(place[1] for place in within) + 1)


CASES = [
    pytest.param(key, provider, id=f"{key}-{provider}")
    for key in every_key()
    if key.field not in WRITE_NOTHING and not (key.holds_keys and key.field not in VALUES)
    for provider in (value_for(key).providers if key.field in VALUES else ["none"])
]


@pytest.mark.parametrize(("key", "provider"), CASES)
def test_why_names_the_line_of_the_key(key: SpecKey, provider: str) -> None:
    assert key.field in VALUES, f"{key.field} needs a value, in spec_values.py"
    value = value_for(key)
    if key.path[:2] == ("spec", "traffic") and len(key.path) > 2:
        provider = str(key.path[2])
    own = compiled(documents_with(key, value, provider, value.value))
    manifests = manifests_of(own)
    decided = list(decided_fields(manifests, manifests_of(compiled(documents_with(key, value, provider, value.other)))))
    if value.nothing:
        assert not decided, "the key decides something"
        return
    assert decided, "the key decides nothing: say so in exceptions.py"
    file = f"environments/prod/{file_of(key)}"
    assert all(each.with_origins.object == each.manifest.object for each in manifests.values())
    document = next(each for each in documents_of(own) if each.file == file)
    lines = lines_of(document, place_of(key))
    wrong = {}
    for name, path in decided:
        answers = answers_at(manifests[name], path)
        shown = f"{name}:{formatted_path(manifests[name].manifest.object, path)}"
        if not any(loc.file == file and loc.line in lines for loc in answers) and not is_excepted(str(key), shown):
            wrong[shown] = ", ".join(map(str, answers))
    assert not wrong, f"{key} is at {file}:{lines.start}-{lines.stop - 1}"


def documents_of(compiled: CompiledEnvironment) -> list[Document]:
    releases = [each.document for each in compiled.releases]
    return [compiled.document, *releases, *(each.document for each in compiled.documents.groups)]


def answers_at(manifest: TracedManifest, path: Path) -> list[Loc]:
    """What `why` answers for the lines of the rendered file that the field takes: a value has one."""
    document = parse_manifests(emit(manifest.manifest.object).decode(), "rendered.yaml")[0]
    lines = {document.positions[each][3] for each in paths_below(value_at_path(manifest.manifest.object, path), path)}
    asked = (path_at_line(document, line) for line in sorted(lines))
    return [field_origin(manifest, each).loc for each in asked if each is not None]


def test_every_exception_is_one_of_a_key() -> None:
    """What is listed for a key that is gone, or that writes now, hides a mistake."""
    keys = every_key()
    assert set(WRITE_NOTHING) <= {key.field for key in keys}
    assert not set(WRITE_NOTHING) & set(VALUES)
    unused = [pattern for pattern, _, _ in DECIDED_BY_MORE if not any(re.search(pattern, str(key)) for key in keys)]
    assert not unused
