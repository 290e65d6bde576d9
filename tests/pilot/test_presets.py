"""Each preset against a real Prometheus, which scrapes what that system really exposes."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from tests.local_server import serving_http
from tests.pilot.conftest import Pilot
from tests.pilot.exposed import EXPOSED, Answers
from tests.pilot.service import PROMETHEUS, real_prometheus

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(PROMETHEUS is None and "CI" not in os.environ, reason="prometheus is not installed"),
]
PER_SECOND = 200
SCRAPED_SECONDS = 12


@contextmanager
def exposing(form: str) -> Iterator[str]:
    """A server whose tracks answer `PER_SECOND` requests a second; the canary of `bad` fails and is slow."""
    began = time.monotonic()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            count = int((time.monotonic() - began) * PER_SECOND)
            lines: list[str] = []
            for release in ("bad", "good"):
                for track in ("stable", "canary"):
                    worse = (release, track) == ("bad", "canary")
                    answers = Answers(release, track, count, count // 10 if worse else 0, 0.8 if worse else 0.02)
                    lines += EXPOSED[form][1](answers)
            text = ("\n".join(lines) + "\n").encode()
            self.send_response_only(200)
            self.send_header("Content-Type", "text/plain; version=0.0.4")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_: object) -> None:
            pass

    with serving_http(Handler) as address:
        yield address


@pytest.fixture(scope="module")
def addresses(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """A Prometheus for each form, all scraping at once."""
    with ExitStack() as stack:
        collected = {}
        for form in EXPOSED:
            target = stack.enter_context(exposing(form))
            folder: Path = tmp_path_factory.mktemp("prometheus") / "data"
            collected[form] = stack.enter_context(real_prometheus(folder, [target]))
        time.sleep(SCRAPED_SECONDS)
        yield collected


@pytest.mark.parametrize("form", EXPOSED)
def test_a_preset_tells_a_bad_version_from_a_good_one(pilot: Pilot, addresses: dict[str, str], form: str) -> None:
    source = EXPOSED[form][0]
    pilot.prometheus.url = addresses[form]
    pilot.environment()
    path = pilot.root / "environments/prod/environment.yaml"
    text = path.read_text().replace("metrics: istio", f"metrics: {source}")
    if source == "ingressNginx":
        text = text.replace("{gatewayApi: {gateway: public, namespace: infra}}", "{ingressNginx: {className: nginx}}")
    path.write_text(text)
    checks = "{name: errors, preset: errorRate, max: 0.01}, {name: beside, preset: errorRate, against: baseline}"
    if source != "envoyGateway":
        checks += ", {name: slow, preset: latency, percentile: 90, max: 0.3}"
    pilot.canary(checks=checks)
    spec = (pilot.root / "environments/prod/api.yaml").read_text().replace("window: 1m", "window: 10s")
    (pilot.root / "environments/prod/api.yaml").unlink()
    for name in ("bad", "good"):
        pilot.write(name, spec.replace("{name: api}", f"{{name: {name}}}").replace("path: /", f"path: /{name}"))
    pilot.argo.applications = ["prod-root", "prod-environment", "prod-bad", "prod-good"]
    pilot.publish()
    _, out, err = pilot.run("pilot", "prod", "--dry-run", "--format", "json")
    bad, good = json.loads(out)["releases"]
    assert (bad["unit"], bad["action"]) == ("prod/bad", "abort"), (bad, err)
    assert [check.split()[0] for check in bad["checks"]] == ["errors", "beside", "slow"][
        : 2 + (source != "envoyGateway")
    ]
    assert (good["unit"], good["action"]) == ("prod/good", "advance"), (good, err)
