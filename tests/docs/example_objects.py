"""Specs that would write what the API server refuses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tests.docs.example_specs import MORE, Input, config_map, container, extra, override, policy, spec

OF_OBJECTS: Final[Mapping[str, Input]] = {
    # what the API server accepts
    "field-unknown": override("{Deployment/shop-blue: {spec: {replica: 5}}}"),
    "field-missing": extra(
        "apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: a}\n",
        "spec: {selector: {matchExpressions: [{key: a}]}}\n",
    ),
    "field-type": override('{Deployment/shop-blue: {spec: {minReadySeconds: "5"}}}'),
    "value-not-allowed": override("{Deployment/shop-blue: {spec: {template: {spec: {dnsPolicy: cluster}}}}}"),
    "value-out-of-range": override("{Deployment/shop-blue: {spec: {minReadySeconds: -1}}}"),
    "value-malformed": extra("apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ndata: {a: '!'}\n"),
    "choice-of-one": extra(
        "apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: a}\n",
        "spec: {selector: {matchLabels: {app: shop}}, minAvailable: 1, maxUnavailable: 1}\n",
    ),
    "quantity-invalid": override(
        "{Deployment/shop-blue: {spec: {template: {spec: {volumes: [{name: a, emptyDir: {sizeLimit: 5Gib}}]}}}}}"
    ),
    "requests-exceed-limits": Input([("limits: {memory: 512Mi}", "limits: {memory: 128Mi}")]),
    "port-invalid": override("{Service/shop-blue: {spec: {ports: [{name: HTTP, port: 443, targetPort: 70000}]}}}"),
    "data-key-invalid": config_map("data: {a b: c}"),
    "security-contradiction": container("securityContext: {privileged: true}"),
    "toleration-invalid": spec("pods: {tolerations: [{key: gpu, operator: Exists, value: x}]}"),
    "volume-missing": container("volumeMounts: [{name: data, mountPath: /data}]"),
    "probe-invalid": container("probes: {liveness: {path: /healthz, successThreshold: 3}}"),
    "grace-too-short": spec("pods: {terminationGracePeriodSeconds: 10}"),
    "restart-policy": override("{Deployment/shop-blue: {spec: {template: {spec: {restartPolicy: Never}}}}}"),
    "deadline-too-short": override("{Deployment/shop-blue: {spec: {progressDeadlineSeconds: 1}}}"),
    "budget-blocks-drain": override("{PodDisruptionBudget/shop-blue: {spec: {maxUnavailable: 0}}}"),
    "secret-malformed": extra("apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ntype: kubernetes.io/tls\ndata: {}\n"),
    "sync-wave-invalid": extra(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, annotations: {argocd.argoproj.io/sync-wave: first}}\n"
    ),
    "argocd-annotation": extra(
        "apiVersion: v1\nkind: ConfigMap\n",
        "metadata: {name: a, annotations: {argocd.argoproj.io/sync-options: Prun=false}}\n",
    ),
    "link-unsafe": extra(
        "apiVersion: v1\nkind: ConfigMap\n",
        'metadata: {name: a, annotations: {link.argocd.argoproj.io/docs: "javascript:x"}}\n',
    ),
    "file-hidden": config_map('data: {a: "+argocd:skip-file-rendering"}'),
    "service-selects-nothing": extra(
        "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {selector: {app: web}, ports: [{port: 80}]}\n"
    ),
    "port-unresolved": extra(
        "apiVersion: v1\nkind: Service\nmetadata: {name: a}\n",
        "spec: {selector: {app: shop}, ports: [{port: 80, targetPort: web}]}\n",
    ),
    "backend-missing": extra(
        "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: a}\n",
        "spec: {rules: [{host: a.example.com, "
        "http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}}]}\n",
    ),
    "key-missing": Input(
        [
            ("    preset: http\n", "    preset: http\n    volumeMounts: []\n"),
            ("env: {LOG_LEVEL: info}", "env: {LOG_LEVEL: {configMap: more, key: level}}"),
            ("  replicas: 3\n", "  replicas: 3\n  extras: [extras/more.yaml]\n"),
        ],
        files={MORE: "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: more}\ndata: {a: b}\n"},
    ),
    "target-missing": extra(
        "apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: a}\n",
        "spec: {selector: {matchLabels: {app: web}}, maxUnavailable: 1}\n",
    ),
    "utilization-without-request": Input(
        [
            ("replicas: 3", "autoscale: {min: 2, max: 4, cpu: 70}"),
            ("requests: {cpu: 250m, memory: 256Mi}", "requests: {memory: 256Mi}"),
        ]
    ),
    "policy-digest": policy("{requireDigest: true}"),
    "policy-registry": policy("{registries: [registry.example.com]}"),
    "policy-limits": Input(
        [("      limits: {memory: 512Mi}\n", "")], [('"1.34"\n', '"1.34"\n  policy: {requireLimits: true}\n')]
    ),
    "policy-quota": Input(
        [("requests: {cpu: 250m, memory: 256Mi}", "requests: {memory: 256Mi}")],
        [('"1.34"\n', '"1.34"\n  quota: {cpu: "8"}\n')],
    ),
    "policy-replicas": policy("{minReplicas: 5}"),
    "policy-inline-secret": extra("apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nstringData: {password: x}\n"),
    "policy-literal-secret": Input([("LOG_LEVEL: info", "DB_PASSWORD: hunter2-and-more")]),
    "object-duplicate": extra("apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: shop}\n"),
    "file-name-taken": extra(
        "apiVersion: a.example.com/v1\nkind: Rule\nmetadata: {name: a}\n"
        "---\napiVersion: b.example.com/v1\nkind: Rule\nmetadata: {name: a}\n"
    ),
}
