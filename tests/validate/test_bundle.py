"""The script that writes the schemas: what it keeps of a CRD, and where it writes."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from compiler.validate import bundle

LIMITS: dict[str, Any] = {
    "type": "object",
    "description": "prose",
    "required": ["size"],
    "properties": {
        "size": {"x-kubernetes-int-or-string": True, "anyOf": [{"type": "integer"}, {"type": "string"}]},
        "type": {"type": "string", "enum": ["soft", "hard"], "default": "soft", "description": "prose"},
        "count": {"type": "integer", "format": "int32", "nullable": True, "minimum": 1},
        "free": {
            "type": "object",
            "x-kubernetes-preserve-unknown-fields": True,
            "properties": {"a": {"type": "string"}},
        },
        "any": {"type": "object", "additionalProperties": {"type": "string", "description": "prose"}},
        "list": {"type": "array", "maxItems": 16, "items": {"type": "string", "pattern": "^a$"}},
    },
}
CRD: dict[str, Any] = {
    "group": "example.com",
    "names": {"kind": "Thing"},
    "versions": [
        {"name": "v1alpha1", "served": False, "schema": {}},
        {
            "name": "v1",
            "served": True,
            "schema": {
                "openAPIV3Schema": {
                    "type": "object",
                    "required": ["spec", "status"],
                    "properties": {
                        "metadata": {"type": "object"},
                        "spec": {"type": "object", "properties": {"soft": LIMITS, "hard": LIMITS}},
                        "status": {"type": "object"},
                    },
                }
            },
        },
    ],
}


def test_a_crd_keeps_its_constraints_once_and_loses_its_prose() -> None:
    made = bundle.custom_bundle(CRD, {"type": "object"})
    assert made["kinds"] == {"example.com/v1 Thing": "example.com.v1.Thing"}
    thing = made["$defs"]["example.com.v1.Thing"]
    assert thing["required"] == ["spec"]
    assert thing["properties"]["metadata"] == {"$ref": "#/$defs/meta.v1.ObjectMeta"}
    shared = {"$ref": "#/$defs/example.com.v1.Thing.1"}
    assert thing["properties"]["spec"]["properties"] == {"soft": shared, "hard": shared}
    limits = made["$defs"]["example.com.v1.Thing.1"]
    assert limits == {
        "type": "object",
        "required": ["size"],
        "additionalProperties": False,
        "properties": {
            "size": {"type": ["integer", "string"]},
            "type": {"type": "string", "enum": ["soft", "hard"]},
            "count": {"type": "integer", "minimum": 1, "maximum": 2**31 - 1},
            "free": {"type": "object", "properties": {"a": {"type": "string"}}},
            "any": {"type": "object", "additionalProperties": {"type": "string"}},
            "list": {"type": "array", "maxItems": 16, "items": {"type": "string", "pattern": "^a$"}},
        },
    }


def test_the_script_writes_a_file_for_each_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shipped = bundle.FOLDER
    monkeypatch.setattr(bundle, "FOLDER", tmp_path)
    keys = bundle.MERGE_KEYS
    monkeypatch.setattr(bundle, "MERGE_KEYS", tmp_path.with_suffix(".json"))
    monkeypatch.setattr(sys, "argv", ["bundle"])
    bundle.write_bundles()
    assert tmp_path.with_suffix(".json").read_bytes() == keys.read_bytes()
    written = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert written == {path.name: path.read_bytes() for path in shipped.glob("*kubernetes-*.json")}


def test_custom_resources_are_read_from_the_modules_that_go_fetches(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "thing.yaml").write_text(json.dumps({"spec": CRD}))
    program = tmp_path / "go"
    program.write_text(f"#!/bin/sh\necho '{json.dumps({'Dir': str(tmp_path)})}'\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    monkeypatch.setattr(bundle, "CUSTOM_RESOURCES", {"example.com/things@v1.0.0": ("thing.yaml",)})
    monkeypatch.setattr(bundle, "FOLDER", tmp_path / "schemas")
    monkeypatch.setattr(bundle, "PROVIDERS", tmp_path / "traffic")
    provided = tmp_path / "traffic" / "things" / "schemas"
    provided.mkdir(parents=True)
    (provided / "sources.toml").write_text('"example.com/things@v1.0.0" = ["thing.yaml"]\n')
    monkeypatch.setattr(bundle, "MERGE_KEYS", tmp_path / "merge_keys.json")
    monkeypatch.setattr(sys, "argv", ["bundle", "--custom"])
    bundle.write_bundles()
    assert json.loads((tmp_path / "schemas" / "Thing.json").read_text()) == bundle.custom_bundle(
        CRD, json.loads((tmp_path / "schemas" / "kubernetes-1.37.json").read_text())["$defs"][bundle.META]
    )
    assert (provided / "Thing.json").read_text() == (tmp_path / "schemas" / "Thing.json").read_text()
