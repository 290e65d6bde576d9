"""What the API server says of pods and no schema does: resources, tolerations, volumes, labels."""

from __future__ import annotations

import pytest

from tests.pipeline.specs import codes, container, environment, findings, objects, release

ROLLING = 'rolling: {version: "1"}'


def newer(more: str = "") -> str:
    """An environment whose Kubernetes takes images as volumes."""
    return environment(more=more).replace("1.34", "1.35")


def asked(resources: str) -> list[str]:
    return codes(environment(), release(ROLLING, container=f"resources: {{limits: {{{resources}}}}}"))


@pytest.mark.parametrize(
    ("resources", "expected"),
    [
        ("mem: 1Gi", ["spec-wrong-value"]),
        ("gpu: 1", ["spec-wrong-value"]),
        ('nvidia.com/gpu: "0.5"', ["quantity-invalid"]),
        ("nvidia.com/gpu: 500m", ["quantity-invalid"]),
        ("memory: 512m", ["quantity-invalid"]),
        ("memory: 0.5Gi", []),
        ("cpu: 1.5, memory: 1Gi, ephemeral-storage: 1Gi, hugepages-2Mi: 4Mi, nvidia.com/gpu: 2", []),
    ],
)
def test_a_resource_that_exists_in_units_that_it_comes_in(resources: str, expected: list[str]) -> None:
    """Kubernetes, pkg/apis/core/validation: validateContainerResourceName, ValidateResourceQuantityValue."""
    assert asked(resources.replace("1.5", '"1.5"')) == expected


@pytest.mark.parametrize(
    ("toleration", "expected"),
    [
        ("{key: a, operator: Exists, value: x}", ["toleration-invalid"]),
        ("{operator: Equal, value: x}", ["toleration-invalid"]),
        ("{key: a, operator: Exists, effect: NoSchedule, tolerationSeconds: 5}", ["toleration-invalid"]),
        ("{key: a, value: x, effect: NoExecute, tolerationSeconds: 5}", []),
        ("{operator: Exists}", []),
    ],
)
def test_tolerations_that_hold_together(toleration: str, expected: list[str]) -> None:
    assert codes(environment(), release(ROLLING, more=f"pods: {{tolerations: [{toleration}]}}")) == expected


@pytest.mark.parametrize(
    ("volume", "expected"),
    [
        ("", ["spec-wrong-value"]),
        (', claim: c, image: "m:1"', ["spec-wrong-value"]),
        (', image: "m:1"', []),
    ],
)
def test_models_come_from_one_place(volume: str, expected: list[str]) -> None:
    assert codes(newer(), release(ROLLING, more=f"pods: {{models: [{{name: m, mountPath: /m{volume}}}]}}")) == expected


def test_the_images_of_models_keep_to_the_policy() -> None:
    digest = "sha256:" + "a" * 64
    strict = newer("  policy: {requireDigest: true, registries: [ghcr.io/acme]}\n")
    pinned = f'rolling: {{version: "1", digest: "{digest}"}}'

    def policy_codes(image: str) -> list[str]:
        more = f'pods: {{models: [{{name: m, mountPath: /m, image: "{image}"}}]}}'
        return sorted(codes(strict, release(pinned, more=more)))

    assert policy_codes("models:1") == ["policy-digest", "policy-registry"]
    assert policy_codes(f"ghcr.io/acme/models:1@{digest}") == []


@pytest.mark.parametrize(
    ("label", "line"),
    [
        ('labels: {team: "a b"}', 3),
        ("labels: {-team: a}", 3),
        ("annotations: {a b: c}", 3),
    ],
)
def test_a_label_that_no_object_can_have_is_one_finding(label: str, line: int) -> None:
    text = release(ROLLING).replace("{name: api}", f"{{name: api, {label}}}")
    (finding,) = findings(environment(), text)
    assert (finding.code, finding.loc.line if finding.loc else 0) == ("spec-wrong-value", line)


SPREAD = """replicas: 4
  pods:
    nodeSelector:
      pool: gpu
    tolerations:
      - {key: a, operator: Exists}
      - key: b
        effect: NoSchedul
    initContainers:
      - name: one
        image: "x:1"
        env:
          - name: A
            valu: b
    sidecars:
      - name: two
        image: "x:1"
        ports:
          - {containerPort: 70000}
"""


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("value-not-allowed", "effect: NoSchedul"),
        ("field-unknown", "valu: b"),
        ("port-invalid", "{containerPort: 70000}"),
    ],
)
def test_a_piece_of_kubernetes_is_judged_where_it_stands(code: str, words: str) -> None:
    text = release(ROLLING, more=SPREAD)
    result = next(each for each in findings(environment(), text) if each.code == code)
    assert result.loc is not None
    assert words in text.splitlines()[result.loc.line - 1]


def test_containers_beside_the_main_one_are_restricted_like_it() -> None:
    init = '{name: i, image: "s:1", securityContext: {runAsUser: 7}}'
    more = f'pods: {{sidecars: [{{name: s, image: "s:1"}}], initContainers: [{init}]}}'
    pod = objects(environment(), release(ROLLING, container="preset: http", more=more))["Deployment/api"]["spec"][
        "template"
    ]["spec"]
    assert (
        pod["containers"][1]["securityContext"] == container({"spec": {"template": {"spec": pod}}})["securityContext"]
    )
    assert pod["initContainers"][0]["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "capabilities": {"drop": ["ALL"]},
        "runAsUser": 7,
    }


@pytest.mark.parametrize(
    ("strategy", "code"),
    [
        (
            'canary: {by: weight, at: 5, stable: {version: "1"}, canary: {version: "2", contract: 2}}',
            "major-needs-versions",
        ),
        ('canary: {by: header, at: 5, stable: {version: "1"}, canary: {version: "2", contract: 2}}', None),
        (
            'blueGreen: {active: blue, blue: {version: "1", contract: 1}, green: {version: "2", contract: 7}}',
            "major-needs-group",
        ),
        ('blueGreen: {active: blue, blue: {version: "1", contract: 7}, green: {version: "2", contract: 7}}', None),
        (
            'blueGreen: {active: blue, blue: {version: "1", contract: 7}, '
            'green: {version: "2", contract: 8, aborted: true}}',
            None,
        ),
    ],
)
def test_another_contract_is_a_major_change_whatever_it_is_called(strategy: str, code: str | None) -> None:
    assert codes(environment(), release(strategy)) == ([] if code is None else [code])


FILES = """preset: http
    config:
      values: {A: 1}
      files:
        good.txt: text
        "a b": text
    resources: {}"""


def test_a_file_of_the_configuration_is_judged_where_it_stands() -> None:
    text = release(ROLLING).replace("{image: ghcr.io/acme/api, preset: bentoml}", f"\n    image: i\n    {FILES}")
    (finding,) = findings(environment(), text)
    assert finding.code == "spec-wrong-value"
    assert finding.loc is not None
    assert text.splitlines()[finding.loc.line - 1].strip() == '"a b": text'


def test_a_large_file_is_shown_in_the_version_that_brings_it() -> None:
    text = release('rolling: {version: "1", config: {values: {B: 2}}}', container="config: {files: {big: {path: big}}}")
    (finding,) = findings(environment(), text, data={"big": "x" * 1_100_000})
    assert finding.code == "data-too-large"
    assert finding.loc is not None
    assert "files:" in text.splitlines()[finding.loc.line - 1][: finding.loc.column]


def test_a_models_mount_is_judged_where_the_model_stands() -> None:
    text = release(ROLLING, more="pods:\n    models:\n      - {name: m, mountPath: /m, claim: c, subPath: ../x}")
    (finding,) = findings(environment(), text)
    assert finding.code == "value-malformed"
    assert finding.loc is not None
    assert "models" not in text.splitlines()[finding.loc.line - 1]
    assert "name: m" in text.splitlines()[finding.loc.line - 1]


def test_a_request_is_judged_where_it_stands_in_the_container_or_the_version() -> None:
    asked = """resources:
      requests: {cpu: "2"}
      limits: {memory: 1Gi}"""
    text = f"""apiVersion: shipway.dev/v1
kind: Release
metadata: {{name: api}}
spec:
  container:
    image: i
    {asked}
  strategy:
    rolling:
      version: "1"
      resources:
        requests: {{memory: 2Gi}}
        limits: {{cpu: "1"}}
  expose: {{path: /}}
"""
    actual = {each.message.partition(" (")[0]: each.loc for each in findings(environment(), text)}
    lines = {message: text.splitlines()[loc.line - 1].strip() if loc else "" for message, loc in actual.items()}
    assert lines == {
        "the request of 2 cpu exceeds the limit of 1": 'requests: {cpu: "2"}',
        "the request of 2Gi memory exceeds the limit of 1Gi": "requests: {memory: 2Gi}",
    }
