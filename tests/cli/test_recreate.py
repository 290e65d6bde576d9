"""recreate: what it loses is refused, and taken by an exception of the policy that names it, with a reason."""

from __future__ import annotations

import re

import pytest

from tests.cli.shop import NEW, Shop, release
from tests.git.helpers import git

pytestmark = pytest.mark.e2e

RULES = ("backend-empty", "old-version-given-up")
"""Nobody answers while pods start, and nobody goes on answering if they never become ready."""
EXCEPTIONS = ", ".join(
    f"{{rule: {rule}, release: single, reason: one writer at a time, owner: data, expires: 2099-12-31}}"
    for rule in RULES
)
SINGLE = '    recreate: {{version: "1.0.0", digest: "{old}"}}\n'
START = ("start", "prod/single", "--version", "1.1.0", "--digest", NEW)


@pytest.fixture
def single(shop: Shop) -> Shop:
    """The shop with one release that is recreated, published."""
    shop.put("prod/single.yaml", release("single", SINGLE, "{host: single.example.com}"))
    shop.publish("prod")
    return shop


def test_old_pods_end_first(single: Shop) -> None:
    files = git(single.bare, "ls-tree", "-r", "--name-only", "shipway/prod").splitlines()
    (file,) = [each for each in files if "/single/" in each and "deployment" in each]
    assert "strategy:\n    type: Recreate\n" in git(single.bare, "show", f"shipway/prod:{file}")


def test_lost_requests_are_refused_unless_an_exception_names_them(single: Shop) -> None:
    single.do(*START)
    single.commit()
    refused = single.run("publish", "prod")
    assert refused.status == 1
    assert refused.err.count("error[") == 1, "one loss, one error"
    named = re.search(r"accept the loss, by exceptions from (.*)", refused.err)
    assert named is not None, refused.err
    assert tuple(re.findall(r"`([a-z-]+)`", named[1])) == RULES, "one refusal names all that must be allowed"
    environment = single.text("prod/environment.yaml")
    single.put("prod/environment.yaml", f"{environment}  policy: {{exceptions: [{EXCEPTIONS}]}}\n")
    planned = single.do("plan", "prod", "--format", "json").data
    (unit,) = [each for each in planned["environments"][0]["units"] if each["name"] == "single"]
    assert unit["verdict"]["verdict"] == "unsafe", "an exception lets a loss happen; it does not make it safe"
    published = single.publish("prod")
    assert "one writer at a time" in published.out + published.err
    message = git(single.bare, "log", "-1", "--format=%B", "shipway/prod")
    assert all(f"Shipway-Allowed: {rule} single: one writer at a time (data)" in message for rule in RULES)


def test_the_way_back_is_one_commit(single: Shop) -> None:
    single.do(*START)
    assert 'version: "1.1.0"' in single.text("prod/single.yaml")
    single.do("abort", "prod/single")
    text = single.text("prod/single.yaml")
    assert 'recreate: {version: "1.0.0"' in text and "aborted: true" in text


def test_the_plan_reads_its_track_back_and_asks_for_no_steps_to_it(single: Shop) -> None:
    single.put("prod/single.yaml", single.text("prod/single.yaml").replace("recreate:", "rolling:"))
    report = single.do("plan", "prod", "--format", "json").data
    (unit,) = [each for each in report["environments"][0]["units"] if each["name"] == "single"]
    assert not [each for each in unit["findings"] if each["code"] == "strategy-move"]


def test_a_worker_that_nobody_calls_loses_nothing(shop: Shop) -> None:
    worker = release("single", SINGLE, "{}").replace(
        "    preset: http\n", "    port: none\n    probes: {readiness: {command: [/ok]}}\n"
    )
    shop.put("prod/single.yaml", worker.replace("  expose: {}\n", ""))
    shop.publish("prod")
    shop.do(*START)
    shop.publish("prod")
