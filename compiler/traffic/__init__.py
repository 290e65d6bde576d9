"""The traffic providers, one file each. A new one is a file here and a line in `PROVIDERS`."""

from __future__ import annotations

from compiler.traffic import gateway_api, ingress_nginx, service
from compiler.traffic.base import Provider

PROVIDERS: dict[str, Provider] = {
    gateway_api.NAME: gateway_api,
    ingress_nginx.NAME: ingress_nginx,
    service.NAME: service,
}
