"""Databases that an operator runs: backups and what only a new cluster reads are silent, what restarts one is named."""

from __future__ import annotations

from typing import Any

import pytest

from compiler.model.manifest import Object
from compiler.model.verdict import Unproven, Verdict
from compiler.transition import verify
from tests.transition.manifests import config_map, deployment, metadata, route, service

SERVED = [service("web"), deployment("web"), route("web", {"web": 1})]


def database(kind: str = "Cluster", **spec: Any) -> Object:
    return {"apiVersion": "postgresql.cnpg.io/v1", "kind": kind, "metadata": metadata("orders"), "spec": spec}


def judged(before: list[Object], after: list[Object]) -> Verdict:
    return verify([*SERVED, *before], [*SERVED, *after])


def reason(verdict: Verdict) -> str:
    assert isinstance(verdict, Unproven), verdict
    return verdict.reasons[0].message


SILENT: tuple[dict[str, Any], ...] = (
    {"backup": {"retentionPolicy": "30d", "barmanObjectStore": {"serverName": "orders-v2"}}},
    {"bootstrap": {"recovery": {"source": "orders-v1"}}},
    {"externalClusters": [{"name": "orders-v1"}]},
    {"monitoring": {"enablePodMonitor": True}},
    {"description": "the orders"},
)
NAMED: tuple[tuple[dict[str, Any], str], ...] = (
    ({"imageName": "postgres:17.2"}, "spec.imageName"),
    ({"instances": 1}, "spec.instances changes from 3 to 1"),
    ({"postgresql": {"parameters": {"max_connections": "100"}}}, "spec.postgresql"),
    ({"resources": {"limits": {"memory": "1Gi"}}}, "spec.resources"),
    ({"storage": {"size": "20Gi"}}, "spec.storage"),
    ({"logLevel": "debug"}, "spec.logLevel"),
    ({"monitoring": {"tls": {"enabled": True}}}, "spec.monitoring.tls"),
    ({"managed": {"roles": [{"name": "app"}]}}, "spec.managed"),
    ({"brandNew": 1}, "spec.brandNew"),
)


@pytest.mark.parametrize("spec", SILENT, ids=str)
def test_what_reaches_no_client_is_silent(spec: dict[str, Any]) -> None:
    assert judged([database(instances=3)], [database(instances=3, **spec)]).verdict == "safe"


@pytest.mark.parametrize(("spec", "field"), NAMED, ids=str)
def test_what_may_restart_a_database_is_named(spec: dict[str, Any], field: str) -> None:
    assert field in reason(judged([database(instances=3)], [database(**{"instances": 3, **spec})]))


def test_external_clusters_count_where_one_replicates_from_them() -> None:
    replica: dict[str, Any] = {"replica": {"enabled": True, "source": "main"}}
    before, after = (database(**replica, externalClusters=[{"name": name}]) for name in ("main", "other"))
    assert "spec.externalClusters" in reason(judged([before], [after]))
    subscription = database("Subscription", externalClusterName="main")
    sides = (database(externalClusters=[{"name": name}]) for name in ("main", "other"))
    before, after = sides
    assert "spec.externalClusters" in reason(judged([before, subscription], [after, subscription]))


def test_a_database_that_comes_is_silent_unless_a_wave_waits_and_one_that_goes_is_named() -> None:
    later = config_map("later", wave="1")
    assert judged([], [database(instances=3)]).verdict == "safe"
    assert "gets ready" in reason(judged([later], [later, database(instances=3)]))
    assert "which clients still call the database" in reason(judged([database(instances=3)], []))


def test_the_other_kinds_of_the_operator() -> None:
    assert judged([database("ScheduledBackup", schedule="0 0 0 * * *")], []).verdict == "safe"
    pooler = database("Pooler", instances=2, pgbouncer={"poolMode": "session"})
    scraped = database("Pooler", instances=2, pgbouncer={"poolMode": "session"}, monitoring={"enablePodMonitor": True})
    pooled = database("Pooler", instances=2, pgbouncer={"poolMode": "transaction"})
    assert judged([pooler], [scraped]).verdict == "safe"
    assert "spec.pgbouncer.poolMode changes from session to transaction" in reason(judged([pooler], [pooled]))
    held = database("Database", name="app", connectionLimit=10)
    assert judged([held], [database("Database", name="app", connectionLimit=20)]).verdict == "safe"
    assert "connectionLimit" in reason(judged([held], [database("Database", name="app", connectionLimit=5)]))
    assert "databaseReclaimPolicy" in reason(judged([held], []))
