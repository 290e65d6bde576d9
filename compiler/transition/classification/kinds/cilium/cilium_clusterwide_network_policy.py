"""CiliumClusterwideNetworkPolicy: Cilium, pkg/k8s/apis/cilium.io/v2."""

from __future__ import annotations

from compiler.transition.classification.shared.cilium import cilium_policy_table

TABLE = cilium_policy_table("CiliumClusterwideNetworkPolicy")
