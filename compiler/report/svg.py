"""Courses and traces as a file of SVG, light or dark as its reader has it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib.resources import files
from xml.sax.saxutils import escape, quoteattr

from compiler.diagnostics.render.cells import neutral
from compiler.plan.model import Plan
from compiler.report.findings import told
from compiler.report.phrases import MARK, changed_units, counted, overall
from compiler.report.picture import Picture, Shape, course_picture, trace_picture
from compiler.transition.model import Verdict

MOST = 12
PAD = 20
Titled = tuple[str, Picture]


def svg(plan: Plan) -> str:
    """The courses of the plan's releases and groups, the first twelve that change, below each other.

    One that is not safe is followed by the trace that shows it. Everything in it is drawn text: no link, no script.
    """
    pictures: list[Titled] = []
    units = [(environment.name, unit) for environment in plan.environments for unit in changed_units(environment)]
    for name, unit in units[:MOST]:
        course = course_picture(unit)
        if course is not None:
            verdict = unit.verdict.verdict
            pictures.append((f"{MARK[verdict]} {name}/{unit.name}: {unit.headline}", course))
        for each in told(unit)[:1]:
            trace = trace_picture(each.trace)
            if trace is not None:
                pictures.append((f"{each.diagnostic.code}: {each.diagnostic.message}", trace))
    if not units:
        return document([], "nothing changes")
    more = f", the first {MOST} of {len(units):,}" if len(units) > MOST else ""
    return document(pictures, f"{overall(plan)}: {counted(len(units), 'release')}{more}")


def verdict_svg(verdict: Verdict) -> str:
    """The traces of a verdict's first findings; of a safe one, that it is."""
    pictures: list[Titled] = []
    for finding in verdict.findings[:MOST]:
        trace = trace_picture(finding.trace)
        if trace is not None:
            pictures.append((f"{finding.code}: {finding.message}", trace))
    return document(pictures, f"{verdict.verdict} over {counted(verdict.states, 'state')}")


def document(pictures: Sequence[Titled], title: str) -> str:
    """The pictures below each other, each under its title, as one document."""
    width = max((picture.width for _, picture in pictures), default=420) + 2 * PAD
    width = max(width, 720 if pictures else 0)
    body, top = list(_heading(title)), 56
    for heading, picture in pictures:
        body += _placed(heading, picture, top, width)
        top += picture.height + 92
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {top}" width="{width}" height="{top}" '
        f'role="img" aria-label={quoteattr(neutral(title))}>'
    )
    paper = f'<rect class="paper" width="{width}" height="{top}" rx="12"/>'
    return "\n".join([head, f"<style>{stylesheet()}</style>", paper, *body, "</svg>"]) + "\n"


def stylesheet() -> str:
    """The styles of pictures, the same in files and in the page."""
    return (files("compiler.report") / "assets" / "picture.css").read_text(encoding="utf-8")


def _heading(title: str) -> Iterator[str]:
    yield f'<text class="title" x="{PAD}" y="36">{escape(neutral(title))}</text>'


def _placed(heading: str, picture: Picture, top: int, width: int) -> Iterator[str]:
    room = int((width - 2 * PAD) / 8.2)
    shown = neutral(heading)
    yield f'<g transform="translate({PAD} {top})">'
    yield f'<text class="heading" y="14">{escape(shown if len(shown) <= room else shown[: room - 1] + "…")}</text>'
    yield '<g transform="translate(0 30)">'
    yield from (element(shape) for shape in picture.shapes)
    yield "</g>"
    x = 0
    for name, tone in picture.legend[:8]:
        yield f'<rect class="bar {tone}" x="{x}" y="{picture.height + 36}" width="12" height="12" rx="3"/>'
        yield f'<text class="legend" x="{x + 18}" y="{picture.height + 46}">{escape(neutral(name))}</text>'
        x += 34 + 7 * len(name)
    yield "</g>"


def element(shape: Shape) -> str:
    """A shape as an element of XML."""
    attributes = "".join(
        f" {name}={quoteattr(f'{value:g}' if isinstance(value, float) else str(value))}"
        for name, value in shape.attributes.items()
    )
    if shape.tag == "text":
        return f"<text{attributes}>{escape(neutral(shape.text))}</text>"
    return f"<{shape.tag}{attributes}/>"
