"""What a release yields as its spec asks: containers, pods, linked_routes, secrets, overrides, cost."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from tests.pipeline.specs import codes, container, environment, findings, objects, release, wave

ROLLING = 'rolling: {version: "1.0.0"}'
BLUE = 'blueGreen: {active: blue, blue: {version: "1.0.0"}}'


def deployment(text: str, name: str = "api", provider: str = "gatewayApi") -> dict:  # type: ignore[type-arg]
    return objects(environment(provider), text)[f"Deployment/{name}"]


def test_the_bentoml_preset() -> None:
    spec = deployment(release(ROLLING))
    app = container(spec)
    assert app["args"] == ["bentoml", "serve", "--port", "3000"]
    assert app["ports"] == [{"name": "http", "containerPort": 3000, "protocol": "TCP"}]
    assert app["readinessProbe"]["httpGet"] == {"path": "/readyz", "port": "http"}
    assert app["livenessProbe"]["httpGet"]["path"] == "/livez"
    assert app["startupProbe"]["failureThreshold"] * app["startupProbe"]["periodSeconds"] == 300
    assert app["lifecycle"] == {"preStop": {"sleep": {"seconds": 15}}}
    pod = spec["spec"]["template"]["spec"]
    assert pod["terminationGracePeriodSeconds"] >= 15 + 60


@pytest.mark.parametrize(
    ("override", "field", "value"),
    [
        ("port: 4000", "args", ["bentoml", "serve", "--port", "4000"]),
        ("args: [serve]", "args", ["serve"]),
        ("command: [/bin/app]", "command", ["/bin/app"]),
        ("workingDir: /srv", "workingDir", "/srv"),
        ("imagePullPolicy: Always", "imagePullPolicy", "Always"),
        ("probes: {liveness: off}", "livenessProbe", None),
        ("probes: {startup: off}", "startupProbe", None),
        (
            "probes: {readiness: {path: /up}}",
            "readinessProbe",
            {"httpGet": {"path": "/up", "port": "http"}, "periodSeconds": 5, "timeoutSeconds": 5},
        ),
        (
            "probes: {liveness: {tcp: true}}",
            "livenessProbe",
            {"tcpSocket": {"port": "http"}, "periodSeconds": 10, "timeoutSeconds": 5},
        ),
        ("drainSeconds: 0", "lifecycle", None),
        ("securityContext: {}", "securityContext", None),
    ],
)
def test_whatever_a_preset_sets_can_be_overridden(override: str, field: str, value: object) -> None:
    assert container(deployment(release(ROLLING, container=f"preset: bentoml, {override}"))).get(field) == value


def test_a_drain_and_a_grace_that_fit_the_longest_request() -> None:
    spec = deployment(release(ROLLING, container="preset: bentoml, longestRequestSeconds: 300, drainSeconds: 20"))
    pod = spec["spec"]["template"]["spec"]
    assert pod["terminationGracePeriodSeconds"] >= 320


def test_the_progress_deadline_follows_the_start_up_budget() -> None:
    spec = deployment(release(ROLLING, container="preset: bentoml, startupSeconds: 900"))
    assert spec["spec"]["progressDeadlineSeconds"] == 900 + 10 + 60


def test_the_image_has_its_tag_and_digest() -> None:
    digest = "sha256:" + "b" * 64
    text = release(f'rolling: {{version: "1.0.0", digest: "{digest}"}}')
    assert container(deployment(text))["image"] == f"ghcr.io/acme/api:1.0.0@{digest}"


def test_pods_as_the_spec_asks() -> None:
    text = release(
        ROLLING,
        more="""replicas: 2
  pods:
    nodeSelector: {pool: gpu}
    tolerations: [{key: gpu, operator: Exists}]
    imagePullSecrets: [regcred]
    priorityClassName: high
    models: [{name: weights, mountPath: /models, claim: weights-pvc}, {name: oci, mountPath: /oci, image: "w:1"}]
    initContainers: [{name: warm, image: "busybox:1"}]
    volumes: [{name: tmp, emptyDir: {}}]""",
        container="preset: bentoml, resources: {limits: {nvidia.com/gpu: 1}}, "
        "volumeMounts: [{name: tmp, mountPath: /tmp}]",
    )
    pod = deployment(text)["spec"]["template"]["spec"]
    assert pod["nodeSelector"] == {"pool": "gpu"}
    assert pod["imagePullSecrets"] == [{"name": "regcred"}]
    assert [volume["name"] for volume in pod["volumes"]] == ["weights", "oci", "tmp"]
    assert pod["initContainers"][0]["name"] == "warm"
    assert pod["containers"][0]["resources"]["limits"] == {"nvidia.com/gpu": "1"}
    mounts = {mount["name"]: mount for mount in pod["containers"][0]["volumeMounts"]}
    assert mounts["weights"]["readOnly"] is True
    assert pod["topologySpreadConstraints"][0]["whenUnsatisfiable"] == "ScheduleAnyway"


def test_a_restricted_security_context_by_default() -> None:
    spec = deployment(release(ROLLING))
    assert spec["spec"]["template"]["spec"]["securityContext"]["runAsNonRoot"] is True
    assert container(spec)["securityContext"]["capabilities"] == {"drop": ["ALL"]}


def test_configuration_is_named_by_its_content_and_kept_for_going_back() -> None:
    text = release(
        'rolling: {version: "2", config: {values: {K: 2}}, previous: {version: "1", config: {values: {K: 1}}}}',
        container="preset: bentoml, config: {values: {MODE: fast}, files: {a.ini: inline, b.ini: {path: b.ini}}}",
    )
    manifests = objects(environment(), text, data={"b.ini": "from a file"})
    maps = {key: obj for key, obj in manifests.items() if key.startswith("ConfigMap/")}
    assert len(maps) == 3
    assert all(obj["immutable"] for obj in maps.values())
    options = {obj["metadata"]["annotations"]["argocd.argoproj.io/sync-options"] for obj in maps.values()}
    assert options == {"PruneLast=true"}
    used = container(manifests["Deployment/api"])["envFrom"][0]["configMapRef"]["name"]
    assert manifests[f"ConfigMap/{used}"]["data"] == {"K": "2", "MODE": "fast"}
    (files,) = (obj["data"] for key, obj in maps.items() if "-files-" in key)
    assert files == {"a.ini": "inline", "b.ini": "from a file"}


def test_environment_from_values_secrets_and_fields() -> None:
    text = release(
        'rolling: {version: "1", env: {LEVEL: debug}}',
        container="preset: bentoml, env: {LEVEL: info, N: 4, ON: true, TOKEN: {secret: api, key: token}, "
        "POD: {field: metadata.name}}",
    )
    env = {each["name"]: each for each in container(deployment(text))["env"]}
    assert env["LEVEL"]["value"] == "debug"
    assert (env["N"]["value"], env["ON"]["value"]) == ("4", "true")
    assert env["TOKEN"]["valueFrom"] == {"secretKeyRef": {"name": "api", "key": "token"}}
    assert env["POD"]["valueFrom"]["fieldRef"]["fieldPath"] == "metadata.name"


def test_a_smoke_test_gates_the_routes() -> None:
    text = release(BLUE, more="smokeTest: {image: curlimages/curl:8, args: [--fail, $(SMOKE_URL)]}")
    manifests = objects(environment(), text)
    (job,) = [obj for key, obj in manifests.items() if key.startswith("Job/")]
    assert wave(job) == "1"
    assert job["spec"]["activeDeadlineSeconds"] == 300
    assert job["spec"]["template"]["spec"]["containers"][0]["env"][0]["value"] == "http://api-blue-smoke:80"
    assert "Service/api-blue-smoke" in manifests


def test_a_smoke_job_is_named_by_what_it_tests() -> None:
    def name(version: str) -> str:
        text = release(BLUE.replace("1.0.0", version), more="smokeTest: {image: curlimages/curl:8}")
        return next(key for key in objects(environment(), text) if key.startswith("Job/"))

    assert name("1.0.0") == name("1.0.0") != name("1.0.1")


def test_a_network_policy_lets_the_gateway_in() -> None:
    manifests = objects(environment(), release(ROLLING, more="networkPolicy: {fromNamespaces: [{team: web}]}"))
    rule = manifests["NetworkPolicy/api"]["spec"]["ingress"][0]
    assert rule["from"][0]["namespaceSelector"]["matchLabels"] == {"kubernetes.io/metadata.name": "infra"}
    assert rule["ports"] == [{"protocol": "TCP", "port": 3000}]


@pytest.mark.parametrize(
    ("provider", "namespace"),
    [
        ("gatewayApi", "infra"),
        ("ingressNginx", "ingress-nginx"),
        ("ingressNginx: {className: nginx, namespace: edge}", "edge"),
    ],
)
def test_where_the_environment_denies_by_default_each_release_opens_its_port(provider: str, namespace: str) -> None:
    manifests = objects(environment(provider, "  defaultDeny: true\n"), release(ROLLING))
    (rule,) = manifests["NetworkPolicy/api"]["spec"]["ingress"]
    labels = {"kubernetes.io/metadata.name": namespace}
    assert rule["from"] == [{"namespaceSelector": {"matchLabels": labels}}]
    assert "NetworkPolicy/api" not in objects(environment(provider), release(ROLLING))


def test_clients_of_a_node_port_come_from_anywhere() -> None:
    more = "networkPolicy: {}\n  expose: {service: {type: NodePort}}"
    (rule,) = objects(environment("service"), release(ROLLING, more=more))["NetworkPolicy/api"]["spec"]["ingress"]
    assert "from" not in rule


@pytest.mark.parametrize(
    ("tls", "kind", "path"),
    [
        ("certificate: {issuer: letsencrypt}", "Certificate/api-tls", ("spec", "issuerRef", "name")),
        (
            "externalSecret: {store: vault, crt: tls/api#crt, key: tls/api#key}",
            "ExternalSecret/api-tls",
            ("spec", "secretStoreRef", "name"),
        ),
        ("sealedSecret: {crt: AgBy, key: AgBz}", "SealedSecret/api-tls", ("spec", "template", "type")),
    ],
)
def test_ways_to_a_certificate(tls: str, kind: str, path: tuple[str, ...]) -> None:
    text = release(ROLLING, more=f"expose: {{host: a.example.com, tls: {{{tls}}}}}")
    manifests = objects(environment("ingressNginx"), text)
    value: Any = manifests[kind]
    for part in path:
        value = value[part]
    assert value in ("letsencrypt", "vault", "kubernetes.io/tls")
    assert manifests["Ingress/api"]["spec"]["tls"][0]["secretName"] == "api-tls"


INLINE = release(ROLLING, more="expose: {host: a.example.com, tls: {inline: {crt: a.crt, key: a.key}}}")
KEY = "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n"


def test_inline_key_material_only_where_the_policy_allows() -> None:
    assert "inline-secret" in codes(environment("ingressNginx"), INLINE, data={"a.crt": "x", "a.key": KEY})
    allowed = environment("ingressNginx", "  policy: {inlineSecrets: allow}\n")
    manifests = objects(allowed, INLINE, data={"a.crt": "crt", "a.key": KEY})
    assert base64.b64decode(manifests["Secret/api-tls"]["data"]["tls.key"]).decode() == KEY


def test_no_message_ever_holds_a_key() -> None:
    for text in (INLINE, INLINE.replace("preset: bentoml", "preset: nonsense")):
        for finding in findings(environment("ingressNginx"), text, data={"a.crt": "x", "a.key": KEY}):
            assert "c2VjcmV0" not in finding.message + finding.help


def test_overrides_merge_and_null_deletes() -> None:
    text = release(
        ROLLING,
        more="""overrides:
    Deployment/api:
      metadata: {annotations: {team: ml}}
      spec: {revisionHistoryLimit: 7, template: {spec: {topologySpreadConstraints: null}}}""",
    )
    spec = deployment(text)
    assert spec["spec"]["revisionHistoryLimit"] == 7
    assert spec["metadata"]["annotations"] == {"team": "ml"}
    assert "topologySpreadConstraints" not in spec["spec"]["template"]["spec"]
    assert spec["spec"]["template"]["spec"]["containers"]


@pytest.mark.parametrize(
    "tree",
    [
        "metadata: {name: other}",
        "spec: {selector: {matchLabels: {a: b}}}",
        'metadata: {annotations: {argocd.argoproj.io/sync-wave: "9"}}',
        "spec: {template: {metadata: {labels: {app: x}}}}",
    ],
)
def test_names_selectors_and_waves_cannot_be_overridden(tree: str) -> None:
    assert "override-kept-field" in codes(
        environment(), release(ROLLING, more=f"overrides: {{Deployment/api: {{{tree}}}}}")
    )


def test_an_override_of_nothing_says_what_was_meant() -> None:
    (finding,) = findings(environment(), release(ROLLING, more="overrides: {Deployment/apo: {spec: {paused: true}}}"))
    assert (finding.code, finding.help) == ("override-unknown-object", "did you mean `Deployment/api`?")


def test_an_objects_error_points_to_the_line_of_the_spec() -> None:
    text = release(ROLLING, container='preset: bentoml, resources: {requests: {cpu: "4"}, limits: {cpu: "2"}}')
    (finding,) = findings(environment(), text)
    assert finding.loc is not None
    assert text.splitlines()[finding.loc.line - 1].lstrip().startswith("container:")


def test_the_double_cost_is_checked_against_the_quota() -> None:
    limited = environment(more='  quota: {pods: 7, cpu: "100"}\n')
    asks = "resources: {requests: {cpu: 1}}"
    assert codes(limited, release(ROLLING, container=asks)) == []
    (finding,) = findings(limited, release(BLUE, container=asks))
    assert finding.code == "quota-exceeded"
    assert "9 pods" in finding.message


def test_one_disruption_budget_a_track_that_allows_a_disruption() -> None:
    two = BLUE.replace("}}", '}, green: {version: "2"}}')
    manifests = objects(environment(), release(two))
    budgets = [obj for key, obj in manifests.items() if key.startswith("PodDisruptionBudget/")]
    assert [each["spec"]["maxUnavailable"] for each in budgets] == [1, 1]


@pytest.mark.parametrize(
    ("text", "code", "fix"),
    [
        ("replica: 3", "spec-unknown-key", "did you mean `replicas`?"),
        ('replicas: "3"', "spec-wrong-type", "write the number without quotes"),
        ("replicas: 3\n  autoscale: {min: 1, max: 2}", "replicas-or-autoscale", "keep one of them"),
        ("expose: {path: v1}", "spec-wrong-value", "a path begins with `/`"),
        ("autoscale: {min: 5, max: 2}", "autoscale-range", "swap them"),
        ("autoscale: {min: 2, max: 5, switchAt: 9}", "autoscale-range", "choose a number between"),
        ("expose: {service: {type: NodePort, nodePort: 80}}", "spec-wrong-value", ""),
        ('pods: {labels: {shipway.dev/contract: "9"}}', "reserved-key", "choose another one"),
        ("pods: {labels: {app: other}}", "reserved-key", "choose another one"),
        ('expose: {annotations: {argocd.argoproj.io/sync-wave: "7"}}', "reserved-key", "choose another one"),
    ],
)
def test_mistakes_in_a_spec(text: str, code: str, fix: str) -> None:
    problems = findings(environment(), release(ROLLING, more=text))
    assert [each.code for each in problems if each.severity == "error"] == [code]
    assert fix in problems[0].help


def test_a_missing_and_a_misspelt_key_are_one_finding() -> None:
    problems = findings(environment(), release(ROLLING).replace("strategy:", "stratgy:"))
    assert [(each.code, each.help) for each in problems] == [("spec-unknown-key", "did you mean `strategy`?")]
