"""ingressNginx: Ingresses as ingress-nginx takes them, written and read back."""

from typing import Final

PREFIX: Final = "nginx.ingress.kubernetes.io/"
"""of the annotations that steer the controller"""
