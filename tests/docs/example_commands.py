"""Words of the command line, and several files, that do not fit together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tests.docs.example_specs import GROUPED, WORKLOAD, Input, policy, second_environment

OF_COMMANDS: Final[Mapping[str, Input]] = {
    # several environments and files
    "target-shared": Input(files=second_environment("gitops: {branch: shipway/prod, path: prod}")),
    "argocd-path-taken": Input(environment=[('"1.34"\n', '"1.34"\n  argocd: {path: shop}\n')]),
    "shard-of-release": Input(command=("check", "prod/shop", "--shard", "1/2")),
    "output-unwritable": Input(command=("docs", "--write", "environments/prod/shop.yaml")),
    "file-exists": Input(
        files={"old.yaml": WORKLOAD}, command=("adopt", "old.yaml", "--into", "prod", "--release", "shop")
    ),
    "folder-not-empty": Input(command=("demo", "--dir", "environments")),
    "adopt-namespace": Input(
        files={"old.yaml": WORKLOAD}, command=("adopt", "old.yaml", "--into", "prod", "--namespace", "web")
    ),
    "adopt-one-name": Input(
        files={"old.yaml": f"{WORKLOAD}---\n{WORKLOAD.replace('web', 'api')}"},
        command=("adopt", "old.yaml", "--into", "prod", "--release", "web"),
    ),
    "adopt-receipt-broken": Input(
        files={"old.yaml": WORKLOAD, "environments/prod/adopted/web.json": "{}"},
        command=("adopt", "old.yaml", "--into", "prod"),
    ),
    "observe-source": Input(
        environment=[
            ('"1.34"\n', '"1.34"\n  observe: {kubernetes: {}, argocd: {url: "https://argocd", tokenFile: token}}\n')
        ]
    ),
    "observe-insecure": Input(
        environment=[
            ('"1.34"\n', '"1.34"\n  observe: {prometheus: {url: "http://prometheus:9090", tokenFile: token}}\n')
        ]
    ),
    "manifests-unrendered": Input(
        files={"chart/kustomization.yaml": "helmCharts: [{name: web}]\n", "new/web.yaml": WORKLOAD},
        command=("verify", "chart", "new"),
    ),
    "object-malformed": Input(
        files={"old/web.yaml": WORKLOAD, "new/web.yaml": WORKLOAD.replace("metadata: {name: web}\n", "")},
        command=("verify", "old", "new"),
    ),
    "promotion-detour": Input(
        environment=[('"1.34"\n', '"1.34"\n  promotesFrom: [stage]\n')],
        files={**second_environment("kubernetes: '1.34'", "stage"), **second_environment("kubernetes: '1.34'", "dev")},
        command=("promote", "shop", "--from", "dev", "--to", "prod"),
    ),
    # further files and commands
    "promotion-unknown": Input(environment=[('"1.34"\n', '"1.34"\n  promotesFrom: [stage]\n')]),
    "out-in-specs": Input(command=("build", "--out", "environments")),
    "why-not-found": Input(command=("why", "prod/shop", "Deployment/web:spec.replicas")),
    "course-version-missing": Input(command=("start", "prod/shop")),
    "course-version-invalid": Input(command=("start", "prod/shop", "--version", "a b")),
    "course-in-group": Input(
        [("      active: blue\n", "")], files=GROUPED, command=("start", "prod/shop", "--version", "2")
    ),
    "course-member-unknown": Input(
        [("      active: blue\n", "")], files=GROUPED, command=("start", "prod/all", "--member", "web=2")
    ),
    "adopt-empty": Input(files={"old.yaml": "# nothing\n"}, command=("adopt", "old.yaml", "--into", "prod")),
    "adopt-unrendered": Input(
        files={"old.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: {{ .Values.name }}}\n"},
        command=("adopt", "old.yaml", "--into", "prod"),
    ),
    "adopt-duplicate": Input(
        files={"old.yaml": f"{WORKLOAD}---\n{WORKLOAD.replace('web:1', 'web:2')}"},
        command=("adopt", "old.yaml", "--into", "prod"),
    ),
    "adopt-receipt-missing": Input(
        files={"old.yaml": WORKLOAD}, command=("adopt", "old.yaml", "--into", "prod", "--check")
    ),
    # the command line
    "code-unknown": Input(command=("explain", "route-losst")),
    "page-unknown": Input(command=("docs", "conceptz")),
    "exception-expired": policy(
        "{exceptions: [{rule: policy-digest, release: shop, expires: 2020-01-01, owner: ada, reason: soon}]}"
    ),
}
