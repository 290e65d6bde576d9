"""gatewayApi: Gateways and HTTPRoutes of the Gateway API, written and read back."""
