"""Names of branches made from names that may hold anything."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from compiler.git.spec_repository import branch_name
from compiler.model.address import branch_fault


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine is no finding
@given(st.lists(st.text(max_size=40), max_size=5))
def test_every_name_is_one_that_git_takes(words: list[str]) -> None:
    name = branch_name(words)
    assert branch_fault(name) is None
    assert not name.startswith("-")


def test_names_stay_readable() -> None:
    assert branch_name(["start", "prod", "recommender", "1.5.0"]) == "start-prod-recommender-1-5-0"
