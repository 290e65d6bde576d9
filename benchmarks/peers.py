"""Shipway beside Helm and kustomize on the same objects: `python -m benchmarks.peers [SERVICES…] [--json FILE]`.

Whole processes, whose output is on disk, in turn (A B A B), medians. Ratios count, not milliseconds: the machine's
speed drifts, and both drift with it. The peers validate nothing; Shipway validates every object.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.charts import objects_of_text, objects_of_tree, write_chart, write_kustomization
from benchmarks.corpus import generate, service_name
from benchmarks.picture import ratio_picture
from benchmarks.tools import UnavailableError, peer_programs

SHIPWAY = (sys.executable, "-c", "from compiler.cli.main import run; run()")
MOST_COMPARED = 100
"""Services up to which the objects are compared one by one, and kustomize runs: for 100 it takes seconds."""
REPOSITORY = Path(__file__).parents[1]
ONE_RUN = Path(__file__).with_name("one_run.py")


@dataclass(frozen=True)
class Measure:
    """One run, or the medians of several: seconds on the clock, of all cores together, and MiB at the peak."""

    wall: float
    cpu: float
    peak: float


def measured(command: Sequence[str | Path], cache: str, output: Path) -> Measure:
    """One run of a process, its standard output in the file. Raises CalledProcessError."""
    unwanted = ("PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED")  # what is installed has its bytecode
    environment = {name: value for name, value in os.environ.items() if name not in unwanted}
    environment |= {"SHIPWAY_CACHE": cache, "PYTHONPATH": str(REPOSITORY)}
    words = [str(word) for word in command]
    runner = [sys.executable, "-I", "-S", str(ONE_RUN), str(output), *words]
    answer = subprocess.run(runner, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout
    wall, cpu, peak, status = map(float, answer.split())
    if status:
        raise subprocess.CalledProcessError(int(status), words)
    return Measure(wall, cpu, peak / 1024)


@dataclass(frozen=True)
class Corpus:
    """One number of services as each program takes it."""

    services: int
    folder: Path
    programs: Mapping[str, Path]

    @property
    def specs(self) -> Path:
        return self.folder / "specs"

    @property
    def cache(self) -> str:
        return str(self.folder / "cache")

    def shipway(self, *words: str | Path, cache: str = "") -> Measure:
        return measured([*SHIPWAY, *map(str, words), "-q", "-C", str(self.specs)], cache, self.folder / "stdout")

    def helm(self) -> Measure:
        command: list[str | Path] = [self.programs["helm"], "template", "x", self.folder / "chart"]
        return measured(command, "", self.folder / "helm.yaml")

    def kustomize(self) -> Measure:
        command: list[str | Path] = [self.programs["kubectl"], "kustomize", self.folder / "kustomize"]
        return measured(command, "", self.folder / "kustomize.yaml")

    def with_one_changed(self, run: int) -> Measure:
        spec = self.specs / "environments/prod" / f"{service_name(0)}.yaml"
        before = spec.read_text()
        spec.write_text(before.replace('"1.4.2"', f'"1.5.{run}"'))
        result = self.kept()
        spec.write_text(before)
        self.kept()
        return result

    def cold(self, run: int) -> Measure:
        """Each into a folder of its own: creating files soon after many were deleted is up to ten times slower."""
        return self.shipway("build", "--no-cache", "--out", self.folder / f"cold-{run}")

    def kept(self) -> Measure:
        return self.shipway("build", "--out", self.folder / "kept", cache=self.cache)


def prepared(root: Path, services: int, programs: Mapping[str, Path]) -> Corpus:
    """The specs, the chart and the kustomization. Raises ValueError where a peer makes other objects."""
    corpus = Corpus(services, root / str(services), programs)
    generate(corpus.specs, services)
    corpus.kept()
    corpus.shipway("check", cache=corpus.cache)
    if programs:
        four = Corpus(4, root / f"examples-{services}", programs)
        generate(four.specs, 4)
        four.kept()
        write_chart(four.folder / "kept/prod", services, corpus.folder / "chart")
        if services <= MOST_COMPARED:
            write_kustomization(corpus.folder / "kept/prod", corpus.folder / "kustomize")
            compare_objects(corpus)
    return corpus


def compare_objects(corpus: Corpus) -> None:
    ours = objects_of_tree(corpus.folder / "kept/prod")
    for name, run in {"helm": corpus.helm, "kustomize": corpus.kustomize}.items():
        run()
        if objects_of_text((corpus.folder / f"{name}.yaml").read_text()) != ours:
            raise ValueError(f"{name} makes other objects of {corpus.services} services than Shipway does")


def rows_of(corpus: Corpus) -> dict[str, Callable[[int], Measure]]:
    """What is run in turn, by its name."""
    rows: dict[str, Callable[[int], Measure]] = {
        "build, fresh folder": corpus.cold,
        "build, nothing changed": lambda _: corpus.kept(),
        "check, nothing changed": lambda _: corpus.shipway("check", cache=corpus.cache),
        "build, one changed": corpus.with_one_changed,
    }
    if corpus.programs:
        rows = {"helm": lambda _: corpus.helm(), **rows}
        if corpus.services <= MOST_COMPARED:
            rows["kustomize"] = lambda _: corpus.kustomize()
    return rows


def medians(rows: Mapping[str, Callable[[int], Measure]], runs: int) -> dict[str, Measure]:
    """Each row's median of so many rounds, one after the other in each round."""
    rounds = [{name: row(number) for name, row in rows.items()} for number in range(runs)]
    return {name: median([each[name] for each in rounds]) for name in rows}


def median(measures: Sequence[Measure]) -> Measure:
    columns = zip(*((each.wall, each.cpu, each.peak) for each in measures), strict=True)
    return Measure(*map(statistics.median, columns))


def table(services: int, results: Mapping[str, Measure]) -> str:
    """A line a row; × is the time of all cores beside Helm's, or beside a cold build where there is no Helm."""
    yardstick = results.get("helm", results["build, fresh folder"])
    lines = [
        f"{services:6} {name:24} {each.wall * 1000:7.0f} ms {each.cpu * 1000:7.0f} ms of all cores"
        f" {each.peak:6.0f} MiB  × {each.cpu / yardstick.cpu:.2f}"
        for name, each in results.items()
    ]
    return "\n".join(lines)


def measure_all(counts: Sequence[int], runs: int, programs: Mapping[str, Path]) -> dict[int, dict[str, Measure]]:
    results = {}
    with tempfile.TemporaryDirectory() as folder:
        for services in counts:
            corpus = prepared(Path(folder), services, programs)
            results[services] = medians(rows_of(corpus), runs)
            print(table(services, results[services]), flush=True)
    return results


def main() -> None:
    """Prints the table; where the peers cannot be had, says why and measures Shipway alone."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("services", nargs="*", type=int, default=[1, 100, 1000])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--tools", type=Path, default=Path(tempfile.gettempdir()) / "shipway-peers", metavar="DIR")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the medians")
    parser.add_argument("--svg", type=Path, metavar="FILE", help="write the picture of the ratios")
    args = parser.parse_args()
    programs: Mapping[str, Path] = {}
    try:
        programs = peer_programs(args.tools)
    except UnavailableError as error:
        print(f"without the peers: {error}")
    results = measure_all(args.services, args.runs, programs)
    if args.json is not None:
        data = {services: {name: asdict(each) for name, each in rows.items()} for services, rows in results.items()}
        args.json.write_text(json.dumps(data, indent=1) + "\n")
    if args.svg is not None and programs:
        seconds = {services: {name: each.cpu for name, each in rows.items()} for services, rows in results.items()}
        args.svg.write_text(ratio_picture(seconds))


if __name__ == "__main__":
    main()
