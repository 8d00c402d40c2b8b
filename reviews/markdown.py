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
HEADINGS = {"h1": "h2", "h2": "h3", "h3": "h4"}


def _highlighted(text: str, language: str, _attributes: str) -> str:
    return str(highlight.code(text, language)) if language else str(escape(text))


_parser = MarkdownIt("commonmark", {"html": False, "highlight": _highlighted}).enable("table").disable("image")


def render(text: str) -> SafeString:
    """Safe HTML whose headings start at h3, because it is always shown below a heading of its own."""
    tokens = _parser.parse(text)
    for token in tokens:
        token.tag = HEADINGS.get(token.tag, token.tag)
    html = _parser.renderer.render(tokens, _parser.options, {})
    cleaned = nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, url_schemes={"http", "https"})
    return mark_safe(cleaned)  # noqa: S308 - cleaned by nh3 against the lists above
