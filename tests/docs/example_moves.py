"""Courses, promotions, publishes and repositories that are refused, for the pages of these codes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tests.docs.example_specs import BLUE_GREEN, GROUPED, SHOP, Input, second_environment

GIT: Final = "git init -q -b main && git add . && git commit -qm specs"
PUBLISHED: Final = (GIT, "shipway publish -q prod")
START: Final = "shipway start -q prod/shop --version 1.5.0"
BY_HAND: Final = "git clone -q -b shipway/prod . ../hand && cd ../hand"
PUSH: Final = "git commit -qam hand && git push -q"
MORE: Final = f"sed -i 's/replicas: 3/replicas: 4/' {SHOP} && git commit -qam more"
ACCEPTED: Final = "release: shop, reason: one writer at a time, owner: data, expires: 2099-12-31"
BY_HEADER: Final = '    canary: {by: header, header: {name: X-Preview, value: "yes"}, stable: {version: "1.4.2"}}\n'
BY_WEIGHT: Final = '    canary: {stable: {version: "1.4.2"}, steps: [{at: 5, pause: 30m}, 50]}\n'


def traffic(value: str) -> str:
    return f"sed -i 's/  traffic: .*/  traffic: {value}/' environments/prod/environment.yaml && git commit -qam traffic"


OF_MOVES: Final[Mapping[str, Input]] = {
    # courses
    "course-no-finish": Input(
        [(BLUE_GREEN, BY_HEADER)],
        before=(GIT, f"{START} --change major", "shipway advance -q prod/shop --to '100 %'"),
        command=("finish", "prod/shop"),
    ),
    "course-soaking": Input([(BLUE_GREEN, BY_WEIGHT)], before=(*PUBLISHED, START), command=("advance", "prod/shop")),
    "old-version-given-up": Input(
        [(BLUE_GREEN, '    recreate: {version: "1.4.2"}\n')],
        environment=[('"1.34"\n', f'"1.34"\n  policy: {{exceptions: [{{rule: backend-empty, {ACCEPTED}}}]}}\n')],
        before=(*PUBLISHED, START, "git commit -qam start"),
        command=("publish", "prod"),
    ),
    "serving-track-changed": Input(
        before=(*PUBLISHED, f"sed -i 's/1.4.2/1.4.3/' {SHOP} && git commit -qam 1.4.3"), command=("publish", "prod")
    ),
    "promotion-skipped": Input(
        environment=[('"1.34"\n', '"1.34"\n  promotesFrom: [stage]\n')],
        files=second_environment("kubernetes: '1.34'", "stage"),
        before=(GIT,),
        command=("start", "prod/shop", "--version", "1.5.0"),
    ),
    "group-membership-changed": Input(
        files={path.replace("environments/prod", "group"): text for path, text in GROUPED.items()},
        before=(
            *PUBLISHED,
            f"mv group/* environments/prod && sed -i '/      active: blue/d' {SHOP}",
            "git add . && git commit -qm group",
        ),
        command=("publish", "prod"),
    ),
    "provider-left": Input(
        before=(
            *PUBLISHED,
            traffic("{gatewayApi: {gateway: public, namespace: infra}, ingressNginx: {className: nginx}}"),
            "shipway publish -q prod",
            traffic("{ingressNginx: {className: nginx}}"),
        ),
        command=("publish", "prod"),
    ),
    # repositories
    "project-shared": Input(
        environment=[('"1.34"\n', '"1.34"\n  argocd: {project: shops}\n')],
        files=second_environment("argocd: {project: shops}"),
        before=(GIT, "git remote add origin https://git.example.com/deploy.git"),
        command=("bootstrap", "prod"),
    ),
    "git-missing": Input(before=(GIT, "mkdir ../bin", "export PATH=../bin"), command=("publish", "prod")),
    "signing-failed": Input(
        before=(GIT, "git config commit.gpgSign true && git config gpg.program false"), command=("publish", "prod")
    ),
    "earlier-state-unreadable": Input(
        before=(
            *PUBLISHED,
            f"{BY_HAND} && echo 'a: [' > prod/shop/service-shop-blue.yaml && {PUSH}",
            f"cd ../hand && git revert --no-edit HEAD > ../revert.txt && git push -q && cd - && {MORE}",
        ),
        command=("publish", "prod"),
    ),
    "yaml-encoding": Input(before=(f"printf '# caf\\xe9\\n' >> {SHOP}",)),
    "file-not-text": Input(
        [("    preset: http\n", "    preset: http\n    config: {files: {logo: {path: logo.png}}}\n")],
        before=("printf '\\x89PNG' > environments/prod/logo.png",),
    ),
}
"""By code."""
