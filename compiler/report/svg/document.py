"""Courses and traces as a file of SVG, light or dark as its reader has it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib.resources import files
from xml.sax.saxutils import escape, quoteattr

from compiler.diagnostics.render.cells import sanitized_line
from compiler.model.plan import Plan
from compiler.model.verdict import Verdict
from compiler.report.findings import reported_findings
from compiler.report.phrases import VERDICT_MARKS, changed_units_by_risk, counted, overall_verdict
from compiler.report.svg.picture import Picture, SvgShape, course_picture, trace_picture

MAX_PICTURES = 12
PADDING = 20
Titled = tuple[str, Picture]


def svg_report(plan: Plan) -> str:
    """The courses of the plan's releases and groups, the first twelve that change, below each other.

    One that is not safe is followed by the trace that shows it. Everything in it is drawn text: no link, no script.
    """
    pictures: list[Titled] = []
    units = [
        (environment.name, unit) for environment in plan.environments for unit in changed_units_by_risk(environment)
    ]
    for name, unit in units[:MAX_PICTURES]:
        course = course_picture(unit)
        if course is not None:
            verdict = unit.verdict.verdict
            pictures.append((f"{VERDICT_MARKS[verdict]} {name}/{unit.name}: {unit.headline}", course))
        for each in reported_findings(unit)[:1]:
            trace = trace_picture(each.trace)
            if trace is not None:
                pictures.append((f"{each.diagnostic.code}: {each.diagnostic.message}", trace))
    if not units:
        return svg_document([], "nothing changes")
    more = f", the first {MAX_PICTURES} of {len(units):,}" if len(units) > MAX_PICTURES else ""
    return svg_document(pictures, f"{overall_verdict(plan)}: {counted(len(units), 'release')}{more}")


def verdict_svg(verdict: Verdict) -> str:
    """The traces of a verdict's first findings; of a safe one, that it is."""
    pictures: list[Titled] = []
    for finding in verdict.findings[:MAX_PICTURES]:
        trace = trace_picture(finding.trace)
        if trace is not None:
            pictures.append((f"{finding.code}: {finding.message}", trace))
    return svg_document(pictures, f"{verdict.verdict} over {counted(verdict.states, 'state')}")


def svg_document(pictures: Sequence[Titled], title: str) -> str:
    """The pictures below each other, each under its title, as one document."""
    width = max((picture.width for _, picture in pictures), default=420) + 2 * PADDING
    width = max(width, 720 if pictures else 0)
    body, top = list(_title_shapes(title)), 56
    for heading, picture in pictures:
        body += _placed_picture(heading, picture, top, width)
        top += picture.height + 92
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {top}" width="{width}" height="{top}" '
        f'role="img" aria-label={quoteattr(sanitized_line(title))}>'
    )
    paper = f'<rect class="paper" width="{width}" height="{top}" rx="12"/>'
    return "\n".join([head, f"<style>{svg_stylesheet()}</style>", paper, *body, "</svg>"]) + "\n"


def svg_stylesheet() -> str:
    """The styles of pictures, in files and in pages."""
    return (files("compiler.report.svg") / "picture.css").read_text(encoding="utf-8")


def _title_shapes(title: str) -> Iterator[str]:
    yield f'<text class="title" x="{PADDING}" y="36">{escape(sanitized_line(title))}</text>'


def _placed_picture(heading: str, picture: Picture, top: int, width: int) -> Iterator[str]:
    room = int((width - 2 * PADDING) / 8.2)
    shown = sanitized_line(heading)
    yield f'<g transform="translate({PADDING} {top})">'
    yield f'<text class="heading" y="14">{escape(shown if len(shown) <= room else shown[: room - 1] + "…")}</text>'
    yield '<g transform="translate(0 30)">'
    yield from (svg_element(shape) for shape in picture.shapes)
    yield "</g>"
    x = 0
    for name, tone in picture.legend[:8]:
        yield f'<rect class="bar {tone}" x="{x}" y="{picture.height + 36}" width="12" height="12" rx="3"/>'
        yield f'<text class="legend" x="{x + 18}" y="{picture.height + 46}">{escape(sanitized_line(name))}</text>'
        x += 34 + 7 * len(name)
    yield "</g>"


def svg_element(shape: SvgShape) -> str:
    """A shape as an element of XML."""
    attributes = "".join(
        f" {name}={quoteattr(f'{value:g}' if isinstance(value, float) else str(value))}"
        for name, value in shape.attributes.items()
    )
    if shape.tag == "text":
        return f"<text{attributes}>{escape(sanitized_line(shape.text))}</text>"
    return f"<{shape.tag}{attributes}/>"
