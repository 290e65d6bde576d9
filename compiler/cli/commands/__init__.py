"""A module for each command, `run(args) -> int` in it; here is what `--help` shows of them, as plain data.

No command imports another command's module: what several need is beside this folder.
"""

from __future__ import annotations

from typing import Final, NamedTuple


class Command(NamedTuple):
    """One command; no dataclass, for those take 10 ms to load."""

    help: str
    examples: tuple[str, ...]

    def example_lines(self) -> str:
        return "\n".join(f"  shipway {example}" for example in self.examples)


COMMANDS: Final[dict[str, Command]] = {
    "check": Command(
        "compile and validate specs; write nothing",
        ("check", "check prod", "check prod/recommender", "check --format github"),
    ),
    "build": Command(
        "write the published tree as files",
        ("build", "build prod --out /tmp/rendered", "build prod/recommender"),
    ),
    "verify": Command(
        "judge whether the change between two sets of manifests loses requests; they need not come from Shipway",
        ("verify old/ new/", "verify old/ new/ --sync-option PruneLast=true", "verify .@main:prod .@HEAD:prod"),
    ),
    "adopt": Command(
        "write specs for workloads that run already, and a receipt of every difference",
        (
            "adopt manifests/ --into prod --dry-run",
            "adopt - --into prod < rendered.yaml",
            "adopt deploy@main:apps/web --into prod --application argocd/web.yaml",
            "adopt manifests/ --into prod --check",
        ),
    ),
    "bootstrap": Command(
        "print Argo CD's AppProject and Applications for an environment",
        ("bootstrap prod", "bootstrap prod | kubectl apply -f -", "bootstrap prod --pilot"),
    ),
    "plan": Command(
        "show what a publish would change: the verdict, the course, the differences",
        (
            "plan",
            "plan prod",
            "plan prod/recommender",
            "plan --format md --output plan.md --format html --output plan.html",
        ),
    ),
    "publish": Command(
        "commit and push the next state for Argo CD",
        ("publish", "publish prod", "publish prod --plan sha256:…"),
    ),
    "confirm": Command(
        "record that Argo CD has synced a published commit and reports Healthy",
        ("confirm prod", "confirm prod 1c0ffee"),
    ),
    "start": Command(
        "start a new version: the first step of a release's course",
        (
            "start prod/recommender --version 1.5.0 --digest sha256:…",
            "start prod/search --version 3.0.0 --digest sha256:… --change major",
            "start prod/shop --member storefront=7.1.0@sha256:… --member pricing=5.0.0@sha256:… --change major",
        ),
    ),
    "advance": Command(
        "take the next step of a course",
        ("advance prod/recommender", "advance prod/ranker --to 50 --commit", "advance prod/ranker --now"),
    ),
    "abort": Command(
        "give all requests back to the old version, at once",
        ("abort prod/ranker", "abort prod/ranker --publish"),
    ),
    "finish": Command(
        "end a course: remove what no longer serves",
        ("finish prod/recommender", "finish prod/recommender --dry-run"),
    ),
    "rollback": Command(
        "go back to a track that still runs, a version that served, or a commit of the specs",
        (
            "rollback prod/recommender",
            "rollback prod/recommender --to 1.4.2",
            "rollback prod/shop --to 3f2a9c1 --publish",
        ),
    ),
    "demo": Command("show a release from start to finish, without a cluster", ("demo", "demo --dir /tmp/demo")),
    "comment": Command(
        "write the plans as comments on the pull or merge request, one for each environment (in CI)",
        ("comment plans", "comment plans --event event.json"),
    ),
    "promote": Command(
        "start in one environment the version that serves in another",
        ("promote recommender --from staging --to prod", "promote shop --from staging --to prod --commit"),
    ),
    "pilot": Command(
        "read Argo CD and Prometheus, and move open courses by commits",
        ("pilot", "pilot prod --dry-run", "pilot prod/ranker --every 30s", "pilot --once --via branch"),
    ),
    "why-moved": Command(
        "show what the pilot saw when it made a commit, and decide again from that",
        ("why-moved 3f2a9c1", "why-moved 3f2a9c1 prod --format json"),
    ),
    "status": Command(
        "show where each release is: versions, step, traffic, published commit",
        ("status", "status prod", "status prod/recommender --format json", "status prod/ranker --wait"),
    ),
    "history": Command(
        "show what was published when, by whom, from which commit, and how to go back there",
        ("history prod", "history prod/recommender", "history prod --diff 3f2a9c1"),
    ),
    "site": Command(
        "write status, courses under way and history as a static site",
        ("site", "site --out public", "site prod staging --out public"),
    ),
    "why": Command(
        "show which line of a spec a line of a manifest comes from",
        (
            "why out/prod/recommender/deployment-recommender-blue.yaml:42",
            "why prod/recommender Deployment/recommender-blue:spec.replicas",
        ),
    ),
    "init": Command(
        "write a new, working repository of specs, or add missing files to an existing one; overwrites nothing",
        ("init", "init deploy --strategy canary", "init . --dry-run", "init deploy --ci gitlab"),
    ),
    "completion": Command(
        "print the completion script for bash, zsh or fish",
        (
            "completion bash >> ~/.bashrc",
            "completion zsh > ~/.zfunc/_shipway",
            "completion fish > ~/.config/fish/completions/shipway.fish",
        ),
    ),
    "schema": Command("print the JSON Schema of a kind of spec", ("schema Release", "schema --write schemas")),
    "explain": Command("explain what an error code means, and how to fix it", ("explain yaml-duplicate-key",)),
    "docs": Command(
        "print or open a page of the documentation: a guide, a code, a command",
        (
            "docs",
            "docs concepts",
            "docs course-soaking",
            "docs reference/commands/plan",
            "docs concepts --open",
            "docs --write build/docs",
        ),
    ),
}
