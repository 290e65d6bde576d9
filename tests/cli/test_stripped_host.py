"""Several releases of one host that all strip their prefix on ingress-nginx."""

from __future__ import annotations

import pytest

from tests.cli.shop import ENVIRONMENT, NEW, Shop


def strip(shop: Shop, **paths: str) -> None:
    nginx = ENVIRONMENT.format(name="prod", traffic="ingressNginx: {className: nginx}", more="")
    shop.put("prod/environment.yaml", nginx)
    for name, path in paths.items():
        exposed = f"{{host: api.example.com, path: {path}, stripPrefix: {str(path != '/whole').lower()}}}"
        shop.put(f"prod/{name}.yaml", shop.text(f"prod/{name}.yaml").replace(f"{{host: {name}.example.com}}", exposed))


def test_three_of_them_are_published_and_switched_safely(shop: Shop) -> None:
    strip(shop, roll="/roll", swap="/swap", drip="/swap/drip")
    shop.publish("prod")
    shop.do("start", "prod/swap", "--version", "1.1.0", "--digest", NEW)
    shop.publish("prod")
    shop.do("advance", "prod/swap")
    shop.publish("prod")


@pytest.mark.parametrize("path", ["/Roll", "/whole"])
def test_one_that_any_expression_could_take_is_refused(shop: Shop, path: str) -> None:
    strip(shop, roll="/roll", swap=path)
    refused = shop.run("check", "prod")
    assert refused.status == 1 and "error[regex-host]" in refused.err
