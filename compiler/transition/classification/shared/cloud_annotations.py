"""Annotations that load balancers of clouds read from Services, Ingresses and Gateways."""

from __future__ import annotations

from collections.abc import Mapping

from compiler.transition.classification.fields import Classification, Inert, Unproven

ENTRY = "how, and from where, the cloud's load balancer takes requests"
TAGGED = Inert("cloud-provider-aws, docs/service_controller.md: how the load balancer is labelled for the bill")
CLOUD_ANNOTATIONS: Mapping[str, Classification] = {
    "service.beta.kubernetes.io/aws-load-balancer-additional-resource-tags": TAGGED,
    "service.beta.kubernetes.io/aws-load-balancer-access-log": Inert(
        "cloud-provider-aws, docs/service_controller.md: where requests are logged"
    ),
    "service.beta.kubernetes.io/": Unproven(ENTRY),
    "service.kubernetes.io/": Unproven(ENTRY),
    "alb.ingress.kubernetes.io/tags": TAGGED,
    "alb.ingress.kubernetes.io/": Unproven(ENTRY),
    "cloud.google.com/": Unproven(ENTRY),
    "networking.gke.io/": Unproven(ENTRY),
    "ingress.gcp.kubernetes.io/": Unproven(ENTRY),
    "kubernetes.io/ingress.global-static-ip-name": Unproven(ENTRY),
    "kubernetes.io/ingress.regional-static-ip-name": Unproven(ENTRY),
    "kubernetes.io/ingress.allow-http": Unproven(ENTRY),
    "appgw.ingress.kubernetes.io/": Unproven(ENTRY),
    "load-balancer.hetzner.cloud/": Unproven(ENTRY),
    "kubernetes.digitalocean.com/": Unproven(ENTRY),
    "loadbalancer.openstack.org/": Unproven(ENTRY),
    "oci.oraclecloud.com/": Unproven(ENTRY),
    "service.beta.kubernetes.io/scw-": Unproven(ENTRY),
}
