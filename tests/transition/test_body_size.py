"""A limit of bodies that grows lets in whatever the old one let in; one that shrinks is not judged."""

from __future__ import annotations

import pytest

from compiler.traffic.ingress_nginx.limits import admits_less


@pytest.mark.parametrize(
    ("old", "new", "less"),
    [
        (None, "8m", False),
        ("8m", None, True),
        ("8m", "8192k", False),
        ("8m", "8191k", True),
        ("8m", "0", False),
        ("0", "8g", True),
        ("1G", "1024m", False),
        ("8m", "lots", True),
        ("8m", 8, True),
    ],
)
def test_a_smaller_limit_is_distinguished_from_a_larger_one(old: object, new: object, less: bool) -> None:
    assert admits_less(old, new) == less
