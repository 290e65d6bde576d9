"""ingressNginx: Ingresses as ingress-nginx takes them, written and read back."""

from typing import Final

PREFIX: Final = "nginx.ingress.kubernetes.io/"
"""of the annotations that steer the controller"""
CLASS_ANNOTATION: Final = "kubernetes.io/ingress.class"
"""what names the class of an Ingress that has no `ingressClassName`"""
