"""available, for requests that are still answered, but otherwise: redirected, or cut off sooner. Both are warnings.

Source: Gateway API, apis/v1/httproute_types.go (`HTTPRequestRedirectFilter`, `HTTPRouteTimeouts`: zero is for ever);
ingress-nginx, annotations.md (`permanent-redirect`, `proxy-read-timeout`).
"""

from __future__ import annotations

from collections.abc import Iterator
from math import inf

from compiler.model.request import RouteAction
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.served_class import ServedClass
from compiler.transition.sync.change import END

PROPERTY = "available"
USUAL_TIMEOUT = 60.0
"""Seconds, where a route says nothing (ingress-nginx, configmap.md `proxy-read-timeout`)."""


def breaches(served: ServedClass) -> Iterator[PropertyBreach]:
    """What the class gets instead of the answers that it got."""
    item = served.guarantee
    before, after = item.before.answer, item.after.answer
    if before is None or after is None or not item.protected or before.itself:
        return
    if after.itself == "redirect":
        yield PropertyBreach(
            "redirected",
            PROPERTY,
            f"{item.request} is redirected after this commit; pods no longer answer it",
            (after.route,),
            "make sure that clients follow redirects, and that somebody answers there",
            "warning",
            END,
            item.request,
        )
    elif not after.itself and _timeout(after) < _timeout(before):
        was = f" instead of {_timeout(before):g} s" if _timeout(before) < inf else ""
        yield PropertyBreach(
            "cut-sooner",
            PROPERTY,
            f"requests for {item.request} are cut off after {_timeout(after):g} s{was}",
            (after.route,),
            "keep the timeout as long as the longest request takes",
            "warning",
            END,
            item.request,
        )


def _timeout(answer: RouteAction) -> float:
    return USUAL_TIMEOUT if answer.timeout is None else answer.timeout or inf
