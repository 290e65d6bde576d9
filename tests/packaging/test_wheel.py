"""What is built is whole: a wheel in an empty environment and an empty folder does the main job, no checkout near."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from compiler import __version__
from tests.docs.conftest import replayed

ROOT = Path(__file__).parents[2]
DATA = (
    "templates/workflows/plan.yml",
    "templates/gitlab-ci.yml",
    "templates/init/README.md",
    "report/html/templates/plan.html",
    "report/html/assets/page.css",
    "report/markdown/templates/plan_head.md",
    "report/svg/picture.css",
    "py.typed",
)

SHOWN = """
from compiler.cli.commands import COMMANDS
from compiler.cli.docs_browser import page_handler, served
from compiler.cli.documentation import documentation_pages, pictures_and_styles
from urllib.request import urlopen
handler, place = page_handler("concepts.md", documentation_pages(COMMANDS), pictures_and_styles())
with served(handler) as home:
    assert b"<h1" in urlopen(home + place).read()
"""
"""What `docs concepts --open` gives to the browser."""

pytestmark = pytest.mark.slow


def run(*command: str | Path, folder: Path) -> str:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}
    done = subprocess.run(
        [str(part) for part in command], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the sdist, and the wheel that was built from that sdist."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, ROOT, folder=folder)
    return folder


@pytest.fixture(scope="module")
def installed(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `shipway` of an environment that holds the lock file's packages and the wheel, nothing else."""
    folder = tmp_path_factory.mktemp("venv")
    run(sys.executable, "-m", "venv", folder / "venv", folder=folder)
    pip = folder / "venv/bin/pip"
    (wheel,) = built.glob("*.whl")
    run(pip, "install", "-q", "--require-hashes", "-r", ROOT / "requirements.lock", folder=folder)
    run(pip, "install", "-q", "--no-deps", wheel, folder=folder)
    run(pip, "check", folder=folder)
    return folder / "venv/bin/shipway"


def test_the_wheel_holds_all_package_data(built: Path) -> None:
    (wheel,) = built.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    tracked = run("git", "ls-files", "compiler", folder=ROOT).splitlines()
    assert {f"compiler/{name}" for name in DATA} <= names
    assert not [name for name in tracked if name not in names and (ROOT / name).is_file()]
    assert {name.split("/")[0] for name in names} == {"compiler", f"shipway-{__version__}.dist-info"}


def test_equal_sources_give_equal_bytes_wherever_and_whenever_they_are_built(tmp_path: Path) -> None:
    """Files of another age, another mask for their modes, another folder: the same wheel, sdist and bill."""
    files = run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", folder=ROOT).split("\0")
    built: list[dict[str, bytes]] = []
    for number, mask in enumerate((0o022, 0o077)):
        copy = tmp_path / f"copy{number}"
        for name in (name for name in files if name and (ROOT / name).is_file()):
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, copy / name)
            (copy / name).chmod((0o777 if os.access(ROOT / name, os.X_OK) else 0o666) & ~mask)
            os.utime(copy / name, (number, 1_000_000_000 + number))
        run("env", f"PYTHON={sys.executable}", "SOURCE_DATE_EPOCH=1700000000", copy / ".ci/dist", "dist", folder=copy)
        built.append({path.name: path.read_bytes() for path in (copy / "dist").iterdir()})
    assert sorted(built[0]) == [
        "sbom.cdx.json",
        f"shipway-{__version__}-py3-none-any.whl",
        f"shipway-{__version__}.tar.gz",
    ]
    assert built[0] == built[1]
    bill = json.loads(built[0]["sbom.cdx.json"])
    assert bill["bomFormat"] == "CycloneDX"
    assert bill["metadata"]["component"]["version"] == __version__
    assert {"pydantic", "pyyaml", "jinja2"} <= {each["name"] for each in bill["components"]}
    assert all(each["version"] for each in bill["components"])


def test_the_pilots_extra_can_be_installed_and_runs(built: Path, tmp_path: Path) -> None:
    run(sys.executable, "-m", "venv", tmp_path / "venv", folder=tmp_path)
    pip = tmp_path / "venv/bin/pip"
    run(pip, "install", "-q", "--require-hashes", "-r", ROOT / "requirements-pilot.lock", folder=tmp_path)
    (wheel,) = built.glob("*.whl")
    run(pip, "install", "-q", "--no-deps", wheel, folder=tmp_path)
    run(pip, "check", folder=tmp_path)
    run(tmp_path / "venv/bin/python", "-c", "import compiler.pilot.tick", folder=tmp_path)


def test_the_sdist_holds_what_the_product_is_made_from(built: Path) -> None:
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"pyproject.toml", "LICENSE", "README.md", "schemas/release.json", "environments/prod/shop.yaml"} <= names


def test_init_and_build_work_in_an_empty_folder(installed: Path, tmp_path: Path) -> None:
    run(installed, "init", "x", folder=tmp_path)
    specs = tmp_path / "x"
    assert run(installed, "build", folder=specs)
    assert list((specs / "out").rglob("deployment-*.yaml"))
    run(installed, "check", folder=specs)


def test_the_demo_runs_from_the_wheel(installed: Path, tmp_path: Path) -> None:
    run(installed, "demo", "--dir", tmp_path / "demo", folder=tmp_path)


def test_the_start_page_runs_from_the_wheel_to_a_published_canary(installed: Path, tmp_path: Path) -> None:
    """`init`, a bare repository, `publish`, a canary that starts and advances: as docs/start.md says, word for word."""
    page = run(installed, "docs", "start", folder=tmp_path)
    (tmp_path / "reader").mkdir()
    for block, printed in replayed(page, tmp_path / "reader", installed.parent):
        assert block["session"] == printed


def test_the_documentation_comes_with_the_wheel(installed: Path, tmp_path: Path) -> None:
    assert run(installed, "docs", "concepts", folder=tmp_path).startswith("# Concepts\n")
    assert run(installed, "docs", "changelog", folder=tmp_path).startswith("# Changelog\n")
    run(installed.with_name("python"), "-c", SHOWN, folder=tmp_path)
    run(installed, "docs", "--write", "pages", folder=tmp_path)
    pages = tmp_path / "pages"
    written = {file.relative_to(ROOT / "docs") for file in (ROOT / "docs").rglob("*") if file.is_file()}
    shown_on_pages = {file for file in written if file.parent.name == "examples"}
    assert {pages / file for file in written - shown_on_pages} <= set(pages.rglob("*"))
    assert shown_on_pages
    for example in shown_on_pages:
        page = pages / "reference" / "codes" / f"{example.stem}.md"
        assert "\n## Example\n" in page.read_text("utf-8"), page


def test_what_is_lazily_imported_is_there(installed: Path, tmp_path: Path) -> None:
    """All but the packages of an extra: those of the pilot, which its command names when they are missing."""
    code = """
import pkgutil, importlib, compiler
from compiler.cli.failures import PILOT_PACKAGES
for module in pkgutil.walk_packages(compiler.__path__, "compiler."):
    if module.name.endswith("validate.bundle"):
        continue
    try:
        importlib.import_module(module.name)
    except ModuleNotFoundError as error:
        if error.name.partition(".")[0] not in PILOT_PACKAGES:
            raise
"""
    run(installed.with_name("python"), "-c", code, folder=tmp_path)
    for name in ("--help", "explain", "schema"):
        arguments = [name, "release"] if name == "schema" else [name]
        assert run(installed, *arguments, folder=tmp_path)
