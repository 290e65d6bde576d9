"""Every folder of `cases/` is one transition with the verdict that the documents and sources demand.

Conventions are those of `cases/README.md`. FROM is published and converged, TO is the next commit, `case.yaml` has the
verdict, its category, the Application's sync options and the derivation. The engine was not read for them.
"""

from __future__ import annotations

import pathlib
from typing import Any

import pytest
import yaml

from compiler.transition import SyncOptions, verify, verify_reverse
from compiler.transition.verdict.grouping import without_consequences

CASES = pathlib.Path(__file__).parent / "cases"
NAMES = sorted(path.parent.name for path in CASES.glob("*/case.yaml"))
PROPERTIES = {
    "availability": {"available", "contained", "drained"},
    "capacity": {"capacity"},
    "contract": {"contract"},
    "config": {"config"},
    "rejected": {"accepted"},
    "stuck": {"finishes"},
    "replicas": {"undisputed"},
    "fight": {"undisputed"},
}
SAFE_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def load(file: pathlib.Path) -> list[dict[str, Any]]:
    """The documents of one YAML file, by the C loader where there is one."""
    return [document for document in yaml.load_all(file.read_text(), SAFE_LOADER) if document]


def objects(folder: pathlib.Path) -> list[dict[str, Any]]:
    """All objects of a folder's YAML files, in file order; none when the folder is missing (a first install)."""
    return [document for file in sorted(folder.glob("*.yaml")) for document in load(file)]


def sync_options(case: dict[str, Any]) -> SyncOptions:
    if "application" in case:
        return SyncOptions.from_application(case["application"])
    return SyncOptions.from_pairs(case["syncOptions"])


@pytest.mark.parametrize("name", NAMES)
def test_verdict(name: str) -> None:
    (case,) = load(CASES / name / "case.yaml")
    answer = verify(objects(CASES / name / "from"), objects(CASES / name / "to"), sync_options(case))
    errors = [finding.property for finding in answer.findings if finding.severity == "error"]
    warned = {finding.property for finding in answer.findings if finding.severity == "warning"}
    listed = [
        f"{finding.severity} {finding.code} ({finding.property}): {finding.message}" for finding in answer.findings
    ]
    assert answer.verdict == case["verdict"], listed
    if case["verdict"] == "unsafe":
        assert errors[0] in PROPERTIES[case["category"]], listed
    assert set(case.get("warnings", [])) <= warned, listed
    assert all(finding.trace for finding in answer.errors), "an error without the states that lead there"


def test_the_shared_cases_and_many_more_are_found() -> None:
    assert len(NAMES) > 300


@pytest.mark.parametrize("start", range(0, 40, 10))
def test_the_way_back_is_judged_as_any_other(start: int) -> None:
    """`verify` works out no more of the way back than its errors: they are those of the whole verdict, each once."""
    for name in NAMES[start::40]:
        (case,) = load(CASES / name / "case.yaml")
        sides, options = (objects(CASES / name / "from"), objects(CASES / name / "to")), sync_options(case)
        answer = verify(*sides, options)
        back = [finding.objects for finding in answer.findings if finding.code == "not-reversible"]
        known = answer.verdict == "unsafe" or not sides[0]
        wanted = () if known else without_consequences(verify_reverse(*sides, options).errors)
        assert back == [finding.objects for finding in wanted], name
