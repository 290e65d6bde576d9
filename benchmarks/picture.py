"""The ratios as bars: how long each way takes beside Helm."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

WIDTH, BAR, LABEL = 720, 18, 250


def ratio_picture(seconds: Mapping[int, Mapping[str, float]]) -> str:
    """An SVG with a bar a row, for each number of services; Helm's is 1."""
    rows = [
        (f"{services:,} service{'' if services == 1 else 's'}: {name}", value / times["helm"])
        for services, times in seconds.items()
        for name, value in times.items()
    ]
    longest = max(ratio for _, ratio in rows)
    height = len(rows) * (BAR + 6) + 10
    bars = "".join(bar(number, name, ratio, longest) for number, (name, ratio) in enumerate(rows))
    style = "text{font:13px sans-serif;fill:#57606a}rect{fill:#8c959f}.ours{fill:#1a7f37}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img">'
        f"<title>Time of all cores beside Helm's</title><style>{style}</style>{bars}</svg>\n"
    )


def bar(number: int, name: str, ratio: float, longest: float) -> str:
    y = 8 + number * (BAR + 6)
    length = max(1.0, ratio / longest * (WIDTH - LABEL - 60))
    ours = "" if name.endswith((": helm", ": kustomize")) else ' class="ours"'
    return (
        f'<text x="{LABEL - 8}" y="{y + 13}" text-anchor="end">{escape(name)}</text>'
        f'<rect{ours} x="{LABEL}" y="{y}" width="{length:.1f}" height="{BAR}" rx="2"/>'
        f'<text x="{LABEL + length + 6:.1f}" y="{y + 13}">× {ratio:.2f}</text>'
    )
