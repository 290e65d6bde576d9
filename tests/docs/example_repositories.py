"""A small input for each code that needs a Git repository or earlier commands, and the command that is refused."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from tests.docs.example_moves import OF_MOVES
from tests.docs.example_specs import BLUE_GREEN, GROUPED, RELEASE, SHOP, WORKLOAD, Input

ENVIRONMENT: Final = {
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_TERMINAL_PROMPT": "0",
    **{
        f"GIT_{role}_{key}": value
        for role in ("AUTHOR", "COMMITTER")
        for key, value in (("NAME", "Ada"), ("EMAIL", "a@b.c"))
    },
}
GIT: Final = "git init -q -b main && git add . && git commit -qm specs"
MORE_REPLICAS: Final = f"sed -i 's/replicas: 3/replicas: 4/' {SHOP} && git commit -qam more"
PUBLISHED: Final = (GIT, "shipway publish -q prod")
RENDERED: Final = (*PUBLISHED, "shipway build -q prod")
STARTED: Final = (GIT, "shipway start -q prod/shop --version 1.5.0")
SWITCHED: Final = (*STARTED, "shipway advance -q prod/shop")
DEPLOY: Final = "git init -q --bare ../deploy.git"
TO_DEPLOY: Final = [('"1.34"\n', '"1.34"\n  gitops: {repository: ../deploy.git}\n')]


def by_hand(edit: str) -> tuple[str, ...]:
    """Somebody changes the published branch, then the spec changes."""
    push = f"git clone -q -b shipway/prod . ../hand && cd ../hand && {edit} && git add -A && git commit -qm hand"
    return (*PUBLISHED, f"{push} && git push -q", MORE_REPLICAS)


def before_it(edit: str) -> tuple[str, ...]:
    """The branch exists before Shipway first publishes to it."""
    branch = "git clone -q . ../hand && cd ../hand && git checkout -q --orphan shipway/prod && git rm -rfq ."
    return (GIT, f"{branch} && {edit} && git add -A && git commit -qm hand && git push -q origin shipway/prod")


def publishing(*before: str, environment: Sequence[tuple[str, str]] = ()) -> Input:
    return Input(environment=environment, before=before, command=("publish", "prod"))


def gitops(value: str) -> Sequence[tuple[str, str]]:
    return [('"1.34"\n', f'"1.34"\n  gitops: {{{value}}}\n')]


def ended(given: Input, *command: str) -> Input:
    return replace(given, command=command)


def canary(text: str, *before: str) -> Input:
    return Input([(BLUE_GREEN, f"    canary: {text}\n")], before=before)


EVENT: Final = {
    "workflow_run": {
        "head_branch": "canary",
        "head_sha": "a" * 40,
        "conclusion": "success",
        "html_url": "https://github.com/acme/deploy/actions/runs/7",
        "head_repository": {"owner": {"login": "ada"}},
        "pull_requests": [],
    },
    "repository": {"full_name": "acme/deploy"},
}


def commenting(*before: str) -> Input:
    """What the job that comments finds: the event, a token, and a forge that does not answer."""
    job = ("export GITHUB_TOKEN=secret", "export GITHUB_API_URL=http://127.0.0.1:1")
    files = {"event.json": json.dumps(EVENT)}
    return Input(files=files, before=(*job, *before), command=("comment", "plans", "--event", "event.json"))


CANARY: Final = "{stable: {version: '1'}, steps: [5, 50]}"
RECORDED: Final[Mapping[str, Input]] = {
    # the published branch
    "file-edited": publishing(*by_hand("sed -i 's/replicas: 3/replicas: 9/' prod/shop/deployment-shop-blue.yaml")),
    "file-removed": publishing(*by_hand("git rm -q prod/shop/deployment-shop-blue.yaml")),
    "file-foreign": publishing(*by_hand("cp prod/shop/deployment-shop-blue.yaml prod/shop/more.yaml")),
    "folder-not-owned": publishing(*before_it("mkdir -p prod/shop && echo '{}' > prod/shop/web.yaml")),
    "index-broken": publishing(*by_hand("echo broken > prod/shop/.shipway")),
    "argocd-override": publishing(*by_hand("touch prod/shop/.argocd-source.yaml")),
    "path-blocked": publishing(*before_it("mkdir prod && echo 1 > prod/shop")),
    "name-case-clash": publishing(*before_it("mkdir -p prod/SHOP && echo '{}' > prod/SHOP/web.yaml")),
    "folder-unwritable": Input(before=("touch out",), command=("build",)),
    "publish-older-source": publishing(*PUBLISHED, MORE_REPLICAS, "shipway publish -q prod", "git checkout -q HEAD~1"),
    "publish-source-apart": publishing(
        GIT,
        "git checkout -qb other",
        MORE_REPLICAS,
        "shipway publish -q prod",
        "git checkout -q main && git commit -qm m --allow-empty",
    ),
    "repository-locked": publishing(*PUBLISHED, MORE_REPLICAS, "touch .git/refs/heads/shipway/prod.lock"),
    "commit-signature": publishing(
        GIT,
        "git config gpg.format ssh",
        environment=[('"1.34"\n', '"1.34"\n  argocd: {signatureKeys: [4AEE18F83AFDEB23]}\n')],
    ),
    "publish-not-found": publishing(
        DEPLOY,
        "printf '#!/bin/sh\\ngit update-ref -d refs/heads/shipway/prod\\n' > ../deploy.git/hooks/post-receive",
        "chmod +x ../deploy.git/hooks/post-receive",
        GIT,
        environment=TO_DEPLOY,
    ),
    "push-declined": publishing(
        DEPLOY,
        "printf '#!/bin/sh\\necho the branch is protected >&2\\nexit 1\\n' > ../deploy.git/hooks/pre-receive",
        "chmod +x ../deploy.git/hooks/pre-receive",
        GIT,
        environment=TO_DEPLOY,
    ),
    "branch-checked-out": publishing(*PUBLISHED, MORE_REPLICAS, "git worktree add -q ../work shipway/prod"),
    "branch-name-taken": publishing(GIT, "git branch shipway"),
    "confirmed-unknown": Input(before=PUBLISHED, command=("confirm", "prod", "$(git rev-parse main)")),
    "application-name-clash": Input(
        files={SHOP: "", "environments/prod/root.yaml": RELEASE.replace("{name: shop}", "{name: root}")},
        before=(f"rm {SHOP}", GIT),
        command=("publish", "prod"),
    ),
    "repository-url": publishing(GIT, environment=gitops("repository: 'ssh://-oProxyCommand=id/d.git'")),
    "repository-password": publishing(GIT, environment=gitops("repository: 'https://ada:pw@git.example.com/d.git'")),
    "branch-name": publishing(GIT, environment=gitops("branch: a..b")),
    "repository-missing": publishing(GIT, environment=gitops("repository: ../deploy.git")),
    "revision-unknown": Input(before=RENDERED, command=("verify", ".@shipway/pord:prod", "out")),
    "path-missing": Input(before=RENDERED, command=("verify", ".@shipway/prod:web", "out")),
    "source-unreadable": publishing(GIT, "echo broken > .git/index"),
    # a course
    "course-refused": Input(
        [(BLUE_GREEN, "    rolling: {version: '1'}\n")],
        command=("start", "prod/shop", "--version", "2", "--change", "major"),
    ),
    "course-needs-finish": Input(before=SWITCHED, command=("advance", "prod/shop")),
    "course-not-done": Input(before=STARTED, command=("finish", "prod/shop")),
    "course-no-such-step": Input(before=STARTED, command=("advance", "prod/shop", "--to", "swich")),
    "course-apart": Input(
        [("      active: blue\n", "")],
        files=GROUPED,
        before=("echo '      green: {version: \"2\"}' >> environments/prod/cart.yaml",),
        command=("advance", "prod/all"),
    ),
    "course-too-early": Input(
        [
            (
                BLUE_GREEN,
                "    versioned:\n      v1: {version: '1', path: /v1, deprecated: 2026-01-01, sunset: 2199-01-01}\n"
                "      v2: {version: '2', path: /v2}\n",
            )
        ],
        before=PUBLISHED,
        command=("finish", "prod/shop"),
    ),
    "course-file-dirty": Input(
        before=(GIT, f"echo '# note' >> {SHOP}"), command=("start", "prod/shop", "--version", "2", "--commit")
    ),
    "commit-refused": Input(
        before=(GIT, "touch .git/index.lock"),
        command=("start", "prod/shop", "--version", "2", "--commit"),
    ),
    "rollback-unknown": Input(before=(GIT,), command=("rollback", "prod/shop", "--to", "9.9.9")),
    "rollback-no-history": Input(before=(GIT,), command=("rollback", "prod/shop")),
    "frozen": publishing(
        GIT,
        environment=[('"1.34"\n', '"1.34"\n  freezes: [{from: 2020-01-01, to: 2199-01-01, reason: stocktaking}]\n')],
    ),
    "no-environments": Input(before=("rm -r environments",)),
    "file-of-git": Input([("  replicas", "  extends: ../../.git/config\n  replicas")], before=(GIT,)),
    "plan-differs": Input(before=(GIT,), command=("publish", "prod", "--plan", f"sha256:{'0' * 64}")),
    "release-renamed": publishing(
        *PUBLISHED, f"sed -i 's/name: shop}}/name: store}}/' {SHOP}", "git commit -qam store"
    ),
    "strategy-move": publishing(
        *PUBLISHED,
        f"sed -i 's/blueGreen:/rolling: {{version: \"1.4.2\"}}/; /active: blue/d; /blue: {{/d' {SHOP}",
        "git commit -qam rolling",
    ),
    "provider-move": publishing(
        *PUBLISHED,
        "sed -i 's/gatewayApi: .*/ingressNginx: {className: nginx}}/' environments/prod/environment.yaml",
        "git commit -qam nginx",
    ),
    "adopt-moved": Input(
        files={"old.yaml": WORKLOAD},
        before=("shipway adopt -q old.yaml --into prod", "sed -i 's/web:1/web:2/' old.yaml"),
        command=("adopt", "old.yaml", "--into", "prod", "--check"),
    ),
    "release-still-serves": publishing(
        *PUBLISHED, f"rm {SHOP}", environment=[('"1.34"\n', '"1.34"\n  argocd: {cascade: true}\n')]
    ),
    "release-left-behind": publishing(
        *PUBLISHED,
        f"git mv {SHOP} shop.yaml && git commit -qm gone",
        "shipway publish -q prod",
        f"sed 's/name: shop}}/name: store}}/' shop.yaml > {SHOP} && git add . && git commit -qm store",
    ),
    # the forge
    "forge-event": Input(
        files={"event.json": "{}"}, before=("mkdir plans",), command=("comment", "plans", "--event", "event.json")
    ),
    "artefact-unreadable": commenting(),
    "artefact-name": commenting("mkdir plans && touch plans/Prod_1.md"),
    "artefact-marker": commenting("mkdir plans && echo '# Plan' > plans/prod.md"),
    "artefact-size": commenting(
        "mkdir plans", "(echo '<!-- shipway:prod -->'; yes line | head -20000) > plans/prod.md"
    ),
    "forge-token": commenting("mkdir plans", "export GITHUB_TOKEN="),
    "forge-address": commenting("mkdir plans", "export GITHUB_API_URL=http://git.example.com/api/v3"),
    "forge-unreachable": commenting("mkdir plans"),
    # the pilot
    "pilot-checkout": Input(before=(GIT, f"echo '# note' >> {SHOP}"), command=("pilot", "prod")),
    "decision-unrecorded": Input(before=PUBLISHED, command=("why-moved", "shipway/prod")),
    **OF_MOVES,
}
"""By code."""
