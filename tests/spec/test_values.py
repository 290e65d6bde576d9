"""Values that look right and are not: each is refused where it stands, and none reaches a manifest."""

from __future__ import annotations

import pytest

from tests.pipeline.specs import environment, findings, release

ROLLING = 'rolling: {version: "1"}'


def one(environment_text: str, *texts: str) -> tuple[str, str]:
    (finding,) = findings(environment_text, *texts)
    return finding.code, finding.message


@pytest.mark.parametrize(
    ("more", "strategy", "snake", "camel"),
    [
        ("expose: {strip_prefix: true}", ROLLING, "strip_prefix", "stripPrefix"),
        ("smoke_test: {image: a}", ROLLING, "smoke_test", "smokeTest"),
        ("replicas: 1", 'rolling: {version: "1", max_surge: 2}', "max_surge", "maxSurge"),
    ],
)
def test_keys_are_written_in_one_way(more: str, strategy: str, snake: str, camel: str) -> None:
    (finding,) = findings(environment(), release(strategy, more=more))
    assert (finding.code, finding.message) == ("spec-unknown-key", f"unknown key `{snake}`")
    assert finding.help == f"did you mean `{camel}`?"


def test_a_key_of_the_environment_too() -> None:
    freeze = "  freezes: [{from_: 2026-12-01, to: 2026-12-02, reason: x}]\n"
    (finding,) = findings(environment(more=freeze), release(ROLLING))
    assert finding.help == "did you mean `from`?"


def test_quantities_are_not_negative() -> None:
    negative = release(ROLLING, container="preset: http, resources: {requests: {cpu: -1}}")
    assert one(environment(), negative) == ("spec-wrong-value", "`cpu`: must be at least 0, not `-1`")
    quota = environment(more="  quota: {cpu: -2}\n")
    assert one(quota, release(ROLLING)) == ("spec-wrong-value", "`cpu`: must be at least 0, not `-2`")


@pytest.mark.parametrize("day", ["2026-02-31", "2027-02-29", "0000-01-01"])
def test_dates_are_days_of_the_calendar(day: str) -> None:
    for key in ("sunset", "deprecated"):
        finding = one(environment(), release(f'versioned: {{v1: {{version: "1", {key}: {day}}}}}'))
        assert finding == ("spec-wrong-value", f"`{key}`: {day} is not a valid date")
    exception = f"  policy: {{exceptions: [{{rule: r, release: api, reason: x, owner: y, expires: {day}}}]}}\n"
    assert one(environment(more=exception), release(ROLLING))[1] == f"`expires`: {day} is not a valid date"


@pytest.mark.parametrize("moment", ["2026-02-31", "2026-13-01", "2026-12-01T25:00Z", "2026-12-01T10:00+99:00"])
def test_a_freeze_begins_at_a_moment_that_there_is(moment: str) -> None:
    freeze = f"  freezes: [{{from: {moment}, to: 2027-12-02, reason: x}}]\n"
    assert one(environment(more=freeze), release(ROLLING)) == (
        "spec-wrong-value",
        f"`from`: {moment} is not a valid date and time",
    )


@pytest.mark.parametrize(
    ("begin", "end"), [("2026-12-31", "2026-12-01"), ("2026-12-01T12:00+02:00", "2026-12-01T09:59Z")]
)
def test_a_freeze_ends_after_it_begins(begin: str, end: str) -> None:
    freeze = f"  freezes: [{{from: {begin}, to: {end}, reason: x}}]\n"
    assert one(environment(more=freeze), release(ROLLING)) == (
        "spec-wrong-value",
        "`freezes[0]`: `to` is before `from`",
    )


def test_a_freeze_of_one_day_is_one() -> None:
    for end in ("2026-12-01", "9999-12-31"):
        freeze = f"  freezes: [{{from: 2026-12-01, to: {end}, reason: x}}]\n"
        assert not findings(environment(more=freeze), release(ROLLING))


def refused(text: str) -> tuple[str, str]:
    """The one finding's message, and the text at its place."""
    (finding,) = findings(environment(), text)
    assert finding.loc is not None
    return finding.message, text.splitlines()[finding.loc.line - 1][finding.loc.column - 1 :]


@pytest.mark.parametrize(
    "host", ["10.0.0.1", f"{'a' * 64}.example.com", "a.example.1", "web.example.com.", "bücher.de"]
)
def test_hosts_are_names_that_dns_can_hold(host: str) -> None:
    message, at = refused(release(ROLLING, more=f"expose: {{host: {host}}}"))
    assert message.endswith("is not a host name")
    assert at.startswith(host)


@pytest.mark.parametrize("host", ["localhost", "*.example.com", f"{'a' * 63}.x1", "1a.xn--p1ai"])
def test_hosts_that_dns_can_hold(host: str) -> None:
    assert not findings(environment(), release(ROLLING, more=f'expose: {{host: "{host}"}}'))


def test_a_percent_sign_in_a_path_begins_an_escape() -> None:
    message, _ = refused(release(ROLLING, more="expose: {path: /a%zz}"))
    assert message == "`path`: `/a%zz` is not a path of a URL"
    assert not findings(environment(), release(ROLLING, more="expose: {path: /a%20b}"))


@pytest.mark.parametrize(
    "image",
    [
        "ghcr.io/acme/web:1.0",
        f"a@sha256:{'0' * 40}",
        "https://ghcr.io/a",
        "GHCR.io/Acme/Web",
        '"a b"',
        "a/",
    ],
)
def test_an_image_has_neither_tag_nor_digest(image: str) -> None:
    for text in (
        release(ROLLING).replace("ghcr.io/acme/api", image),
        release(f'blueGreen: {{active: blue, blue: {{version: "1", image: {image}}}}}'),
    ):
        message, at = refused(text)
        assert message == f"`image`: `{image.strip(chr(34))}` is not the name of an image"
        assert at.startswith(image)


@pytest.mark.parametrize("image", ["localhost:5000/a/b", "a", "docker.io/library/a__b.c-d"])
def test_images_by_name(image: str) -> None:
    assert not findings(environment(), release(ROLLING).replace("ghcr.io/acme/api", f'"{image}"'))


@pytest.mark.parametrize(
    ("labels", "at"),
    [
        ('{"a b": c}', '"a b"'),
        ("{a: b c}", "b c"),
        (f"{{{'x' * 64}: a}}", "xxx"),
        (f"{{a: {'x' * 64}}}", "xxx"),
        ("{A.b/c: d}", "A.b/c"),
    ],
)
def test_labels_are_refused_once_and_at_their_place(labels: str, at: str) -> None:
    for text in (
        release(ROLLING).replace("{name: api}", f"{{name: api, labels: {labels}}}"),
        release(ROLLING, more=f"pods: {{labels: {labels}}}"),
        release(ROLLING, more=f"networkPolicy: {{fromPods: [{labels}]}}"),
    ):
        assert refused(text)[1].startswith(at)


def test_keys_of_annotations_are_refused_once_and_at_their_place() -> None:
    for text in (
        release(ROLLING).replace("{name: api}", '{name: api, annotations: {"a b": c}}'),
        release(ROLLING, more='expose: {annotations: {"a b": c}}'),
        release(ROLLING, more='expose: {service: {annotations: {"a b": c}}}'),
        release(ROLLING, more='pods: {annotations: {"a b": c}}'),
    ):
        assert refused(text) == ("the key `a b` is not the key of a label or an annotation", refused(text)[1])
        assert refused(text)[1].startswith('"a b"')


@pytest.mark.parametrize("name", ["a/b", "..", "..a", "", "é"])
def test_files_are_called_as_a_config_map_can_hold(name: str) -> None:
    message, at = refused(release(ROLLING, container=f'preset: http, config: {{files: {{"{name}": x}}}}'))
    assert message.endswith("is not the name of a file")
    assert at.startswith(f'"{name}"')


@pytest.mark.parametrize("both", ["claim: b, image: c", ""])
def test_a_model_comes_from_one_place(both: str) -> None:
    message, _ = refused(release(ROLLING, more=f"pods: {{models: [{{name: a, mountPath: /m, {both}}}]}}"))
    assert message == "`models[0]`: a model needs either a `claim` or an `image`"


@pytest.mark.parametrize("destination", ["{}", "{server: 'https://a', name: b}", "{server: ~}"])
def test_a_cluster_is_named_in_one_way(destination: str) -> None:
    finding = one(environment(more=f"  argocd: {{destination: {destination}}}\n"), release(ROLLING))
    assert finding[1] == "`destination`: a cluster needs either a `server` or a `name`"


@pytest.mark.parametrize("resource", ["cpuu", "gpu", "hugepages", "Memory"])
def test_resources_are_those_that_kubernetes_has(resource: str) -> None:
    text = release(ROLLING, container=f"preset: http, resources: {{limits: {{{resource}: 1}}}}")
    assert refused(text)[0] == f"the key `{resource}` is not a resource"
    assert refused(text)[1].startswith(resource)


@pytest.mark.parametrize("field", ["metadata.nmae", "status.phase", "metadata.labels", "metadata.labels[app]"])
def test_a_variable_holds_a_field_that_a_pod_can_be_given(field: str) -> None:
    message, at = refused(release(ROLLING, container=f'preset: http, env: {{A: {{field: "{field}"}}}}'))
    assert message == f"`field`: `{field}` is not a field of the downward API"
    assert at.startswith(f'"{field}"')


@pytest.mark.parametrize("field", ["metadata.name", "metadata.labels['app']", "status.podIPs", "spec.nodeName"])
def test_fields_that_a_pod_can_be_given(field: str) -> None:
    assert not findings(environment(), release(ROLLING, container=f'preset: http, env: {{A: {{field: "{field}"}}}}'))
