"""Annotations that load balancers of clouds read from Services, Ingresses and Gateways."""

from __future__ import annotations

from collections.abc import Mapping

from compiler.model.classification import Classification, Inert, Unjudged

ENTRY = "how, and from where, the cloud's load balancer accepts requests"
TAGGED = Inert("cloud-provider-aws, docs/service_controller.md: how the load balancer is labeled for the bill")
CLOUD_ANNOTATIONS: Mapping[str, Classification] = {
    "service.beta.kubernetes.io/aws-load-balancer-additional-resource-tags": TAGGED,
    "service.beta.kubernetes.io/aws-load-balancer-access-log": Inert(
        "cloud-provider-aws, docs/service_controller.md: where requests are logged"
    ),
    "service.beta.kubernetes.io/": Unjudged(ENTRY, alone=False),
    "service.kubernetes.io/": Unjudged(ENTRY, alone=False),
    "alb.ingress.kubernetes.io/tags": TAGGED,
    "alb.ingress.kubernetes.io/": Unjudged(ENTRY, alone=False),
    "cloud.google.com/": Unjudged(ENTRY, alone=False),
    "networking.gke.io/": Unjudged(ENTRY, alone=False),
    "ingress.gcp.kubernetes.io/": Unjudged(ENTRY, alone=False),
    "kubernetes.io/ingress.global-static-ip-name": Unjudged(ENTRY, alone=False),
    "kubernetes.io/ingress.regional-static-ip-name": Unjudged(ENTRY, alone=False),
    "kubernetes.io/ingress.allow-http": Unjudged(ENTRY, alone=False),
    "appgw.ingress.kubernetes.io/": Unjudged(ENTRY, alone=False),
    "load-balancer.hetzner.cloud/": Unjudged(ENTRY, alone=False),
    "kubernetes.digitalocean.com/": Unjudged(ENTRY, alone=False),
    "loadbalancer.openstack.org/": Unjudged(ENTRY, alone=False),
    "oci.oraclecloud.com/": Unjudged(ENTRY, alone=False),
    "service.beta.kubernetes.io/scw-": Unjudged(ENTRY, alone=False),
}
