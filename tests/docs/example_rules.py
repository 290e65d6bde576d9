"""Specs that no rule of Shipway's accepts, for the pages of these codes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tests.docs.example_specs import (
    BLUE_GREEN,
    ENVIRONMENT,
    GATEWAY,
    GROUP,
    GROUPED,
    OTHER,
    RELEASE,
    ROLLING,
    SHOP,
    Input,
    container,
    expose,
    extra,
    override,
    policy,
    spec,
    strategy,
)

OF_RULES: Final[Mapping[str, Input]] = {
    # YAML
    "yaml-syntax": Input([("{LOG_LEVEL: info}", "{LOG_LEVEL: info")]),
    "yaml-tab": Input([("  replicas", "\treplicas")]),
    "yaml-empty": Input(files={SHOP: ""}),
    "yaml-not-a-mapping": Input(files={SHOP: "- shop\n"}),
    "yaml-conflict": Input(
        [("  replicas: 3\n", "<<<<<<< HEAD\n  replicas: 3\n=======\n  replicas: 4\n>>>>>>> more\n")]
    ),
    "yaml-several-documents": Input([("  strategy:", "---\n  strategy:")]),
    "yaml-duplicate-key": spec("replicas: 4"),
    "internal-exposed": expose("{internal: true, host: shop.example.com}"),
    "yaml-alias": Input([("{LOG_LEVEL: info}", "&env {LOG_LEVEL: info}"), ("requests: {", "requests: *env #{")]),
    "yaml-merge-key": Input([("{LOG_LEVEL: info}", "{<<: {A: b}}")]),
    "yaml-tag": Input([("replicas: 3", "replicas: !!int 3")]),
    "yaml-directive": Input([("apiVersion:", "%YAML 1.1\n---\napiVersion:")]),
    "yaml-number-range": Input([("replicas: 3", "replicas: 99999999999999999999999999")]),
    "yaml-leading-zero": Input([("replicas: 3", "replicas: 03")]),
    "yaml-key-not-text": Input([("{LOG_LEVEL: info}", "{1: info}")]),
    "yaml-control-character": Input([("LOG_LEVEL: info", 'LOG_LEVEL: "in\x07fo"')]),
    "yaml-bidi-control": Input([("LOG_LEVEL: info", 'LOG_LEVEL: "in\u202efo"')]),
    "file-missing": Input([("  replicas", "  extends: ../bases/web.yaml\n  replicas")]),
    "file-outside": Input([("  replicas", "  extends: ../../../web.yaml\n  replicas")]),
    "extends-not-a-path": Input([("  replicas", "  extends: 3\n  replicas")]),
    "extends-cycle": Input([("  replicas", "  extends: shop.yaml\n  replicas")]),
    "extends-kind": Input([("  replicas", "  extends: environment.yaml\n  replicas")]),
    # the shape of a spec
    "spec-unknown-key": Input([("replicas", "replicaz")]),
    "spec-missing-key": Input([("    image: ghcr.io/acme/shop\n", "")], files={}),
    "spec-wrong-type": Input([("replicas: 3", 'replicas: "3"')]),
    "spec-wrong-value": container("imagePullPolicy: always"),
    "kind-unknown": Input([("kind: Release", "kind: Service")]),
    "duplicate-name": Input(files={"environments/prod/shop2.yaml": RELEASE}),
    "environment-name": Input(environment=[("{name: prod}", "{name: production}")]),
    "environment-elsewhere": Input(files={"environments/prod/more.yaml": ENVIRONMENT}),
    "strategy-one-of": Input([("    blueGreen:", '    rolling: {version: "1"}\n    blueGreen:')]),
    "strategy-unknown": Input([("blueGreen", "bluegreen")]),
    "traffic-one-of": Input(environment=[("{gatewayApi: {gateway: public, namespace: infra}}", "{}")]),
    "traffic-unknown": Input(environment=[("gatewayApi", "gateway")]),
    "expose-missing": Input([("  expose: {host: shop.example.com}\n", "")]),
    "preset-unknown": Input([("preset: http", "preset: htttp")]),
    "replicas-or-autoscale": spec("autoscale: {min: 2, max: 4, cpu: 70}"),
    "autoscale-range": Input([("replicas: 3", "autoscale: {min: 5, max: 4, cpu: 70}")]),
    "unknown-environment": Input(command=("check", "stage")),
    "unknown-release": Input(command=("check", "prod/shopp")),
    "name-incomplete": Input(command=("start", "shop", "--version", "2")),
    # strategies
    "major-needs-versions": strategy('rolling: {version: "2", change: major, previous: {version: "1"}}'),
    "smoke-gates-nothing": Input(
        [
            (BLUE_GREEN, '    rolling: {version: "1"}\n'),
            ("  replicas: 3\n", "  replicas: 3\n  smokeTest: {image: 'ghcr.io/acme/smoke:1'}\n"),
        ]
    ),
    "pins-need-router": strategy(
        'canary: {stable: {version: "1"}, canary: {version: "2"}, by: pods, cookie: c, at: 50}'
    ),
    "active-missing": Input([("      active: blue\n", "")]),
    "active-track-empty": Input([("active: blue", "active: green")]),
    "active-track-aborted": Input([('{version: "1.4.2"}', '{version: "1.4.2", aborted: true}')]),
    "group-decides-active": Input(files=GROUPED),
    "preview-one-of": Input(
        [("      active: blue\n", "      active: blue\n      preview: {host: p.example.com, header: {name: X}}\n")]
    ),
    "pods-ratio-autoscaled": Input(
        [
            (BLUE_GREEN, '    canary: {stable: {version: "1"}, canary: {version: "2"}, by: pods, at: 50}\n'),
            ("replicas: 3", "autoscale: {min: 2, max: 4, cpu: 70}"),
        ]
    ),
    "steps-not-growing": strategy('canary: {stable: {version: "1"}, steps: [50, 25]}'),
    "share-quantised": strategy(
        'canary: {stable: {version: "1"}, canary: {version: "2"}, by: pods, steps: [10, 50], at: 10}'
    ),
    "rollout-cannot-move": strategy('rolling: {version: "1", maxSurge: 0, maxUnavailable: 0}'),
    "tracks-tie": strategy('versioned: {v1: {version: "1", path: /a}, v2: {version: "2", path: /a}}'),
    "sunset-before-deprecation": strategy(
        'versioned: {v1: {version: "1", deprecated: 2027-03-01, sunset: 2027-02-01}}'
    ),
    # traffic
    "provider-lacks": Input(
        [(BLUE_GREEN, '    canary: {stable: {version: "1"}, canary: {version: "2"}, at: 25}\n')],
        [("{gatewayApi: {gateway: public, namespace: infra}}", "{service: {}}")],
    ),
    "node-port-twice": Input(
        [
            (
                "expose: {host: shop.example.com}",
                "expose: {host: shop.example.com, service: {type: NodePort, nodePort: 30443}}",
            )
        ],
        files={
            "environments/prod/cart.yaml": OTHER.replace(
                "expose: {host: shop.example.com}",
                "expose: {host: cart.example.com, service: {type: NodePort, nodePort: 30443}}",
            )
        },
    ),
    "annotation-of-provider": Input(
        [
            (
                "expose: {host: shop.example.com}",
                'expose: {host: shop.example.com, annotations: {nginx.ingress.kubernetes.io/canary: "true"}}',
            )
        ],
        [("{gatewayApi: {gateway: public, namespace: infra}}", "{ingressNginx: {className: nginx}}")],
    ),
    "retirement-not-announced": Input(
        [(BLUE_GREEN, '    versioned: {v1: {version: "1", deprecated: 2027-01-01, sunset: 2027-02-01}}\n')],
        [("{gatewayApi: {gateway: public, namespace: infra}}", "{ingressNginx: {className: nginx}}")],
    ),
    "routes-tie": Input(files={"environments/prod/cart.yaml": OTHER}),
    "strip-exact": expose("{host: shop.example.com, path: /a, pathType: Exact, stripPrefix: true}"),
    # objects
    "tls-one-of": expose("{host: shop.example.com, tls: {secretName: a, certificate: {issuer: le}}}"),
    "tls-needs-host": expose("{path: /shop, tls: {certificate: {issuer: le}}}"),
    "inline-secret": Input(
        [
            (
                "expose: {host: shop.example.com}",
                "expose: {host: shop.example.com, tls: {inline: {crt: tls.crt, key: tls.key}}}",
            )
        ],
        files={"environments/prod/tls.crt": "x", "environments/prod/tls.key": "x"},
    ),
    "override-unknown-object": override("{Deployment/web: {spec: {minReadySeconds: 5}}}"),
    "override-pins-image": override(
        '{Deployment/shop-blue: {spec: {template: {spec: {containers: [{name: shop, image: "ghcr.io/acme/shop:1"}]}}}}}'
    ),
    "override-kept-field": override("{Deployment/shop-blue: {metadata: {name: web}}}"),
    "liveness-before-start": Input(
        [("preset: http", "probes: {startup: off, liveness: {path: /healthz}}\n    startupSeconds: 600")]
    ),
    "reserved-key": Input([("metadata: {name: shop}", "metadata: {name: shop, labels: {app: web}}")]),
    "quota-exceeded": Input(environment=[('"1.34"\n', '"1.34"\n  quota: {cpu: "1"}\n')]),
    "paths-versioned": Input(
        [
            ("expose: {host: shop.example.com}", "expose: {host: shop.example.com, paths: [/a, /b]}"),
            (BLUE_GREEN, '    versioned: {v1: {version: "1"}}\n'),
        ]
    ),
    "tls-host-unknown": expose("{host: shop.example.com, tls: {secrets: {a: [other.example.com]}}}"),
    "port-twice": container("ports: {http: 8080, admin: 8080}"),
    "service-port-target": expose("{host: shop.example.com, service: {ports: {http: {port: 443, targetPort: web}}}}"),
    "readiness-off": container("probes: {readiness: off}"),
    "worker-exposed": Input([("preset: http", "port: none")]),
    "extra-not-object": extra("hello: world\n"),
    "extra-cluster-scoped": extra(
        "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: a}\nrules: []\n"
    ),
    "extra-namespace": extra("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: other}\n"),
    "extra-of-argocd": extra("apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: a}\nspec: {}\n"),
    # groups
    "group-entry": Input(
        [("      active: blue\n", "")],
        files=GROUPED | {"environments/prod/all.yaml": GROUP.replace("entry: shop", "entry: web")},
    ),
    "group-member-unknown": Input([("      active: blue\n", "")], files={"environments/prod/all.yaml": GROUP}),
    "group-needs-blue-green": Input([(BLUE_GREEN, '    rolling: {version: "1"}\n')], files=GROUPED),
    # more objects
    "name-invalid": extra("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: My_Map}\n"),
    "label-invalid": extra("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, labels: {team: a team}}\n"),
    "host-invalid": extra(
        "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: a}\n",
        "spec: {rules: [{host: A.example.com, "
        "http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: shop-blue, port: {number: 443}}}}]}}]}\n",
    ),
    "image-invalid": spec("pods: {sidecars: [{name: log, image: 'Log:1', resources: {limits: {memory: 64Mi}}}]}"),
    "resource-unknown": spec("pods: {sidecars: [{name: log, image: 'log:1', resources: {limits: {gpu: 1}}}]}"),
    "env-name-invalid": spec("pods: {sidecars: [{name: log, image: 'log:1', env: [{name: 1A, value: x}]}]}"),
    "replicas-range": extra(
        "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: a}\n",
        "spec: {minReplicas: 5, maxReplicas: 2, "
        "scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: shop-blue}}\n",
    ),
    "port-conflict": extra(
        "apiVersion: v1\nkind: Service\nmetadata: {name: a}\n",
        "spec: {selector: {app: shop}, ports: [{name: a, port: 80}, {name: b, port: 80}]}\n",
    ),
    "service-type": extra(
        "apiVersion: v1\nkind: Service\nmetadata: {name: a}\n",
        "spec: {selector: {app: shop}, ports: [{port: 80, nodePort: 30443}]}\n",
    ),
    "route-conflict": extra(
        "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: a}\nspec: {rules: [{host: a.example.com, "
        "http: {paths: [\n",
        "  {path: /, pathType: Prefix, backend: {service: {name: shop-blue, port: {number: 443}}}},\n",
        "  {path: /, pathType: Prefix, backend: {service: {name: shop-green, port: {number: 443}}}}]}}]}\n",
    ),
    "name-case": extra(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n---\n"
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: A}\n"
    ),
    # workers, state, analysis
    "worker-strategy": Input([("preset: http", "port: none"), ("expose: {host: shop.example.com}", "expose: {}")]),
    "analysis-times": strategy(
        "canary: {stable: {version: '1'}, analysis: {every: 10m, window: 5m, "
        "checks: [{name: a, preset: errorRate, max: 0.01}]}}"
    ),
    "analysis-check": strategy("canary: {stable: {version: '1'}, analysis: {checks: [{name: a, preset: errorRate}]}}"),
    "analysis-query": strategy(
        "canary: {stable: {version: '1'}, analysis: {checks: [{name: a, query: 'sum(', max: 1}]}}"
    ),
    "analysis-unobserved": strategy(
        "canary: {stable: {version: '1'}, analysis: {checks: [{name: errors, preset: errorRate, max: 0.01}]}}"
    ),
    "stateful-strategy": spec("stateful: {claims: []}"),
    "identity-track-unknown": spec("identity: {track: red, deployment: web, selector: {app: web}}"),
    "override-kept-object": override("{Deployment/shop-blue: null}"),
    "stateful-claim": Input([ROLLING, ("  replicas: 3\n", "  replicas: 3\n  stateful: {claims: [{spec: {}}]}\n")]),
    "stateful-autoscale": Input(
        [ROLLING, ("  replicas: 3\n", "  autoscale: {min: 2, max: 4, cpu: 70}\n  stateful: {claims: []}\n")]
    ),
    "paused-strategy": Input([("replicas: 3", "replicas: 0")]),
    "service-name-taken": expose("{host: shop.example.com, services: {shop-green: {ports: {http: 80}}}}"),
    "identity-labels-differ": spec("identity: {deployment: web, selector: {app: web}, labels: {app: shop}}"),
    "identity-unused": Input(
        [
            ("  replicas: 3\n", "  replicas: 3\n  identity: {deployment: web, selector: {app: web}, track: green}\n"),
        ]
    ),
    "identity-service-taken": spec("identity: {deployment: web, selector: {app: web}, service: shop-blue}"),
    "expose-unrouted": Input(environment=[(GATEWAY, "{service: {}}")]),
    "node-port-closed": expose("{host: shop.example.com, service: {nodePort: 30080}}"),
    "image-volume-gated": spec("pods: {models: [{name: m, image: 'ghcr.io/acme/model:1', mountPath: /models}]}"),
    "grpc-port-unknown": expose("{grpc: {host: calls.example.com, port: calls}}"),
    "grpc-host-shared": expose("{host: shop.example.com, grpc: {host: shop.example.com}}"),
    "path-host-unknown": expose("{host: shop.example.com, paths: [{path: /a, hosts: [web.example.com]}]}"),
    "host-without-path": expose(
        "{hosts: [shop.example.com, web.example.com], paths: [{path: /a, hosts: [shop.example.com]}]}"
    ),
    "objects-clash": Input(
        files={
            "environments/prod/blue.yaml": OTHER.replace("{name: cart}", "{name: shop-blue}")
            .replace(BLUE_GREEN, '    rolling: {version: "1"}\n')
            .replace("shop.example.com", "blue.example.com")
        }
    ),
    "group-member-taken": Input(
        [("      active: blue\n", "")],
        files={**GROUPED, "environments/prod/all.yaml": GROUP.replace("[shop, cart]", "[shop, cart, shop]")},
    ),
    "group-member-exposed": Input(
        [("      active: blue\n", "")],
        files={
            **GROUPED,
            "environments/prod/cart.yaml": OTHER.replace("      active: blue\n", "").replace(
                "shop.example.com", "cart.example.com"
            ),
        },
    ),
    "nginx-one-canary": Input(
        [
            (
                BLUE_GREEN,
                "    versioned:\n      v1: {version: '1'}\n      v2: {version: '2', header: {name: X, value: a}}\n"
                "      v3: {version: '3', header: {name: X, value: b}}\n",
            )
        ],
        [(GATEWAY, "{ingressNginx: {className: nginx}}")],
    ),
    "nginx-canary-alone": Input(
        [
            (
                BLUE_GREEN,
                "    versioned:\n      v1: {version: '1', path: /v1}\n"
                "      v2: {version: '2', header: {name: X, value: b}}\n",
            )
        ],
        [(GATEWAY, "{ingressNginx: {className: nginx}}")],
    ),
    "regex-host": Input(
        [
            ("{host: shop.example.com}", "{host: shop.example.com, stripPrefix: true}"),
            (BLUE_GREEN, "    versioned:\n      v1: {version: '1', path: /v1}\n      v2: {version: '2', path: /v2}\n"),
        ],
        [(GATEWAY, "{ingressNginx: {className: nginx}}")],
    ),
    "variable-rewritten": Input([("LOG_LEVEL: info", "LOG_LEVEL: 1.10")]),
    "exception-idle": policy(
        "{exceptions: [{rule: route-losst, release: shop, expires: 2199-01-01, owner: ada, reason: soon}]}"
    ),
    "yaml-alias-unknown": extra("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: more}\ndata: *values\n"),
    "yaml-byte-order-mark": Input([("  replicas", "\ufeff  replicas")]),
    "yaml-too-deep": container("env: " + "{A: " * 120 + "1" + "}" * 120),
    "extends-too-long": Input(
        [("  replicas", "  extends: ../../bases/b0.yaml\n  replicas")],
        files={f"bases/b{number}.yaml": f"spec: {{extends: b{number + 1}.yaml}}\n" for number in range(40)},
    ),
    "annotations-too-large": extra(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: more, annotations: {a: '" + "x" * 270_000 + "'}}\n"
    ),
}
