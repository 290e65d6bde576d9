"""Every command finds the specs upwards from a folder below them, as Git finds its repository."""

from __future__ import annotations

from pathlib import Path

import pytest

from compiler.cli.commands import COMMANDS
from compiler.cli.main import main
from tests.cli.shop import Shop
from tests.cli.test_quiet import CHANGES, MANIFEST, QUESTIONS, words_in

pytestmark = pytest.mark.e2e

WITHOUT_SPECS = {"demo", "init", "completion", "docs", "explain", "schema", "comment"}
"""What they do concerns no specs."""
WITH_A_SERVER = {"pilot", "why-moved"}
RUNS = {**CHANGES, **{name: [words] for name, words in QUESTIONS.items()}}


@pytest.fixture
def below(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Path:
    (shop.root.parent / "old.yaml").write_text(MANIFEST, encoding="utf-8")
    lab = shop.text("prod/roll.yaml").replace("1.0.0", "1.1.0").replace("host: roll.example.com", "path: /")
    shop.put("lab/roll.yaml", lab)
    shop.publish()
    folder = shop.root / "environments" / "prod"
    monkeypatch.chdir(folder)
    return folder


@pytest.mark.parametrize("command", sorted(RUNS.keys() - WITHOUT_SPECS))
def test_a_command_works_below_the_specs(command: str, below: Path, shop: Shop) -> None:
    for words in RUNS[command]:
        assert main([*words_in(shop, words)]) == 0, shop.capsys.readouterr().err
        shop.commit()
    assert not (below / "environments").exists()


def test_every_command_is_tested() -> None:
    assert RUNS.keys() | WITHOUT_SPECS | WITH_A_SERVER == set(COMMANDS)
