"""shipway demo: a blue/green switch, and a canary that is judged unsafe and mended. No cluster, no network."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Final

from compiler.cli.failure import DONE
from compiler.cli.output import next_command
from compiler.diagnostics.model import Diagnostic, Rejected

DIGEST: Final = "sha256:" + "5" * 64
RANKER: Final = "environments/prod/ranker.yaml"
PATH: Final = "path: /rank}"
TIDIED: Final = "path: /ranking}"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--dir", metavar="DIR", help="work there and leave it (default: a new temporary folder)")


def run(args: argparse.Namespace) -> int:
    folder = work_folder(args)
    specs = prepare(args, folder)
    title("Compile the environments and publish them: Argo CD would sync the branches shipway/<environment>")
    shipway(specs, "check")
    shipway(specs, "publish")
    blue_green(specs)
    canary(specs)
    page = folder / "plan.html"
    title("The next release as a page to review")
    shipway(specs, "start", "prod/features", "--version", "3.2.0", "--digest", DIGEST)
    shipway(specs, "plan", "prod", "--format", "html", "--output", str(page))
    sys.stdout.write(f"\nopen {page}\n")
    next_command(args, f"shipway plan prod -C {specs}")
    return DONE


def work_folder(args: argparse.Namespace) -> Path:
    if args.dir is None:
        return Path(tempfile.mkdtemp(prefix="shipway-demo-"))
    folder = Path(args.dir)
    if folder.exists() and any(folder.iterdir()):
        raise Rejected([Diagnostic("folder-not-empty", f"{folder} is not empty", None, "name a new folder with --dir")])
    folder.mkdir(parents=True, exist_ok=True)
    return folder.resolve()


def prepare(args: argparse.Namespace, folder: Path) -> Path:
    """Copies the environments into a repository of specs whose origin is a new bare repository."""
    from compiler.gitops.sandbox import commit_all, new_repositories  # noqa: PLC0415 - `--help` needs no Git

    specs = folder / "specs"
    new_repositories(specs, folder / "gitops.git")
    shutil.copytree(example(Path(args.root)), specs / "environments")
    commit_all(specs, "Specs of three environments")
    return specs


def example(root: Path) -> Path:
    """The environments here, or those that came with the package."""
    here = Path(__file__).parent
    for candidate in (root / "environments", here.parent / "templates" / "example", here.parents[1] / "environments"):
        if (candidate / "prod" / "recommender.yaml").is_file():
            return candidate
    raise Rejected(
        [Diagnostic("no-environments", "the example's environments are missing", None, "install shipway anew")]
    )


def blue_green(specs: Path) -> None:
    title("Blue/green: bring 1.5.0 up beside 1.4.2, switch, remove 1.4.2. Each step is one commit that is proven safe")
    shipway(specs, "promote", "recommender", "--from", "staging", "--to", "prod")
    commit(specs, "promote recommender 1.5.0 to prod")
    shipway(specs, "publish", "prod")
    step(specs, "advance", "prod/recommender")
    step(specs, "finish", "prod/recommender")


def canary(specs: Path) -> None:
    title("Canary: 5 % of the requests, then 25 %")
    step(specs, "start", "prod/ranker", "--version", "1.0.0", "--digest", DIGEST)
    step(specs, "advance", "prod/ranker")
    title("Somebody tidies the path, /rank to /ranking, while clients still call /rank")
    spec = specs / RANKER
    good = spec.read_text(encoding="utf-8")
    spec.write_text(good.replace(PATH, TIDIED), encoding="utf-8")
    commit(specs, "ranker: a better path")
    shipway(specs, "publish", "prod", expected=1)
    title("Mended: the path is back. Then the canary disappoints, and is taken off")
    spec.write_text(good, encoding="utf-8")
    step(specs, "abort", "prod/ranker")
    step(specs, "finish", "prod/ranker")


def step(specs: Path, verb: str, name: str, *more: str) -> None:
    """A verb's edit, its commit, and what publishing it changed in Git."""
    shipway(specs, verb, name, *more)
    commit(specs, f"{verb} {name}")
    shipway(specs, "publish", name.partition("/")[0])


def commit(specs: Path, message: str) -> None:
    from compiler.gitops.sandbox import commit_all  # noqa: PLC0415 - as above

    commit_all(specs, message)


def shipway(specs: Path, *words: str, expected: int = 0) -> None:
    """One command, shown as a user would type it, and run as it is. Raises RuntimeError where it ends otherwise."""
    from compiler.cli.main import main  # noqa: PLC0415 - main imports this module

    shown = [word if word != DIGEST else "sha256:5555…" for word in words]
    sys.stdout.write(f"\n$ shipway {' '.join(shown)}\n")
    sys.stdout.flush()
    status = main([*words, "-C", str(specs)])
    sys.stderr.flush()
    if status != expected:
        raise RuntimeError(f"`shipway {' '.join(words)}` ended with {status}, not {expected}")


def title(text: str) -> None:
    sys.stdout.write(f"\n── {text}\n")
