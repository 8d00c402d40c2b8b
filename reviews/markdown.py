"""Markdown to HTML: raw HTML is off in the parser, and what comes out is cleaned all the same."""

from __future__ import annotations

import nh3
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

from reviews import highlight

TAGS = {
    *("p", "br", "hr", "h2", "h3", "h4", "ul", "ol", "li", "strong", "em", "code", "pre", "blockquote", "a", "span"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
ATTRIBUTES = {"a": {"href", "title"}, "span": {"class"}}
TOP_HEADING, NEXT_HEADING = "h1", "h2"


def _highlighted(text: str, language: str, _attributes: str) -> str:
    return str(highlight.code(text, language)) if language else str(escape(text))


_parser = MarkdownIt("commonmark", {"html": False, "highlight": _highlighted}).enable("table").disable("image")


def render(text: str) -> SafeString:
    """Safe HTML without h1, since that is the page's own title."""
    tokens = _parser.parse(text)
    for token in tokens:
        token.tag = NEXT_HEADING if token.tag == TOP_HEADING else token.tag
    html = _parser.renderer.render(tokens, _parser.options, {})
    cleaned = nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, url_schemes={"http", "https"})
    return mark_safe(cleaned)  # noqa: S308 - cleaned by nh3 against the lists above


def parts(text: str) -> dict[str, str]:
    """The Markdown under each heading, by the heading's words; what comes before the first is under ""."""
    lines = text.split("\n")
    tokens = _parser.parse(text)
    found = [(i, token.map) for i, token in enumerate(tokens) if token.type == "heading_open" and token.map]
    names = ["", *(tokens[index + 1].content for index, _ in found)]
    starts = [0, *(place[1] for _, place in found)]
    ends = [*(place[0] for _, place in found), len(lines)]
    return {name: "\n".join(lines[start:end]).strip() for name, start, end in zip(names, starts, ends, strict=True)}
