"""Secrets in plain text: in variables, arguments and files of the configuration. No message repeats the value."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from compiler.cli.main import main
from tests.pipeline.specs import environment, findings, release

ROLLING = "rolling: {version: 1.0.0}"
RANDOM = "a1B2" * 10
SECRETS = {
    "GITHUB": "ghp_" + RANDOM[:36],
    "FINE_GRAINED": "github_pat_" + RANDOM[:30],
    "AWS": "AKIA" + "IOSFODNN7EXAMPLE",
    "MODEL_HUB": "hf_" + RANDOM[:34],
    "SERVICE_ACCOUNT": "-----BEGIN PRIVATE KEY-----",
    "DATABASE_URL": "postgres://shop:hunter2@db.example.com/shop",
    "DB_PASSWORD": "hunter2",
    "API_KEY": "3f9c2a",
    "JWT": "eyJhbGciOiJIUzI1NiJ9." + "eyJzdWIiOiIxMjM0NTY3ODkwIn0." + "dozjgNryP4J3jVmNHl0w5N",
}
ORDINARY = {
    "MAX_TOKENS": "4096",
    "PASSWORD_FILE": "/run/secrets/password",
    "SECRET_NAME": "shop-db",
    "API_KEY_HEADER": "X-Api-Key",
    "MODEL_URI": "s3://models/recommender/3f2a9c1d4e5b6a7f8c9d0e1f2a3b4c5d/model.pt",
    "KEYCLOAK_URL": "https://login.example.com/realms/acme",
    "PRIMARY_KEY": "user_id",
    "JWT_SECRET": "$(SECRET_FROM_ELSEWHERE)",
    "CHECKSUM": "sha256:" + "0" * 64,
    "KEYBOARD": "on",
}


def secret_findings(container: str, **data: str) -> list[str]:
    problems = findings(environment("gatewayApi"), release(ROLLING, container=container), data=data)
    return [each.message for each in problems if each.code == "policy-literal-secret"]


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_in_a_variable(name: str) -> None:
    (message,) = secret_findings(f"preset: bentoml, env: {{{name}: {json.dumps(SECRETS[name])}}}")
    assert f"`{name}`" in message
    assert SECRETS[name] not in message


@pytest.mark.parametrize("name", ORDINARY)
def test_an_ordinary_value(name: str) -> None:
    assert secret_findings(f"preset: bentoml, env: {{{name}: {json.dumps(ORDINARY[name])}}}") == []


def test_a_secret_in_an_argument_and_in_the_configuration() -> None:
    container = (
        "args: [serve, --db-password=hunter2], port: 3000, "
        "config: {values: {API_KEY: 3f9c2a}, files: {app.ini: {path: app.ini}, key.pem: {path: key.pem}}}"
    )
    named = {"app.ini": "[db]\nuser = shop\npassword = hunter2\n", "key.pem": "-----BEGIN EC PRIVATE KEY-----\n"}
    messages = secret_findings(container, **named)
    assert sorted(message.partition(" looks")[0] for message in messages) == sorted(
        [
            "line 1 of `API_KEY`",
            "line 3 of `app.ini`",
            "line 1 of `key.pem`",
            "argument 2 in `args` of container `api`",
        ]
    )


def test_a_policy_may_allow_them_or_one_release_of_them() -> None:
    spec = release(ROLLING, container="preset: bentoml, env: {DB_PASSWORD: hunter2}")
    allowed = environment("gatewayApi", "  policy: {inlineSecrets: allow}\n")
    assert [each.code for each in findings(allowed, spec)] == []
    excepted = environment(
        "gatewayApi",
        "  policy: {exceptions: [{rule: policy-literal-secret, release: api, owner: web, "
        "reason: a sample, expires: 2099-01-01}]}\n",
    )
    assert [(each.code, each.severity) for each in findings(excepted, spec)] == [("policy-literal-secret", "warning")]


def written(folder: Path, spec: str) -> None:
    specs = folder / "environments" / "prod"
    specs.mkdir(parents=True)
    (specs / "environment.yaml").write_text(environment("gatewayApi"))
    (specs / "api.yaml").write_text(spec)


@pytest.mark.parametrize("form", ["text", "json", "sarif", "github"])
def test_no_format_shows_the_value(tmp_path: Path, capsys: pytest.CaptureFixture[str], form: str) -> None:
    written(tmp_path, release(ROLLING, container="preset: bentoml, env: {DB_PASSWORD: hunter2}"))
    assert main(["-C", str(tmp_path), "check", "--format", form]) == 1
    out, err = capsys.readouterr()
    assert "policy-literal-secret" in out + err
    assert "hunter2" not in out + err


def test_a_key_in_place_of_its_file_is_not_repeated(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    key = "-----BEGIN PRIVATE KEY-----\\nMIIEvQIBADANBg\\n-----END PRIVATE KEY-----"
    expose = f'expose: {{host: a.example.com, tls: {{inline: {{crt: a.crt, key: "{key}"}}}}}}'
    written(tmp_path, release(ROLLING, more=expose))
    (tmp_path / "environments" / "prod" / "a.crt").write_text("x")
    assert main(["-C", str(tmp_path), "check"]) == 1
    err = capsys.readouterr().err
    assert "file-name-secret" in err
    assert "MIIEvQIBADANBg" not in err
