"""Server-side SVG: charts as text, without script, styled by classes (the policy forbids inline style)."""

from __future__ import annotations

import datetime
import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

GOOD, FAIR = 90, 50
ARC_DEGREES = 270
RADIUS = 52


def band(value: float | None) -> str:
    """The class that colours a score of 0..100, by the bands that Lighthouse made familiar."""
    if value is None:
        return "v-none"
    return {"Good": "v-pass", "Needs work": "v-partial"}.get(band_word(value), "v-fail")


def band_word(value: float | None) -> str:
    """The word beside the colour, so that the colour never stands alone."""
    if value is None:
        return "Not scored"
    shown = round(value)
    return "Good" if shown >= GOOD else "Needs work" if shown >= FAIR else "Poor"


def gauge(value: float | None) -> SafeString:
    """An open ring filled in proportion to a score of 0..100."""
    arc = 2 * math.pi * RADIUS * ARC_DEGREES / 360
    rest = 2 * math.pi * RADIUS - arc
    filled = arc * (value or 0) / 100
    text = "–" if value is None else f"{value:.0f}"
    return format_html(
        '<svg class="gauge {band}" viewBox="0 4 128 108" role="img" aria-label="{label}">'
        '<g fill="none" stroke-width="9" stroke-linecap="round" transform="rotate(135 64 64)">'
        '<circle class="gauge-track" cx="64" cy="64" r="{radius}" stroke-dasharray="{arc} {rest}"/>'
        "{fill}</g>"
        '<text class="gauge-value" x="64" y="75" text-anchor="middle">{text}</text>'
        '<text class="gauge-unit" x="64" y="92" text-anchor="middle">of 100</text></svg>',
        band=band(value),
        label="No score yet" if value is None else f"Score {value:.1f} of 100",
        radius=RADIUS,
        arc=f"{arc:.2f}",
        rest=f"{rest:.2f}",
        fill=_gauge_fill(filled),
        text=text,
    )


def _gauge_fill(filled: float) -> SafeString:
    """Nothing at 0: a round cap would paint a dot there."""
    if filled <= 0:
        return SafeString("")
    return format_html(
        '<circle class="gauge-arc" cx="64" cy="64" r="{}" stroke-dasharray="{} 999"/>', RADIUS, f"{filled:.2f}"
    )


def bar(share: float | None, classes: str = "bar-accent") -> SafeString:
    """A flat bar filled to `share` (0..1). Decorative: the number stands beside it as text."""
    return format_html(
        '<svg class="bar {}" aria-hidden="true"><rect class="bar-track" width="100%" height="6" rx="3"/>'
        '<rect class="bar-fill" width="{}%" height="6" rx="3"/></svg>',
        classes,
        f"{100 * min(max(share or 0, 0), 1):.1f}",
    )


def sparkline(values: Sequence[float]) -> SafeString:
    """The course of scores (0..100), oldest first; fewer than two have no course."""
    if len(values) < 2:
        return SafeString("")
    points = _spread(values, width=120, top=3, bottom=29)
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    last_x, last_y = points[-1]
    return format_html(
        '<svg class="spark" viewBox="0 0 120 32" role="img" aria-label="{label}">'
        '<polygon class="spark-area" points="{start:},32 {path} {end},32"/>'
        '<polyline class="spark-line" points="{path}"/><circle class="spark-end" cx="{x}" cy="{y}" r="2.6"/></svg>',
        label=f"Score over {len(values)} audits: from {values[0]:.0f} to {values[-1]:.0f}",
        path=path,
        start=f"{points[0][0]:.1f}",
        end=f"{last_x:.1f}",
        x=f"{last_x:.1f}",
        y=f"{last_y:.1f}",
    )


def _spread(values: Sequence[float], *, width: int, top: int, bottom: int) -> list[tuple[float, float]]:
    """Evenly spaced points; at least 20 score points tall, so that noise does not look like a cliff."""
    low, high = min(values), max(values)
    middle, span = (low + high) / 2, max(high - low, 20)
    step = (width - 6) / (len(values) - 1)
    return [
        (3 + step * index, bottom - (value - middle + span / 2) / span * (bottom - top))
        for index, value in enumerate(values)
    ]


@dataclass(frozen=True, slots=True)
class HistoryPoint:
    """One concluded audit. `value` in 0..100, `coverage` in 0..1."""

    number: int
    value: float
    coverage: float
    when: datetime.datetime
    url: str
    model_version: int = 1


def history(points: Sequence[HistoryPoint]) -> SafeString:
    """Score by audit, each point a link. Positions are shares of the width, so text keeps its size on a phone."""
    places = list(zip(points, _positions(len(points)), strict=True))
    return format_html(
        '<svg class="history" role="group" aria-label="Score history">{}{}{}{}{}</svg>',
        _grid(),
        _curve(places),
        _model_lines(places),
        format_html_join("", "{}", ((_dot(point, x, last=point is points[-1]),) for point, x in places)),
        _dates(places),
    )


PLOT_TOP, PLOT_HEIGHT = 12, 164
LEFT, RIGHT = 8.0, 97.0
"""Pixels from the top of the chart; percent of its width."""


def _positions(count: int) -> list[float]:
    if count == 1:
        return [(LEFT + RIGHT) / 2]
    return [LEFT + (RIGHT - LEFT) * index / (count - 1) for index in range(count)]


def _height(value: float) -> float:
    return PLOT_TOP + PLOT_HEIGHT * (1 - value / 100)


def _grid() -> SafeString:
    return format_html_join(
        "",
        '<line class="grid" x1="0" x2="100%" y1="{0}" y2="{0}"/><text x="0" y="{0}" dy="-5">{1}</text>',
        ((f"{_height(value):.1f}", value) for value in (0, FAIR, GOOD)),
    )


def _curve(places: Sequence[tuple[HistoryPoint, float]]) -> SafeString:
    """Line and area in a stretched inner picture, because a polyline cannot take percentages."""
    if len(places) < 2:
        return SafeString("")
    path = " ".join(f"{x:.2f},{100 - point.value:.2f}" for point, x in places)
    return format_html(
        '<svg x="0" y="{}" width="100%" height="{}" viewBox="0 0 100 100" preserveAspectRatio="none" '
        'aria-hidden="true" overflow="visible"><polygon class="area" points="{},100 {} {},100"/>'
        '<polyline class="line" points="{}"/></svg>',
        PLOT_TOP,
        PLOT_HEIGHT,
        f"{places[0][1]:.2f}",
        path,
        f"{places[-1][1]:.2f}",
        path,
    )


def _model_lines(places: Sequence[tuple[HistoryPoint, float]]) -> SafeString:
    """A dashed line where the scoring model changed: what differs across it is not the project's doing."""
    changes = [
        ((left_x + right_x) / 2, right.model_version)
        for (left, left_x), (right, right_x) in itertools.pairwise(places)
        if left.model_version != right.model_version
    ]
    return format_html_join(
        "",
        '<line class="model" x1="{0}%" x2="{0}%" y1="{2}" y2="{3}"/><text x="{0}%" y="{2}" dx="4">model {1}</text>',
        ((f"{x:.2f}", version, PLOT_TOP, PLOT_TOP + PLOT_HEIGHT) for x, version in changes),
    )


def _dot(point: HistoryPoint, x: float, *, last: bool) -> SafeString:
    label = f"Audit {point.number}: score {point.value:.1f}, coverage {point.coverage:.0%}, {point.when:%d %b %Y}"
    y = f"{_height(point.value):.1f}"
    value = format_html(
        '<text class="last" x="{}%" y="{}" dy="-11" text-anchor="middle">{}</text>', x, y, f"{point.value:.0f}"
    )
    return format_html(
        '<a href="{url}" aria-label="{label}"><title>{label}</title><circle class="hit" cx="{x}%" cy="{y}" r="13"/>'
        '<circle class="point" cx="{x}%" cy="{y}" r="4"/>{value}</a>',
        url=point.url,
        label=label,
        x=f"{x:.2f}",
        y=y,
        value=value if last else "",
    )


def _dates(places: Sequence[tuple[HistoryPoint, float]]) -> SafeString:
    """The first and the last date; one where they would collide."""
    ends = {0: "start", len(places) - 1: "end"} if len(places) > 1 else {0: "middle"}
    return format_html_join(
        "",
        '<text x="{}%" y="200" text-anchor="{}">{}</text>',
        ((f"{places[index][1]:.2f}", anchor, f"{places[index][0].when:%d %b}") for index, anchor in ends.items()),
    )
