"""Every key of a spec says what it does, in words for users: in the schemas, on the page, and nowhere for a key that is
gone.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from compiler.cli.main import main
from compiler.source import parse
from compiler.spec import descriptions as texts
from compiler.spec.base import Model
from compiler.spec.descriptions import ABOUT, description_of, descriptions, texts_beside
from compiler.spec.reference import default_text, type_text
from compiler.spec.schema import reachable_models, schemas
from compiler.strategies import strategy_models
from compiler.traffic.providers import provider_models

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "fields.md"
SCHEMAS = {name: json.loads(content) for name, content in schemas(strategy_models(), provider_models()).items()}
MODELS = {model.__name__: model for model in reachable_models() if model.__module__.startswith("compiler.")}
MODULES = sorted({model.__module__ for model in MODELS.values()})
TEXTS = {**descriptions(), **{name: keys for module in MODULES for name, keys in texts_beside(module).items()}}
KEYS = [
    (model, key) for model in MODELS.values() for key in (ABOUT, *(f.alias or n for n, f in model.model_fields.items()))
]
SOURCE_WORDS = re.compile(r"\b([a-z]+_[a-z_]+|\w+\.py|tracks?|courses?|waves?|lowers|topology|pydantic|docstring)\b")
SHORTEST = 15


def own_keys(model: type[Model]) -> set[str]:
    own = vars(model).get("__annotations__", {})
    return {field.alias or name for name, field in model.model_fields.items() if name in own}


def properties(part: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(part, dict):
        if isinstance(part.get("properties"), dict):
            yield from part["properties"].items()
        for inner in part.values():
            yield from properties(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from properties(inner)


@pytest.mark.parametrize(("model", "key"), KEYS, ids=lambda each: each if isinstance(each, str) else each.__name__)
def test_every_key_has_a_description_that_says_something(model: type[Model], key: str) -> None:
    text = description_of(model, key)
    assert len(text) >= SHORTEST
    assert text[-1] == "." and text == " ".join(text.split())
    answer = set(re.findall(r"[a-z]+", text.lower())) - {"the", "a", "an", "of", "its", "this"}
    repeated = set(re.findall(r"[a-z]+", re.sub(r"([A-Z])", r" \1", key).lower()))
    assert len(answer - repeated) >= 3, "it repeats the key"


@pytest.mark.parametrize(("model", "key"), [(name, key) for name, keys in sorted(TEXTS.items()) for key in keys])
def test_every_description_is_of_a_key_that_there_is(model: str, key: str) -> None:
    assert model in MODELS, f"no model is called {model}"
    assert key == ABOUT or key in own_keys(MODELS[model]), f"{model} itself has no key {key}"
    assert not SOURCE_WORDS.search(re.sub(r"`[^`]*`", "", TEXTS[model][key]))


def test_no_two_files_describe_one_model() -> None:
    files = Path(texts.__file__).parent.glob("*.toml")
    assert sum(len(tomllib.loads(file.read_text())) for file in files) == len(descriptions())


def test_every_property_of_the_schemas_has_a_description() -> None:
    every = [each for schema in SCHEMAS.values() for each in properties(schema)]
    assert len(every) > 300
    assert not [name for name, part in every if not part.get("description")]


EXAMPLE = re.compile(r"(?:[Ff]or example|Example:) `([^`]+)`")
ALSO_EXAMPLE = re.compile(r"(?:like|is|so|(?<!Default):) `([^`]+)`")
UNIT = re.compile(
    r"\b(seconds?|percent|pods?|cores?|bytes?|ports?|number|how many|percentile|duration|share|times|figure|days?)\b",
    re.I,
)
PROPERTIES = sorted(
    {
        (owner, key): (json.dumps(part), key in definition.get("required", ()))
        for schema in SCHEMAS.values()
        for owner, definition in schema["$defs"].items()
        for key, part in definition.get("properties", {}).items()
    }.items()
)
DEFINITIONS = {name: part for schema in SCHEMAS.values() for name, part in schema["$defs"].items()}


@pytest.mark.parametrize(("owner", "key", "text", "required"), [(*name, *part) for name, part in PROPERTIES])
def test_every_key_has_a_type_a_default_an_example_and_a_unit(owner: str, key: str, text: str, required: bool) -> None:
    """The form of a value shows in a part's own table, in its choices, its default, or an example, which is valid."""
    part = json.loads(text)
    text_of_key = part["description"]
    types, shown = type_text(part), default_text(part, required)
    assert types and shown
    assert required or shown != "none" or part.get("default") in (None, "")
    valid = jsonschema.Draft202012Validator({**part, "$defs": DEFINITIONS})
    examples = [as_specs_read(each) for each in EXAMPLE.findall(text_of_key)]
    for example in examples:
        assert valid.is_valid(example), f"{owner}.{key}: {example!r} is not valid"
    examples += [each for each in map(as_specs_read, ALSO_EXAMPLE.findall(text_of_key)) if valid.is_valid(each)]
    table = re.fullmatch(r"(list of |map of )?\[\w+\]\(#\w+\)( or .*)?", types)
    assert examples or table or shown not in ("none", "required") or "`" in types or types == "true or false", (
        f"{owner}.{key}"
    )
    if re.match(r"integer|number", types):
        assert UNIT.search(text_of_key), f"{owner}.{key}: seconds, percent, pods, or what else?"


def as_specs_read(text: str) -> Any:
    return parse(f"value: {text}", "environments/prod/a.yaml").data["value"]


def test_the_page_of_fields_is_up_to_date(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", "--fields"]) == 0
    text = capsys.readouterr().out
    assert PAGE.read_text() == text, "write it anew: shipway schema --fields > docs/reference/fields.md"
    anchors = set(re.findall(r"\(#(\w+)\)", text))
    assert anchors == anchors & {line.strip("# ").lower() for line in text.splitlines() if line.startswith("#")}


def test_the_page_has_each_property_of_each_schema() -> None:
    rows = re.findall(r"^\| (?:\*\*)?`(\w+)`", PAGE.read_text(), re.MULTILINE)
    parts = {name: part for schema in SCHEMAS.values() for name, part in schema["$defs"].items()}
    tops = [key for schema in SCHEMAS.values() for key in schema["properties"]]
    assert sorted(rows) == sorted([*tops, *(key for part in parts.values() for key in part.get("properties", ()))])


@pytest.mark.parametrize(
    ("names", "valid"),
    [
        ([], False),
        (["service"], True),
        (["service", "gatewayApi"], True),
        (["service", "gatewayApi", "ingressNginx"], False),
    ],
)
def test_traffic_names_one_provider_or_two(names: list[str], valid: bool) -> None:
    """Without `maxProperties`: an editor would propose nothing while the only key is being typed."""
    held = {"service": {}, "gatewayApi": {"gateway": "public"}, "ingressNginx": {}}
    spec = {"namespace": "a", "kubernetes": "1.34", "traffic": {name: held[name] for name in names}}
    data = {"apiVersion": "shipway.dev/v1", "kind": "Environment", "metadata": {"name": "a"}, "spec": spec}
    schema = SCHEMAS["environment.json"]
    assert "maxProperties" not in schema["$defs"]["EnvironmentSpec"]["properties"]["traffic"]
    assert jsonschema.Draft202012Validator(schema).is_valid(data) is valid
