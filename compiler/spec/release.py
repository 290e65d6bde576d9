"""One service in one environment, and a group of services that move together."""

from typing import Any, Literal

from pydantic import Field

from compiler.spec.base import (
    Count,
    DnsLabel,
    ExistingObject,
    Items,
    ManifestFile,
    Metadata,
    Model,
    ReleaseName,
    Tree,
    shared_default,
)
from compiler.spec.container import NO_PORT, Container
from compiler.spec.expose import Expose
from compiler.spec.identity import Identity
from compiler.spec.jobs import ReleaseJob
from compiler.spec.pods import Autoscale, NetworkPolicy, Pods, SmokeTest, Stateful


class ReleaseSpec(Model):
    """`strategy` has one key, and the strategy's own file under `strategies/` has the model of what it holds."""

    extends: str | None = None
    identity: Identity | None = None
    container: Container
    stateful: Stateful | None = None
    replicas: Count | None = None
    autoscale: Autoscale | None = None
    expose: Expose = shared_default(Expose.model_construct())
    pods: Pods = shared_default(Pods.model_construct())
    jobs: dict[DnsLabel, ReleaseJob] = shared_default({})
    network_policy: NetworkPolicy | None = None
    smoke_test: SmokeTest | None = None
    strategy: dict[str, Any]
    extras: Items[ManifestFile] = ()
    """files of further objects beside the spec, published as they stand there: `extras/web.yaml`"""
    outside: Items[ExistingObject] = ()
    """what the objects of `extras` name, and exists without being written: `Secret/db`"""
    overrides: dict[str, Tree | None] = shared_default({})
    """by `Kind/name`: anything else of an object, lists merged by their keys; `null` leaves the object out"""

    @property
    def gates_pods(self) -> bool:
        """Whether a Job has to succeed before pods start."""
        return any(job.schedule is None for job in self.jobs.values())

    @property
    def internal(self) -> bool:
        """Whether no router leads here: because the spec says so, or because there is no port to lead to."""
        return self.expose.internal or self.container.port == NO_PORT


class Release(Model):
    api_version: Literal["shipway.dev/v1"]
    kind: Literal["Release"]
    metadata: Metadata
    spec: ReleaseSpec


class GroupSpec(Model):
    """Members that switch as one: `active` is the color of them all, and only the entry is reached from outside."""

    entry: ReleaseName
    members: Items[ReleaseName] = Field(min_length=2)
    active: Literal["blue", "green"]


class Group(Model):
    api_version: Literal["shipway.dev/v1"]
    kind: Literal["Group"]
    metadata: Metadata
    spec: GroupSpec
