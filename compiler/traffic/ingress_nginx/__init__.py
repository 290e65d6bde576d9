"""ingressNginx: Ingresses as ingress-nginx takes them, written and read back."""
