"""NetworkPolicies whose effect hangs on pods or addresses that no folder shows: they are named."""
