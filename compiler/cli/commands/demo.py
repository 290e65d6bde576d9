"""shipway demo: a blue/green switch, and a canary that is judged unsafe and fixed. No cluster, no network."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from compiler.cli.exit_status import EXIT_OK
from compiler.cli.output import next_command
from compiler.diagnostics.model import Diagnostic, Rejected
from compiler.git.demo_repositories import commit_all, new_repositories

DIGEST: Final = "sha256:" + "5" * 64
RANKER: Final = "environments/prod/ranker.yaml"
PATH: Final = "path: /rank}"
RENAMED_PATH: Final = "path: /ranking}"


@dataclass(frozen=True, slots=True)
class Demo:
    """The repository of specs, and the command line itself: the demo types commands as a user does."""

    specs: Path
    command_line: Callable[[Sequence[str]], int]

    def run(self, *words: str, expected: int = 0) -> None:
        """One command, shown as a user would type it, and run as it is. Raises RuntimeError where it ends otherwise."""
        shown = [word if word != DIGEST else "sha256:5555…" for word in words]
        sys.stdout.write(f"\n$ shipway {' '.join(shown)}\n")
        sys.stdout.flush()
        status = self.command_line([*words, "-C", str(self.specs)])
        sys.stderr.flush()
        if status != expected:
            raise RuntimeError(f"`shipway {' '.join(words)}` ended with {status}, not {expected}")


def run(args: argparse.Namespace) -> int:
    folder = work_folder(args)
    demo = Demo(prepare_repositories(args, folder), args.command_line)
    print_title("Compile the environments and publish them: Argo CD would sync the branches shipway/<environment>")
    demo.run("check")
    demo.run("publish")
    demonstrate_blue_green(demo)
    demonstrate_canary(demo)
    page = folder / "plan.html"
    print_title("The next release as a page to review")
    demo.run("start", "prod/features", "--version", "3.2.0", "--digest", DIGEST)
    demo.run("plan", "prod", "--format", "html", "--output", str(page))
    sys.stdout.write(f"\nopen {page}\n")
    next_command(args, f"shipway plan prod -C {demo.specs}")
    return EXIT_OK


def work_folder(args: argparse.Namespace) -> Path:
    if args.dir is None:
        return Path(tempfile.mkdtemp(prefix="shipway-demo-"))
    folder = Path(args.dir)
    if folder.exists() and any(folder.iterdir()):
        raise Rejected([Diagnostic("folder-not-empty", f"{folder} is not empty", None, "name a new folder with --dir")])
    folder.mkdir(parents=True, exist_ok=True)
    return folder.resolve()


def prepare_repositories(args: argparse.Namespace, folder: Path) -> Path:
    """Copies the environments into a repository of specs whose origin is a new bare repository."""
    specs = folder / "specs"
    new_repositories(specs, folder / "gitops.git")
    shutil.copytree(example_environments(Path(args.root)), specs / "environments")
    commit_all(specs, "Specs of three environments")
    return specs


def example_environments(root: Path) -> Path:
    """The environments here, or those that came with the package."""
    compiler = Path(__file__).parents[2]
    for candidate in (root / "environments", compiler / "templates" / "example", compiler.parent / "environments"):
        if (candidate / "prod" / "recommender.yaml").is_file():
            return candidate
    raise Rejected(
        [Diagnostic("no-environments", "the example's environments are missing", None, "install Shipway again")]
    )


def demonstrate_blue_green(demo: Demo) -> None:
    print_title(
        "Blue/green: bring 1.5.0 up beside 1.4.2, switch, remove 1.4.2. Each step is one commit that is proven safe"
    )
    demo.run("promote", "recommender", "--from", "staging", "--to", "prod")
    commit_all(demo.specs, "promote recommender 1.5.0 to prod")
    demo.run("publish", "prod")
    run_demo_step(demo, "advance", "prod/recommender")
    run_demo_step(demo, "finish", "prod/recommender")


def demonstrate_canary(demo: Demo) -> None:
    print_title("Canary: 5 % of the requests, then 25 %")
    run_demo_step(demo, "start", "prod/ranker", "--version", "1.0.0", "--digest", DIGEST)
    run_demo_step(demo, "advance", "prod/ranker")
    print_title("Somebody renames the path /rank to /ranking, while clients still call /rank")
    spec = demo.specs / RANKER
    good = spec.read_text(encoding="utf-8")
    spec.write_text(good.replace(PATH, RENAMED_PATH), encoding="utf-8")
    commit_all(demo.specs, "ranker: a better path")
    demo.run("publish", "prod", expected=1)
    print_title("Fixed: the path is back. Then the canary has errors, and is aborted")
    spec.write_text(good, encoding="utf-8")
    run_demo_step(demo, "abort", "prod/ranker")
    run_demo_step(demo, "finish", "prod/ranker")


def run_demo_step(demo: Demo, verb: str, name: str, *more: str) -> None:
    """A verb's edit, its commit, and what publishing it changed in Git."""
    demo.run(verb, name, *more)
    commit_all(demo.specs, f"{verb} {name}")
    demo.run("publish", name.partition("/")[0])


def print_title(text: str) -> None:
    sys.stdout.write(f"\n── {text}\n")
