"""The forms of names, keys, ports and quantities agree with k8s.io/apimachinery's own functions."""

from __future__ import annotations

import json
import random
import re
import shutil
import subprocess
from decimal import Decimal
from pathlib import Path

import pytest
from jsonschema_rs import Draft202012Validator

from compiler.model.quantity import parse_quantity
from compiler.validate.tighten import constraints as words
from compiler.validate.tighten import pods

FORMS = {
    "DNS_LABEL": words.DNS_LABEL,
    "DNS_1035": words.DNS_1035,
    "DNS_SUBDOMAIN": words.DNS_SUBDOMAIN,
    "QUALIFIED_NAME": words.QUALIFIED_NAME,
    "LABEL_VALUE": words.LABEL_VALUE,
    "PORT_NAME": words.PORT_NAME,
    "DATA_KEY": words.DATA_KEY,
    "ENV_NAME": pods.FIELDS["core.v1.EnvVar"]["name"],
    "QUANTITY": words.QUANTITY,
}
PARTS = (
    "a",
    "Z",
    "0",
    "9",
    "-",
    "_",
    ".",
    "/",
    "..",
    "a" * 62,
    "b" * 63,
    "example.com",
    "m",
    "Ki",
    "Gi",
    "E",
    "e3",
    "+",
    "%",
)
MORE = (" ", "\n", "é", "=", "1", "2.5", "k", "n", "u", "T", "", "x-1", "--", "a.b", "15", "-a")


def questions(count: int) -> list[tuple[str, str]]:
    draw = random.Random(7)  # noqa: S311 - test data
    texts = ["".join(draw.choices(PARTS + MORE, k=draw.randint(0, 5))) for _ in range(count)]
    return [(rule, text) for text in texts for rule in FORMS]


@pytest.fixture(scope="module")
def kubernetes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A program that asks apimachinery; built here, which takes a while the first time."""
    if not shutil.which("go"):
        pytest.skip("Go is not installed")
    program = tmp_path_factory.mktemp("go") / "apimachinery"
    source = Path(__file__).parent / "apimachinery"
    subprocess.run(["go", "build", "-o", program, "."], cwd=source, check=True)
    return program


def is_quantity_without_digits(rule: str, text: str) -> bool:
    """Kubernetes reads `m` and `.e3` as 0; nobody means that, so it is refused here."""
    return rule == "QUANTITY" and re.match(r"[+-]?\.?[^0-9.]|[+-]?\.?$", text) is not None


@pytest.mark.slow
def test_the_forms_accept_what_kubernetes_accepts(kubernetes: Path) -> None:
    asked = questions(20_000)
    lines = "".join(json.dumps({"Rule": rule, "Text": text}) + "\n" for rule, text in asked)
    done = subprocess.run([kubernetes], input=lines, capture_output=True, text=True, check=True)
    theirs = [line == "true" for line in done.stdout.splitlines()]
    validators = {rule: Draft202012Validator(form) for rule, form in FORMS.items()}
    ours = [validators[rule].is_valid(text) for rule, text in asked]
    differ = [question for question, we, they in zip(asked, ours, theirs, strict=True) if we != they]
    assert [question for question in differ if not is_quantity_without_digits(*question)] == []
    assert 1000 < sum(ours) < len(ours) - 1000


@pytest.mark.parametrize(
    ("quantity", "number"),
    [
        ("250m", "0.25"),
        ("2", "2"),
        (2, "2"),
        (0.5, "0.5"),
        ("1Ki", "1024"),
        ("1.5Gi", "1610612736"),
        ("1k", "1000"),
        ("1e3", "1000"),
        ("1E3", "1000"),
        ("2E", "2e18"),
        ("100n", "1e-7"),
        (".5", "0.5"),
    ],
)
def test_quantities_are_compared_as_exact_numbers(quantity: str | int | float, number: str) -> None:
    assert parse_quantity(quantity) == Decimal(number)
