"""Courses and traces as a file of SVG, light or dark as its reader has it."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from xml.etree.ElementTree import Element, indent, tostring

from compiler.diagnostics.render.cells import sanitized_line
from compiler.model.plan import Plan
from compiler.model.verdict import TraceState, Verdict
from compiler.report.findings import reported_findings
from compiler.report.phrases import (
    VERDICT_MARKS,
    changed_units_by_risk,
    counted,
    overall_words,
    verdict_over_scope,
)
from compiler.report.svg.picture import Picture, SvgShape, course_picture, trace_picture

MAX_PICTURES = 12
PADDING = 20
LINE_HEIGHT = 18
LETTER = 8.2
"""How wide a letter of a heading is; those of a caption are narrower."""


@dataclass(frozen=True, slots=True)
class TitledPicture:
    """A picture under its heading, and above the lines that say what happens in it."""

    heading: str
    picture: Picture
    captions: tuple[str, ...] = ()


def svg_report(plan: Plan) -> str:
    """The courses of the plan's releases and groups, the first twelve that change, below each other.

    One that is not safe is followed by the trace that shows it. Everything in it is drawn text: no link, no script.
    """
    pictures: list[TitledPicture] = []
    units = [
        (environment.name, unit) for environment in plan.environments for unit in changed_units_by_risk(environment)
    ]
    for name, unit in units[:MAX_PICTURES]:
        course = course_picture(unit)
        if course is not None:
            verdict = unit.verdict.verdict
            pictures.append(TitledPicture(f"{VERDICT_MARKS[verdict]} {name}/{unit.name}: {unit.headline}", course))
        for each in reported_findings(unit)[:1]:
            trace = trace_picture(each.trace)
            if trace is not None:
                heading = f"{each.diagnostic.code}: {each.diagnostic.message}"
                pictures.append(TitledPicture(heading, trace, trace_captions(each.trace)))
    if not units:
        return svg_document([], "nothing changes")
    more = f", the first {MAX_PICTURES} of {len(units):,}" if len(units) > MAX_PICTURES else ""
    return svg_document(pictures, f"{overall_words(plan)}: {counted(len(units), 'release')}{more}")


def verdict_svg(verdict: Verdict) -> str:
    """The traces of a verdict's first findings; of a safe one, that it is."""
    pictures: list[TitledPicture] = []
    for finding in verdict.findings[:MAX_PICTURES]:
        trace = trace_picture(finding.trace)
        if trace is not None:
            captions = (*trace_captions(finding.trace), f"help: {finding.help}")
            pictures.append(TitledPicture(f"{finding.code}: {finding.message}", trace, captions))
    return svg_document(pictures, verdict_over_scope(verdict))


def trace_captions(trace: Sequence[TraceState]) -> tuple[str, ...]:
    """What leads to each state."""
    return tuple(f"{number}: {state.event}" for number, state in enumerate(trace))


def svg_document(pictures: Sequence[TitledPicture], title: str) -> str:
    """The pictures below each other, each under its title, as one document."""
    width = max((each.picture.width for each in pictures), default=420) + 2 * PADDING
    width = max(width, 720 if pictures else 0)
    placed, top = [], 56
    for each in pictures:
        room = width - 2 * PADDING
        headings = textwrap.wrap(sanitized_line(each.heading), int(room / LETTER)) or [""]
        captions = [line for caption in each.captions for line in wrapped_caption(caption, int(room / LETTER * 1.2))]
        placed.append(_placed_picture(each.picture, headings, captions, top))
        top += each.picture.height + 92 + LINE_HEIGHT * (len(headings) - 1 + len(captions))
    document = _element(
        "svg", xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {width} {top}", width=width, height=top, role="img"
    )
    document.set("aria-label", sanitized_line(title))
    _element("style", document).text = svg_stylesheet()
    _element("rect", document, css="paper", width=width, height=top, rx=12)
    _add_text(document, title, css="title", x=PADDING, y=36)
    document.extend(placed)
    indent(document, space="")
    return tostring(document, encoding="unicode") + "\n"


def svg_stylesheet() -> str:
    """The styles of pictures, in files and in pages."""
    return (files("compiler.report.svg") / "picture.css").read_text(encoding="utf-8")


def wrapped_caption(caption: str, columns: int) -> list[str]:
    return textwrap.wrap(sanitized_line(caption), columns, subsequent_indent="\u2003")


def _placed_picture(picture: Picture, headings: Sequence[str], captions: Sequence[str], top: int) -> Element:
    whole = _element("g", transform=f"translate({PADDING} {top})")
    for number, line in enumerate(headings):
        _add_text(whole, line, css="heading", y=14 + number * LINE_HEIGHT)
    below = _element("g", whole, transform=f"translate(0 {(len(headings) - 1) * LINE_HEIGHT})")
    _element("g", below, transform="translate(0 30)").extend(svg_element(shape) for shape in picture.shapes)
    x = 0
    for name, tone in picture.legend[:8]:
        _element("rect", below, css=f"bar {tone}", x=x, y=picture.height + 36, width=12, height=12, rx=3)
        _add_text(below, name, css="legend", x=x + 18, y=picture.height + 46)
        x += 34 + 7 * len(name)
    for number, line in enumerate(captions):
        _add_text(below, line, css="legend", x=0, y=picture.height + 46 + (number + 1) * LINE_HEIGHT + 4)
    return whole


def svg_element(shape: SvgShape) -> Element:
    """A shape as an element of XML."""
    element = Element(shape.tag, {name: _number(value) for name, value in shape.attributes.items()})
    if shape.tag == "text":
        element.text = sanitized_line(shape.text)
    return element


def _add_text(parent: Element, text: str, css: str, **attributes: int) -> None:
    _element("text", parent, css, **attributes).text = sanitized_line(text)


def _element(tag: str, parent: Element | None = None, css: str = "", **attributes: str | float) -> Element:
    """An element with these attributes, below `parent`; `css` is its class."""
    every = {"class": css, **attributes} if css else attributes
    element = Element(tag, {name: _number(value) for name, value in every.items()})
    if parent is not None:
        parent.append(element)
    return element


def _number(value: str | float) -> str:
    """A number as an attribute has it; a text as it is."""
    return f"{value:g}" if isinstance(value, float) else str(value)
