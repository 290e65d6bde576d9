"""Files that cannot be read or used, and files that do not fit together, for the pages of these codes."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Final

from tests.docs.example_specs import MORE, SHOP, WORKLOAD, Input, expose

KEY: Final = '"-----BEGIN PRIVATE KEY-----\\nMIIEvQIBADANBg\\n-----END PRIVATE KEY-----"'
BASE: Final = "kind: Release\nspec: {container: {config: {files: {a: {path: app.conf}}}}}\n"
RULE: Final = """\
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: more}
spec: {rules: [{host: a.example.com,
  http: {paths: [{path: /a//b, pathType: Prefix, backend: {service: {name: shop-blue, port: {number: 80}}}}]}}]}
"""
LAUGHS: Final = "a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{last}'] * 9)}]\n" for last, name in pairwise("abcdefghi")
)
OF_FILES: Final[Mapping[str, Input]] = {
    "file-not-regular": Input([("  replicas", "  extends: ../prod\n  replicas")]),
    "file-name-strange": Input(files={"environments/prod/sh\u200bop.yaml": "{}\n"}),
    "file-unreadable": Input([("  replicas", f"  extends: {'base' * 100}.yaml\n  replicas")]),
    "file-name-secret": expose(f"{{host: shop.example.com, tls: {{inline: {{crt: shop.crt, key: {KEY}}}}}}}"),
    "file-name-twice": Input(
        [
            ('{version: "1.4.2"}', '{version: "1.4.2", config: {files: {b: {path: app.conf}}}}'),
            ("  replicas", "  extends: ../bases/shop.yaml\n  replicas"),
        ],
        files={
            "environments/bases/shop.yaml": BASE,
            "environments/bases/app.conf": "theirs\n",
            "environments/prod/app.conf": "mine\n",
        },
    ),
    "yaml-too-large": Input(files={SHOP: f"# {'long ' * 500_000}\n"}),
    "yaml-too-many-values": Input(files={SHOP: f"spec: [{'1, ' * 60_000}]\n"}),
    "yaml-alias-expansion": Input(
        files={"old/web.yaml": WORKLOAD, "new/web.yaml": f"{WORKLOAD}{LAUGHS}"}, command=("verify", "old", "new")
    ),
    "data-too-large": Input(
        [
            (
                "    preset: http\n",
                "    preset: http\n    config: {files: {a.csv: {path: a.csv}, b.csv: {path: b.csv}}}\n",
            )
        ],
        files={f"environments/prod/{name}.csv": "1,2\n" * 150_000 for name in "ab"},
    ),
    "route-invalid": Input([("  replicas: 3\n", "  replicas: 3\n  extras: [extras/more.yaml]\n")], files={MORE: RULE}),
    "major-needs-group": Input(
        [('blue: {version: "1.4.2"}', 'blue: {version: "1.4.2"}\n      green: {version: "2.0.0", change: major}')]
    ),
    "application-missing": Input(
        files={"old/web.yaml": WORKLOAD, "new/web.yaml": WORKLOAD},
        command=("verify", "--application", "old/web.yaml", "old", "new"),
    ),
    "folder-empty": Input(
        files={"old/web.yaml": WORKLOAD, "new/README.md": "gone\n"}, command=("verify", "old", "new")
    ),
    "course-not-open": Input(command=("advance", "prod/shop")),
}
