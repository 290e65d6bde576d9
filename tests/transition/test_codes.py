"""Every code that the verifier can emit is explained, and no explanation is left over."""

from __future__ import annotations

import ast
import pathlib
from collections.abc import Iterator

import compiler.transition
from compiler.explanations import transition, transition_requests, transition_unproven

FOLDER = pathlib.Path(compiler.transition.__file__).parent
READERS = ("cli/commands/verify.py", "cli/manifest_files.py", "source/rendered_folder.py")
COMMANDS = tuple(FOLDER.parent / name for name in READERS)
OF_PROVIDERS = frozenset({"RouteConflict", "GateChange"})
CARRIERS = OF_PROVIDERS | {"PropertyBreach", "BackendFault", "FieldFault", "Fault", "Problem", "Diagnostic"}

CODES = transition.CODES | transition_requests.CODES | transition_unproven.CODES


def emitted() -> Iterator[str]:
    """The first argument of every carrier of a code, and of the names that one is chosen from."""
    providers = sorted((FOLDER.parent / "traffic").rglob("*.py"))
    for file in (*FOLDER.rglob("*.py"), *COMMANDS, *providers):
        carriers = OF_PROVIDERS if file in providers else CARRIERS
        for node in ast.walk(ast.parse(file.read_text())):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in carriers
                and node.args
            ):
                first = node.args[0]
                if isinstance(first, ast.Constant):
                    yield str(first.value)
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == "code":
                yield from (
                    str(c.value) for c in ast.walk(node.value) if isinstance(c, ast.Constant) and "-" in str(c.value)
                )


def test_every_code_is_explained() -> None:
    from compiler.transition.verdict.course import PROPERTIES  # noqa: PLC0415 - the codes that stand in a table

    result = {*emitted(), *PROPERTIES} - {"yaml-encoding"}
    assert result - set(CODES) == set()
    assert set(CODES) - result - {"selector-mismatch", "object-refused"} == set()


def test_explanations_are_whole() -> None:
    for code, explanation in CODES.items():
        assert code == code.lower()
        assert all((explanation.title, explanation.meaning, explanation.fix, explanation.source)), code
