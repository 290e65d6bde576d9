"""Where pods run and what is beside the container: scheduling, volumes, identity, gates."""

from typing import Annotated, Literal, Self

from pydantic import ConfigDict, model_validator

from compiler.spec.base import (
    Amount,
    Annotations,
    DnsSubdomain,
    Items,
    Labels,
    Model,
    PassedOn,
    PositiveCount,
    Quantity,
    Resource,
    ServiceName,
    Tree,
    shared_default,
)
from compiler.spec.container import Resources


class ModelVolume(Model):
    """A volume of model files, mounted read-only: an existing claim, or an OCI image (Kubernetes ≥ 1.35; ≥ 1.33 with
    the gate ImageVolume).
    """

    model_config = ConfigDict(json_schema_extra={"oneOf": [{"required": ["claim"]}, {"required": ["image"]}]})

    name: DnsSubdomain
    mount_path: str
    claim: DnsSubdomain | None = None
    image: str | None = None
    sub_path: str | None = None

    @model_validator(mode="after")
    def one_place(self) -> Self:
        if (self.claim is None) == (self.image is None):
            raise ValueError("a model needs either a `claim` or an `image`")
        return self


class Pods(Model):
    node_selector: Annotated[Labels, PassedOn()] = shared_default({})
    tolerations: Annotated[Items[Tree], PassedOn()] = ()
    affinity: Annotated[Tree | None, PassedOn()] = None
    topology_spread: Items[Tree] | Literal["off"] | None = None
    image_pull_secrets: Items[DnsSubdomain] = ()
    init_containers: Items[Tree] = ()
    sidecars: Items[Tree] = ()
    volumes: Items[Tree] = ()
    models: Items[ModelVolume] = ()
    security_context: Tree | None = None
    service_account: DnsSubdomain | None = None
    automount_service_account_token: bool = False
    priority_class_name: Annotated[DnsSubdomain | None, PassedOn()] = None
    runtime_class_name: Annotated[DnsSubdomain | None, PassedOn()] = None
    labels: Labels = shared_default({})
    annotations: Annotations = shared_default({})
    termination_grace_period_seconds: PositiveCount | None = None
    min_ready_seconds: int = 10


class NetworkPolicy(Model):
    """Who may open connections to the pods: namespaces by label, and the group's own members."""

    from_namespaces: Items[Labels] = ()
    from_pods: Items[Labels] = ()


class SmokeTest(Model):
    """A Job that must succeed against a track before traffic moves to it."""

    image: str
    command: Items[str] = ()
    args: Items[str] = ()
    backoff_limit: int = 2
    active_deadline_seconds: PositiveCount = 300
    resources: Resources = shared_default(Resources.model_construct())
    security_context: Tree | None = None


class Autoscale(Model):
    """A HorizontalPodAutoscaler: pods between `min` and `max` by utilization in percent.

    `switchAt` is the number of pods that both tracks hold at least while a course is open; by default `max`.
    """

    min: PositiveCount
    max: PositiveCount
    cpu: PositiveCount | None = None
    memory: PositiveCount | None = None
    switch_at: PositiveCount | None = None
    behavior: Tree | None = None


class Quota(Model):
    """The hard limits of the namespace, against which the peak of every release is computed."""

    cpu: Amount | None = None
    memory: Quantity | None = None
    pods: PositiveCount | None = None
    extended: dict[Resource, Amount] = shared_default({})
    """devices and other resources by the names that containers request (`nvidia.com/gpu`)"""

    @property
    def limits(self) -> dict[str, str | int]:
        """Each limit that is set, by the resource's name."""
        basic = {"pods": self.pods, "cpu": self.cpu, "memory": self.memory}
        return {name: limit for name, limit in (*basic.items(), *self.extended.items()) if limit is not None}


class Stateful(Model):
    """A StatefulSet instead of a Deployment: each pod has a name that stays, and claims of its own.

    All but the pods' template and their number is immutable (Kubernetes, ValidateStatefulSetUpdate).
    """

    service_name: ServiceName | None = None
    """the headless Service that gives the pods their names; by default the release's name and `-headless`"""
    claims: Items[Tree] = ()
    """`volumeClaimTemplates`, in Kubernetes' own words: `metadata.name` is the volume's name"""
    pod_management_policy: Annotated[Literal["OrderedReady", "Parallel"] | None, PassedOn()] = None
    persistent_volume_claim_retention_policy: Annotated[Tree | None, PassedOn()] = None
