"""What a release keeps beside its pods: claims of their own, and names that stay."""

from __future__ import annotations

from typing import Annotated, Literal

from compiler.spec.base import Items, Model, PassedOn, ServiceName, Tree


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
