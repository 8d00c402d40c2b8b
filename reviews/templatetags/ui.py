"""What the templates draw with: icons, marks, charts and small wordings."""

from __future__ import annotations

import functools
import re
from datetime import datetime

from django import template
from django.conf import settings
from django.forms import BoundField
from django.utils.dateparse import parse_datetime
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from reviews import charts, markdown, verdicts
from reviews.views.polling import version
from reviews.wording import capital, sentence

register = template.Library()
ICONS = settings.BASE_DIR / "static" / "vendor" / "lucide"

register.simple_tag(charts.gauge, name="gauge")
register.simple_tag(charts.bar, name="bar")
register.simple_tag(charts.sparkline, name="sparkline")
register.simple_tag(charts.history, name="history_chart")
register.filter("band", charts.band)
register.filter("band_word", charts.band_word)
register.filter("markdown", markdown.render)
register.filter("capital", capital)
register.filter("sentence", sentence)
register.filter("version", version)


@register.simple_tag
def icon(name: str, classes: str = "") -> SafeString:
    """A vendored lucide icon, inlined. Decorative: the words beside it say the same."""
    return format_html('<svg class="icon icon-{} {}" {}', name, classes, _drawing(name))


@functools.cache
def _drawing(name: str) -> SafeString:
    """All of the file from its attributes on. The files are ours, not a repository's."""
    text = (ICONS / f"{name}.svg").read_text(encoding="utf-8")
    shapes = re.sub(r"\s+", " ", text[text.index(">", text.index("<svg")) + 1 :]).replace("> <", "><").strip()
    attributes = (
        'viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" '
        'stroke-linejoin="round" aria-hidden="true" focusable="false">'
    )
    return mark_safe(attributes + shapes)  # noqa: S308 - a vendored file


@register.simple_tag
def verdict_badge(name: str) -> SafeString:
    mark = verdicts.verdict_mark(name)
    return format_html(
        '<span class="verdict v-{}" title="{}">{}{}</span>', mark.name, mark.meaning, icon(mark.icon), mark.word
    )


@register.simple_tag
def evidence_chip(name: str) -> SafeString:
    mark = verdicts.evidence_mark(name)
    strong = "chip-plain" if name == "static" else "chip-strong"
    return format_html('<span class="chip {}" title="{}">{}</span>', strong, mark.meaning, mark.word)


@register.simple_tag
def state_line(state: str) -> SafeString:
    mark = verdicts.STATES[state]
    spin = "spin" if state == "running" else ""
    return format_html('<span class="state state-{}">{}{}</span>', state, icon(mark.icon, spin), mark.word)


@register.filter
def inline_code(text: str) -> SafeString:
    """Text whose `backticked` words are set as code; an odd backtick stays what it is."""
    parts = text.split("`")
    if len(parts) % 2 == 0:
        parts[-2:] = ["`".join(parts[-2:])]
    marks = ("{}", "<code>{}</code>")
    return format_html_join("", "{}", ((format_html(marks[index % 2], part),) for index, part in enumerate(parts)))


@register.filter
def percent(share: float | None) -> str:
    """A share of 0..1 as whole percent; never rounded up to 100 or down to 0 when it is not that."""
    if share is None:
        return "–"
    whole = round(share * 100)
    return f"{min(whole, 99) if share < 1 else whole} %" if whole or not share else "under 1 %"


@register.filter
def score(value: float | None) -> str:
    return "–" if value is None else f"{value:.0f}"


@register.filter
def folder(path: str) -> SafeString:
    return SafeString("the root") if path in (".", "") else format_html('<span class="mono">{}</span>', path)


@register.filter
def short_revision(revision: str) -> str:
    return revision[:10]


@register.filter
def moment(value: str | datetime | None) -> datetime | None:
    """A time of a job's progress, which is kept as ISO 8601 text."""
    return parse_datetime(value) if isinstance(value, str) else value


@register.simple_tag
def took(start: str | datetime | None, end: str | datetime | None) -> str:
    """The time between two moments, "" where either is missing."""
    first, last = moment(start), moment(end)
    if first is None or last is None:
        return ""
    seconds = max((last - first).total_seconds(), 0)
    if seconds < 10:
        return f"{seconds:.1f} s" if seconds >= 0.1 else "under 0.1 s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


@register.filter
def megabytes(size_bytes: int) -> str:
    """Decimal megabytes, as the guide's tables count them."""
    return f"{size_bytes / 1_000_000:.1f} MB" if size_bytes >= 100_000 else f"{max(size_bytes // 1000, 1)} kB"


@register.filter
def times(number: int) -> range:
    return range(number)


@register.simple_tag
def control(field: BoundField, **attributes: str) -> SafeString:
    """A form field's widget with the class of its kind. Django adds aria-invalid and aria-describedby."""
    kinds = {"select": "form-select", "checkbox": "form-check-input"}
    kind = kinds.get(getattr(field.field.widget, "input_type", ""), "form-control")
    if field.field.widget.attrs.get("placeholder") == field.label:
        attributes["placeholder"] = ""
    return field.as_widget(attrs={"class": kind, **attributes})


@register.filter
def lookup(table: dict[str, str], key: str) -> str:
    return table.get(key, "")
