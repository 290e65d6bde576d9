"""The annotations of ingress-nginx, one by one.

Source: ingress-nginx, docs/user-guide/nginx-configuration/annotations.md and rootfs/etc/nginx/template/nginx.tmpl.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from compiler.model.classification import Classification, Inert, Modeled, Unjudged
from compiler.model.objects import CLASS_ANNOTATION
from compiler.traffic.ingress_nginx import PREFIX
from compiler.traffic.ingress_nginx.limits import (
    DEFAULT_BODY,
    admits_fewer_addresses,
    admits_less,
    limits_more,
    refuses_more_addresses,
)

DOCUMENT = "ingress-nginx, docs/user-guide/nginx-configuration/annotations.md"
ROUTES = Modeled("available, contract: the shares of canaries and the paths of the host")
LOGGED = Inert(f"{DOCUMENT}: what is logged or traced")
SPREAD = Inert(f"{DOCUMENT}: which of the ready pods answers; the proof requires that each of them can")
REFUSED_CLIENTS = Inert(f"{DOCUMENT}: where clients are sent whose certificate is refused: nobody who is served")
RETRIED = Inert(f"{DOCUMENT}: whether a failed request is tried again: no proof relies on it")
ADMITTED = "which requests are admitted"
LIMITED = "which requests are refused because there are too many"
ANSWERED = "what clients get as the answer"
FORWARDED = "what is sent to the backend"
REDIRECTED = "which requests are redirected instead of answered"
SPOKEN = "whether the backend understands what is sent to it"
TIMED = "which requests are cut off"

_NAMES: Mapping[str, Classification] = {
    **dict.fromkeys(
        (
            "canary", "canary-weight", "canary-weight-total", "canary-by-header", "canary-by-header-value",
            "canary-by-header-pattern", "canary-by-cookie", "use-regex", "permanent-redirect", "temporal-redirect",
        ),
        ROUTES,
    ),
    "proxy-read-timeout": Modeled("drained: the longest request"),
    **dict.fromkeys(
        (
            "enable-access-log", "enable-rewrite-log", "enable-opentracing", "enable-opentelemetry",
            "opentracing-trust-incoming-span", "opentelemetry-trust-incoming-span", "opentelemetry-operation-name",
        ),
        LOGGED,
    ),
    **dict.fromkeys(
        (
            "load-balance", "upstream-hash-by", "upstream-hash-by-subset", "upstream-hash-by-subset-size", "affinity",
            "affinity-mode", "session-cookie-name", "session-cookie-path", "session-cookie-domain",
            "session-cookie-secure", "session-cookie-samesite", "session-cookie-conditional-samesite-none",
            "session-cookie-expires", "session-cookie-max-age", "session-cookie-change-on-failure",
            "session-cookie-hash",
        ),
        SPREAD,
    ),
    "affinity-canary-behavior": Unjudged("which clients stay with the canary", alone=False),
    **dict.fromkeys(("proxy-next-upstream", "proxy-next-upstream-timeout", "proxy-next-upstream-tries"), RETRIED),
    **dict.fromkeys(
        (
            "auth-url", "auth-signin", "auth-signin-redirect-param", "auth-method", "auth-snippet",
            "auth-response-headers", "auth-cache-key", "auth-cache-duration", "auth-keepalive",
            "auth-keepalive-share-vars", "auth-keepalive-requests", "auth-keepalive-timeout", "auth-proxy-set-headers",
            "auth-always-set-cookie", "enable-global-auth", "auth-type", "auth-realm", "auth-secret",
            "auth-secret-type", "auth-tls-secret", "auth-tls-verify-client", "auth-tls-verify-depth",
            "auth-tls-pass-certificate-to-upstream", "auth-tls-match-cn",
            "auth-request-redirect", "satisfy", "enable-modsecurity", "enable-owasp-core-rules", "modsecurity-snippet",
            "modsecurity-transaction-id", "enable-cors", "cors-allow-origin", "cors-allow-methods",
            "cors-allow-headers", "cors-expose-headers", "cors-allow-credentials", "cors-max-age",
            "client-body-buffer-size",
        ),
        Unjudged(ADMITTED, alone=False),
    ),
    "auth-tls-error-page": REFUSED_CLIENTS,
    **dict.fromkeys(
        ("whitelist-source-range", "allowlist-source-range"),
        Unjudged(ADMITTED, matters=admits_fewer_addresses, alone=False),
    ),
    "denylist-source-range": Unjudged(ADMITTED, matters=refuses_more_addresses, alone=False),
    "proxy-body-size": Unjudged(ADMITTED, DEFAULT_BODY, admits_less, alone=False),
    **dict.fromkeys(
        ("limit-connections", "limit-rps", "limit-rpm"), Unjudged(LIMITED, matters=limits_more, alone=False)
    ),
    **dict.fromkeys(
        (
            "limit-rate", "limit-rate-after", "limit-whitelist",
            "limit-allowlist", "limit-burst-multiplier", "global-rate-limit", "global-rate-limit-window",
            "global-rate-limit-key", "global-rate-limit-ignored-cidrs",
        ),
        Unjudged(LIMITED, alone=False),
    ),
    **dict.fromkeys(
        (
            "custom-http-errors", "default-backend", "disable-proxy-intercept-errors", "custom-headers",
            "http2-push-preload", "proxy-cookie-domain", "proxy-cookie-path", "proxy-redirect-from",
            "proxy-redirect-to", "proxy-buffering", "proxy-buffers-number", "proxy-buffer-size",
            "proxy-busy-buffers-size", "proxy-max-temp-file-size", "ssl-ciphers", "ssl-prefer-server-ciphers",
        ),
        Unjudged(ANSWERED, alone=False),
    ),
    **dict.fromkeys(
        (
            "rewrite-target", "app-root", "upstream-vhost", "x-forwarded-prefix", "connection-proxy-header",
            "proxy-request-buffering", "mirror-target", "mirror-request-body", "mirror-host",
        ),
        Unjudged(FORWARDED, alone=False),
    ),
    **dict.fromkeys(
        (
            "ssl-redirect", "force-ssl-redirect", "from-to-www-redirect", "permanent-redirect-code",
            "temporal-redirect-code", "relative-redirects", "preserve-trailing-slash",
        ),
        Unjudged(REDIRECTED, alone=False),
    ),
    **dict.fromkeys(
        (
            "backend-protocol", "secure-backends", "grpc-backend", "proxy-http-version", "proxy-ssl-secret",
            "proxy-ssl-ciphers", "proxy-ssl-name", "proxy-ssl-protocols", "proxy-ssl-verify", "proxy-ssl-verify-depth",
            "proxy-ssl-server-name", "ssl-passthrough", "fastcgi-index", "fastcgi-params-configmap",
        ),
        Unjudged(SPOKEN, alone=False),
    ),
    **dict.fromkeys(("proxy-connect-timeout", "proxy-send-timeout"), Unjudged(TIMED, alone=False)),
    "server-alias": Unjudged("which hosts the Ingress serves"),
    "service-upstream": Unjudged("whether requests go to ready pods or to the Service's own address", alone=False),
    **dict.fromkeys(
        ("configuration-snippet", "server-snippet", "stream-snippet"), Unjudged(
            "everything that nginx can be configured to do"
        )
    ),
}  # fmt: skip
_DEFAULTS: Mapping[str, str] = {
    **dict.fromkeys(
        (
            "enable-cors", "enable-modsecurity", "enable-owasp-core-rules", "disable-proxy-intercept-errors",
            "force-ssl-redirect", "from-to-www-redirect", "preserve-trailing-slash", "relative-redirects",
            "service-upstream", "ssl-passthrough",
        ),
        "false",
    ),
    **dict.fromkeys(("enable-global-auth", "ssl-redirect"), "true"),
    **dict.fromkeys(("proxy-buffering", "proxy-ssl-verify", "proxy-ssl-server-name"), "off"),
    **dict.fromkeys(("mirror-request-body", "proxy-request-buffering"), "on"),
    "backend-protocol": "HTTP", "satisfy": "all", "permanent-redirect-code": "301", "temporal-redirect-code": "302",
    "proxy-http-version": "1.1", "proxy-connect-timeout": "5", "proxy-send-timeout": "60", "proxy-buffers-number": "4",
    "proxy-buffer-size": "4k", "proxy-max-temp-file-size": "1024m", "client-body-buffer-size": "8k",
}  # fmt: skip
"""What counts where an Ingress says nothing, nor the controller's ConfigMap (annotations.md, configmap.md)."""


def _with_default(name: str, classification: Classification) -> Classification:
    default = _DEFAULTS.get(name)
    if default is None or not isinstance(classification, Unjudged):
        return classification
    return replace(classification, default=default)


ANNOTATIONS: Mapping[str, Classification] = {
    **{PREFIX + name: _with_default(name, classification) for name, classification in _NAMES.items()},
    PREFIX: Unjudged("how ingress-nginx handles the requests", alone=False),
    CLASS_ANNOTATION: Modeled("available: which controller serves the Ingress"),
    "ingress.kubernetes.io/": Unjudged("how an ingress controller handles the requests", alone=False),
    "kubernetes.io/tls-acme": Unjudged("whether a controller issues the certificate", alone=False),
}
