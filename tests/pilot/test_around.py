"""What stands around the pilot: the wait for a publish, the history of decisions, the objects that run it."""

from __future__ import annotations

import html
import json
import re
import resource
import subprocess
import sys
import threading
import time
from pathlib import Path

import kubernetes_validate
import pytest
import yaml

from tests.pilot.conftest import Pilot
from tests.pilot.test_moves import FAILING

pytestmark = pytest.mark.e2e


def test_status_waits_until_argo_cd_is_done(pilot: Pilot) -> None:
    pilot.publish(ago=10)
    pilot.argo.changed["prod-api"] = {"health": {"status": "Progressing"}}

    def healthy_after_a_look() -> None:
        while len(pilot.argo_server.asked) < 1:
            time.sleep(0.05)
        time.sleep(1)
        pilot.argo.changed.clear()

    threading.Thread(target=healthy_after_a_look).start()
    status, out, err = pilot.run("status", "prod/api", "--wait", "--timeout", "30s")
    assert (status, out) == (0, "prod/api  settled: synced and Healthy\n")
    assert "prod/api: Argo CD reports Synced, Progressing" in err


def test_status_ends_at_its_timeout(pilot: Pilot) -> None:
    pilot.publish(ago=10)
    pilot.argo.revision = "0" * 40
    began = time.monotonic()
    status, out, err = pilot.run("status", "prod/api", "--wait", "--timeout", "1s", "--format", "json")
    assert status == 1
    assert json.loads(out)["result"] == "timeout"
    assert "not settled after 1 s" in err
    assert time.monotonic() - began < 20


def test_status_ends_when_the_sync_fails(pilot: Pilot) -> None:
    pilot.publish(ago=10)
    pilot.argo.changed["prod-api"] = {"operationState": {"phase": "Failed", "message": "denied"}}
    status, out, _ = pilot.run("status", "prod/api", "--wait")
    assert (status, out) == (1, "prod/api  failed: Argo CD could not sync it: denied\n")


def test_a_wait_needs_to_know_where_applications_are(pilot: Pilot) -> None:
    pilot.write(
        "environment",
        "apiVersion: shipway.dev/v1\nkind: Environment\nmetadata: {name: prod}\nspec:\n  namespace: ml-prod\n"
        '  kubernetes: "1.34"\n  traffic: {gatewayApi: {gateway: public, namespace: infra}}\n',
    )
    pilot.canary(checks="{name: queue, query: 'max(max_over_time(queue[{{window}}]))', max: 3}")
    status, _, err = pilot.run("status", "prod", "--wait")
    assert status == 1
    assert "observe-source" in err


def test_history_shows_what_the_pilot_decided(pilot: Pilot) -> None:
    pilot.publish()
    pilot.figures.values.update(FAILING)
    pilot.tick()
    _, out, _ = pilot.run("history", "prod/api")
    assert "  pilot: abort prod/api: the analysis failed" in out
    assert "  check: errors 0.03 > 0.01 (400 requests, 60s)" in out


@pytest.mark.parametrize("version", ["1.33", "1.36"])
def test_the_objects_that_run_it_are_what_kubernetes_takes(pilot: Pilot, version: str) -> None:
    pilot.publish()
    status, out, err = pilot.run("bootstrap", "prod", "--pilot")
    assert status == 0
    objects = list(yaml.safe_load_all(out))
    for each in objects:
        kubernetes_validate.validate(each, version, strict=True)
    rules = [rule for each in objects if each["kind"] == "Role" for rule in each["rules"]]
    assert {verb for rule in rules for verb in rule["verbs"]} == {"get", "list"}
    assert "shipway-pilot-git" in err


@pytest.mark.slow
def test_two_hundred_open_courses_are_looked_at_in_seconds(pilot: Pilot) -> None:
    text = (pilot.root / "environments/prod/api.yaml").read_text()
    (pilot.root / "environments/prod/api.yaml").unlink()
    names = [f"api-{number:03}" for number in range(200)]
    for name in names:
        pilot.write(name, text.replace("{name: api}", f"{{name: {name}}}").replace("path: /", f"path: /{name}"))
    pilot.argo.applications = ["prod-root", "prod-environment", *(f"prod-{name}" for name in names)]
    pilot.publish(ago=20)
    code = "import sys; from compiler.cli.main import run; sys.argv[0] = 'shipway'; run()"
    words = [sys.executable, "-c", code, "pilot", "prod", "--dry-run", "--format", "json", "-C", str(pilot.root)]
    before, began = children_seconds(), time.monotonic()
    done = subprocess.run(words, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2])
    seconds, busy = time.monotonic() - began, children_seconds() - before
    rows = json.loads(done.stdout)["releases"]
    assert {row["action"] for row in rows} == {"hold"}
    assert len(rows) == 200
    assert len(pilot.prometheus.asked) == 400
    print(f"a tick over 200 open courses: {seconds:.1f} s, {busy:.1f} s of work")
    assert busy < 5


def children_seconds() -> float:
    """What the processes that this one started have worked: it depends little on what else the machine does."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def test_without_its_packages_the_pilot_says_how_to_install_them(pilot: Pilot) -> None:
    pilot.publish()
    code = (
        "import sys; sys.modules['scipy'] = None; sys.modules['scipy.stats'] = None\n"
        "from compiler.cli.main import main; sys.exit(main(sys.argv[1:]))"
    )
    words = [sys.executable, "-c", code, "pilot", "prod", "-C", str(pilot.root)]
    done = subprocess.run(words, capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2])
    assert done.returncode == 1
    assert "pip install 'shipway[pilot]'" in done.stderr


def test_status_and_site_show_what_the_pilot_decided(pilot: Pilot, tmp_path: Path) -> None:
    pilot.publish()
    pilot.figures.values.update(FAILING)
    pilot.tick()
    _, out, _ = pilot.run("status", "prod/api")
    assert "pilot: abort prod/api: the analysis failed" in out
    _, out, _ = pilot.run("status", "prod/api", "--format", "json")
    assert json.loads(out)["releases"][0]["decision"] == "abort prod/api: the analysis failed"
    assert pilot.run("site", "--out", str(tmp_path / "site"))[0] == 0
    pages = "".join(path.read_text() for path in (tmp_path / "site").rglob("*.html"))
    assert "pilot: abort prod/api: the analysis failed" in pages


def test_the_plan_page_shows_the_evidence_of_the_course_so_far(pilot: Pilot) -> None:
    """Of a course that waits, in the overview; of one that changes, with its details; nothing of an earlier course."""
    pilot.canary(steps="[5, 25, 50]")
    head = pilot.publish()
    assert pilot.tick()["action"] == "advance"
    evidence = (
        "pilot: advance prod/api: 25 %: the analysis passed",
        "check: errors 0 ≤ 0.01 (400 requests, 60s)",
        f"observed: {head[:12]}",
    )
    _, out, _ = pilot.run("plan", "prod", "--format", "html")
    overview = out[out.index('id="overview"') :]
    assert " · ".join(evidence) in html.unescape(overview)
    pilot.canary(at=50, steps="[5, 25, 50]")
    _, out, _ = pilot.run("plan", "prod", "--format", "html")
    (details,) = re.findall(r'<script type="application/json" id="d0">(.*?)</script>', out)
    assert [lines for _, _, lines in json.loads(details)["moves"]] == [list(evidence)]
    assert pilot.run("site", "--out", str(pilot.root.parent / "site"))[0] == 0
    pages = html.unescape("".join(path.read_text() for path in (pilot.root.parent / "site").rglob("*.html")))
    assert all(line in pages for line in evidence)


def test_what_the_pilot_did_in_an_earlier_course_is_not_shown(pilot: Pilot) -> None:
    pilot.publish()
    for _ in range(2):
        assert pilot.tick()["commit"]
        pilot.age_published(3600)
    text = (pilot.root / "environments/prod/api.yaml").read_text()
    pilot.write("api", re.sub(r"(stable: \{.*?\})", r"\1\n      canary: {version: 1.2.0}", text))
    pilot.commit()
    _, out, _ = pilot.run("plan", "prod", "--format", "html")
    (details,) = re.findall(r'<script type="application/json" id="d0">(.*?)</script>', out)
    assert json.loads(details)["moves"] == []
