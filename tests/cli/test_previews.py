"""How a version is tried before it serves: the header and a request, in `start`, `plan` and `status`."""

from __future__ import annotations

import shlex

import pytest

from tests.cli.shop import ENVIRONMENT, NEW, Shop

pytestmark = pytest.mark.e2e

HEADER = "-H 'X-Shipway-Preview: true'"
BLUE = "    blueGreen:\n      active: blue\n"


def preview(shop: Shop, old: str, new: str) -> None:
    text = shop.text("prod/swap.yaml")
    assert old in text
    shop.put("prod/swap.yaml", text.replace(old, new))


def shown(shop: Shop, release: str) -> set[str]:
    """The command that each of the three says, taken from their data, once their texts hold it too."""
    environment = release.partition("/")[0]
    started = shop.do("start", release, "--version", "1.1.0", "--digest", NEW)
    shop.commit()
    planned, listed = shop.do("plan", environment), shop.do("status", release)
    (unit,) = (
        each
        for each in shop.do("plan", environment, "--format", "json").data["environments"][0]["units"]
        if each["name"] == release.partition("/")[2]
    )
    (row,) = shop.do("status", release, "--format", "json").data["releases"]
    commands = {each["command"] for each in (*unit["previews"], *row["previews"])}
    for item in (started.err, planned.out, listed.out):
        assert [each for each in commands if each in item] == list(commands)
    return commands


@pytest.mark.parametrize(
    ("old", "new", "command"),
    [
        (BLUE, BLUE, f"curl {HEADER} http://swap.example.com/"),
        ("host: swap", "path: /api, tls: {secretName: t}, host: swap", f"curl {HEADER} https://swap.example.com/api"),
        ("{host: swap.example.com}", "{hosts: ['*.a.com']}", f"curl {HEADER} http://www.a.com/"),
        (BLUE, f"{BLUE}      preview: {{host: new.example.com}}\n", "curl http://new.example.com/"),
        (
            BLUE,
            f"{BLUE}      preview: {{header: {{name: X-Try, value: it's}}}}\n",
            f"curl -H {shlex.quote(chr(88) + '-Try: it' + chr(39) + 's')} http://swap.example.com/",
        ),
    ],
)
def test_the_preview_of_a_color_is_a_request_to_copy(shop: Shop, old: str, new: str, command: str) -> None:
    preview(shop, old, new)
    shop.publish("prod")
    assert shown(shop, "prod/swap") == {command}


def test_without_a_router_it_is_a_service_inside_the_cluster(shop: Shop) -> None:
    shop.put(
        "lab/swap.yaml", shop.text("prod/swap.yaml").replace("swap.example.com", "", 1).replace("host: ", "path: /x")
    )
    shop.publish("lab")
    assert shown(shop, "lab/swap") == {"curl http://swap-preview.lab:443/x"}
    assert "from inside the cluster" in shop.do("plan", "lab").out


def test_a_canary_by_header_has_its_default_one(shop: Shop) -> None:
    shop.publish("prod")
    assert shown(shop, "prod/head") == {"curl -H 'X-Canary: always' http://head.example.com/"}


def test_a_canary_by_cookie_on_ingress_nginx(shop: Shop) -> None:
    nginx = ENVIRONMENT.format(name="prod", traffic="ingressNginx: {className: nginx}", more="")
    shop.put("prod/environment.yaml", nginx)
    text = shop.text("prod/drip.yaml").replace("    canary:\n", "    canary:\n      cookie: try\n")
    shop.put("prod/drip.yaml", text)
    shop.publish("prod")
    assert shown(shop, "prod/drip") == {"curl -b try=always http://drip.example.com/"}


@pytest.mark.parametrize("release", ["prod/drip", "prod/roll"])
def test_where_no_request_is_sure_to_reach_it_none_is_named(shop: Shop, release: str) -> None:
    shop.publish("prod")
    assert shown(shop, release) == set()


def test_after_the_switch_the_way_back_is_no_preview(shop: Shop) -> None:
    shop.publish("prod")
    shop.do("start", "prod/swap", "--version", "1.1.0", "--digest", NEW)
    shop.publish("prod")
    assert HEADER in shop.do("status", "prod/swap").out
    assert ", once it is published" not in shop.do("status", "prod/swap").out
    shop.do("advance", "prod/swap")
    assert "preview" not in shop.do("status", "prod/swap").out


def test_the_entry_of_a_group_is_previewed(shop: Shop) -> None:
    shop.publish("prod")
    text = shop.do("start", "prod/pair", "--member", f"web=1.1.0@{NEW}").err
    assert f"preview of 1.1.0, once it is published: curl {HEADER} http://web.example.com/" in text
