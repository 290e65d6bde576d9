"""Finds the classification of a kind: its table, loaded when an object of it first differs, or one word for the whole.

A kind's table stands in `kinds/<folder of its group>/<kind_in_snake_case>.py`, as TABLE; that of a kind which a traffic
provider reads in the provider's own folder.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules

from compiler.model.classification import Inert, KindTable, Unjudged
from compiler.traffic import PACKAGES
from compiler.traffic.tables import plain_tables, routing_tables
from compiler.transition.classification.custom_kinds import CUSTOM_INERT, CUSTOM_UNPROVEN, INERT_GROUPS
from compiler.transition.classification.shared.metadata import METADATA, ROUTE_METADATA
from compiler.transition.classification.whole_kinds import BUILT_IN_INERT, BUILT_IN_UNPROVEN

KINDS = "compiler.transition.classification.kinds"
GROUP_FOLDERS: Mapping[str, str] = {
    "": "core",
    "acid.zalan.do": "zalando",
    "apps": "apps",
    "argoproj.io": "argo",
    "apiextensions.k8s.io": "apiextensions",
    "autoscaling": "autoscaling",
    "barmancloud.cnpg.io": "barman_cloud",
    "batch": "batch",
    "bitnami.com": "bitnami",
    "cert-manager.io": "cert_manager",
    "certmanager.k8s.io": "cert_manager_legacy",
    "cilium.io": "cilium",
    "external-secrets.io": "external_secrets",
    "gateway.networking.k8s.io": "gateway_api",
    "helm.toolkit.fluxcd.io": "flux",
    "inference.networking.k8s.io": "inference",
    "inference.networking.x-k8s.io": "inference_alpha",
    "keda.sh": "keda",
    "kustomize.toolkit.fluxcd.io": "flux",
    "networking.k8s.io": "networking",
    "node.k8s.io": "node",
    "policy": "policy",
    "postgresql.cnpg.io": "cloudnative_pg",
    "rbac.authorization.k8s.io": "rbac",
    "scheduling.k8s.io": "scheduling",
    "source.toolkit.fluxcd.io": "flux",
    "storage.k8s.io": "storage",
    "triggers.tekton.dev": "tekton",
    "user.openshift.io": "openshift",
}
UNKNOWN_KIND = Unjudged("everything: Shipway does not know what this kind does")
WORD_START = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def classified_kind(group: str, kind: str) -> KindTable | Inert | Unjudged:
    """The table of a kind, or what it is as a whole; what nobody knows is `UNKNOWN_KIND`."""
    return _classified(group, kind, tuple(PACKAGES))


@lru_cache(maxsize=1024)
def _classified(group: str, kind: str, providers: tuple[str, ...]) -> KindTable | Inert | Unjudged:
    tables = _provider_tables(providers)
    provided = next((table for table in tables if (table.group, table.kind) == (group, kind)), None)
    return provided or _table(group, kind) or _whole(group, kind) or UNKNOWN_KIND


def every_table() -> Iterator[KindTable]:
    """The tables of all kinds that are classified field by field, group by group, then those of traffic providers."""
    for folder in dict.fromkeys(GROUP_FOLDERS.values()):
        package = import_module(f"{KINDS}.{folder}")
        for module in iter_modules(package.__path__):
            table: KindTable = import_module(f"{package.__name__}.{module.name}").TABLE
            yield table
    yield from _provider_tables(tuple(PACKAGES))


@lru_cache(maxsize=16)
def _provider_tables(_providers: tuple[str, ...]) -> tuple[KindTable, ...]:
    """The tables of the traffic providers, with the metadata that every object has."""
    return tuple(
        replace(table, fields={"metadata": metadata, **table.fields})
        for tables, metadata in ((routing_tables(), ROUTE_METADATA), (plain_tables(), METADATA))
        for table in tables
    )


def _table(group: str, kind: str) -> KindTable | None:
    folder = GROUP_FOLDERS.get(group)
    name = f"{KINDS}.{folder}.{WORD_START.sub('_', kind).lower()}"
    if folder is None or not kind.isalnum() or not kind.isascii() or find_spec(name) is None:
        return None
    table: KindTable = import_module(name).TABLE
    return table if (table.group, table.kind) == (group, kind) else None


def _whole(group: str, kind: str) -> Inert | Unjudged | None:
    for kinds in (BUILT_IN_INERT, BUILT_IN_UNPROVEN, CUSTOM_INERT, CUSTOM_UNPROVEN):
        if (group, kind) in kinds:
            return kinds[group, kind]
    return INERT_GROUPS.get(group) or CUSTOM_UNPROVEN.get((group, "*"))
