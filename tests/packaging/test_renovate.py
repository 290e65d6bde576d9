"""The Renovate preset on real specs: what it finds, and that its update is a spec that compiles."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
import yaml

from compiler.cli.main import main

ROOT = Path(__file__).parents[2]
PRESET = json.loads((ROOT / "renovate/specs.json").read_text())
MANAGERS = PRESET["customManagers"]
SPECS = sorted(path for path in (ROOT / "environments").rglob("*.yaml") if path.name != "environment.yaml")
DIGEST = "sha256:" + "7" * 64


def matches_in(text: str) -> list[re.Match[str]]:
    """As Renovate finds it: each expression over the whole file. JavaScript writes `(?<name>`, Python `(?P<name>`."""
    patterns = [pattern for manager in MANAGERS for pattern in manager["matchStrings"]]
    return [match for pattern in patterns for match in re.finditer(pattern.replace("(?<", "(?P<"), text)]


def updated(text: str, version: str) -> str:
    for match in reversed(matches_in(text)):
        for name, value in (("currentDigest", DIGEST), ("currentValue", version)):
            if match[name] is not None:
                text = text[: match.start(name)] + value + text[match.end(name) :]
    return text


def test_the_expressions_are_what_re2_takes() -> None:
    """Renovate runs them with RE2: no lookaround, no reference back, nothing atomic or possessive."""
    for manager in MANAGERS:
        for pattern in [*manager["matchStrings"], *(each.strip("/") for each in manager["managerFilePatterns"])]:
            assert not re.search(r"\(\?(?:[=!>]|<[=!])|\\[1-9]|\\k<|[*+?}]\+", pattern), pattern
            re.compile(pattern.replace("(?<", "(?P<"))


def test_the_files_are_specs_and_nothing_else() -> None:
    (pattern,) = {each for manager in MANAGERS for each in manager["managerFilePatterns"]}
    files = re.compile(pattern.strip("/").replace("\\/", "/"))
    assert all(files.search(path.relative_to(ROOT).as_posix()) for path in SPECS)
    assert not files.search("charts/web/values.yaml")


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.relative_to(ROOT / "environments").as_posix())
def test_a_rolling_release_is_found_and_no_other(path: Path) -> None:
    data = yaml.safe_load(path.read_text())["spec"]
    rolling = data.get("strategy", {}).get("rolling", {})
    image = data.get("container", {}).get("image")
    actual = [
        (match["depName"], match["currentValue"], match["currentDigest"]) for match in matches_in(path.read_text())
    ]
    wanted = [(image, rolling["version"], rolling.get("digest"))] if image and "version" in rolling else []
    assert actual == wanted


HEAD = "apiVersion: shipway.dev/v1\nkind: Release\nmetadata: {name: web}\nspec:\n"
FORMS = {
    "flow": "  container: {image: ghcr.io/acme/web, port: 80}\n  strategy:\n"
    f'    rolling: {{version: "1.2.3", digest: "{DIGEST}"}}\n',
    "block": "  container:\n    preset: http\n    # ours\n    image: 'reg.example.com:5000/acme/web'  # no tag\n"
    "  strategy:\n"
    f"    rolling:   # one track\n      version: 1.2.3   # the tag\n      digest: {DIGEST}\n",
    "tag alone": '  container:\n    image: "web"\n  strategy:\n    rolling:\n'
    '      version: "1.2.3"\n      maxSurge: 1\n',
    "named above": f"  strategy:\n    canary:\n      # renovate: image=ghcr.io/acme/web\n"
    f'      stable: {{version: "1.2.3", digest: "{DIGEST}"}}\n',
    "base elsewhere": "  extends: ../bases/web.yaml\n  strategy:\n    rolling:\n"
    '      # renovate: image=ghcr.io/acme/web\n      version: "1.2.3"\n',
}


@pytest.mark.parametrize("form", FORMS)
def test_every_way_to_write_it_is_found_once_and_replaced(form: str) -> None:
    text = HEAD + FORMS[form]
    (match,) = matches_in(text)
    assert match["currentValue"] == "1.2.3"
    assert match["depName"].rpartition("/")[2] == "web"
    assert (match["currentDigest"] is not None) == (DIGEST in text)
    assert updated(text, "1.3.0") == text.replace("1.2.3", "1.3.0")


def test_what_it_updates_compiles(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(ROOT / "environments", tmp_path / "environments")
    changed = 0
    for path in (tmp_path / "environments").rglob("*.yaml"):
        text = path.read_text()
        after = updated(text, "9.9.9")
        changed += text != after
        path.write_text(after)
    assert changed
    assert main(["check", "-q", "-C", str(tmp_path)]) == 0, capsys.readouterr().err
