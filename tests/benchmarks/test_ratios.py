"""No release is slower beside Helm than was recorded: ratios of processor time, never seconds."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Final

import pytest

from benchmarks.peers import measure_all
from benchmarks.tools import UnavailableError, peer_programs

RECORDED: Final = Path(__file__).parents[2] / "benchmarks/recorded.json"
TOLERANCE: Final = 1.5


@pytest.mark.slow
def test_no_ratio_is_half_as_much_again_as_the_recorded_one() -> None:
    try:
        programs = peer_programs(Path(tempfile.gettempdir()) / "shipway-peers")
    except UnavailableError as error:
        pytest.skip(f"without the peers: {error}")
    recorded = {int(services): ratios for services, ratios in json.loads(RECORDED.read_text()).items()}
    results = measure_all(sorted(recorded), 5, programs)
    for services, rows in results.items():
        ratios = {name: rows[name].cpu / rows["helm"].cpu for name in recorded[services]}
        slower = {name: ratio for name, ratio in ratios.items() if ratio > TOLERANCE * recorded[services][name]}
        assert slower == {}, f"{services} services; recorded: {recorded[services]}"
