"""What a command loads: the command line is light, and each command loads its own stages and no others."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EVERY_MODULE = """
import sys
from compiler.cli.main import main
status = main(sys.argv[1:])
sys.stdout.flush()
print("\\n" + " ".join(sys.modules))
sys.exit(status)
"""
LIBRARIES = ("git", "jinja2", "jsonschema", "jsonschema_rs", "pydantic", "ruamel", "yaml")
NOT_FOR_CHECK = ("course", "edit", "forge", "git", "plan", "publish", "report", "transition", "tree")
DIGEST = "sha256:" + "5" * 64


def loaded_by(*words: str) -> set[str]:
    """The modules that are loaded once the command is done."""
    return modules_after([sys.executable, "-c", EVERY_MODULE, *words])


def modules_after(program: list[str]) -> set[str]:
    done = subprocess.run(program, text=True, capture_output=True, check=True, cwd=ROOT)
    return set(done.stdout.splitlines()[-1].split())


def stages_of(modules: set[str]) -> set[str]:
    """The folders of `compiler/` that the modules are in."""
    return {name.split(".")[1] for name in modules if name.startswith("compiler.")}


@pytest.mark.parametrize("words", [["--help"], ["advance", "--help"], ["plan", "--help"], ["completion", "bash"]])
def test_help_loads_no_stage(words: list[str]) -> None:
    modules = loaded_by(*words)
    assert stages_of(modules) <= {"cli", "diagnostics", "explanations", "support"}
    assert not modules.intersection(LIBRARIES)


def test_help_loads_no_more_modules_than_it_did() -> None:
    """What an interpreter loads by itself differs between environments (setuptools adds a module) and is left out."""
    bare = modules_after([sys.executable, "-c", "import sys; print(' '.join(sys.modules))"])
    assert len(loaded_by("--help") - bare) <= 55  # Python 3.11


def test_check_loads_no_more_modules_than_it_did() -> None:
    """No more than when the stages were loose modules, and five for what specs can say since (claims, GRPCRoutes) and
    for specs that are kept: Pydantic's look for plugins alone would load 20, argparse's for the width of the terminal
    7, the words of all codes 6.
    """
    bare = modules_after([sys.executable, "-c", "import sys; print(' '.join(sys.modules))"])
    modules = loaded_by("check") - bare
    assert not modules.intersection(
        {"importlib.metadata", "tempfile", "compiler.spec.descriptions", "shutil", "tomllib"}
    )
    assert len(modules) <= 331  # Python 3.11; two of them count how much is done


def test_check_loads_what_compiles_and_validates_and_nothing_else() -> None:
    modules = loaded_by("check")
    assert not stages_of(modules).intersection(NOT_FOR_CHECK)
    assert not modules.intersection({"git", "jinja2", "ruamel", "yaml", "compiler.explanations.validate"})


def test_a_step_that_only_edits_loads_no_git() -> None:
    modules = loaded_by("start", "staging/classic", "--version", "9.9.9", "--digest", DIGEST, "--dry-run")
    assert not stages_of(modules).intersection({"forge", "publish"})
    assert not modules.intersection({"git", "compiler.git.git", "subprocess"})
