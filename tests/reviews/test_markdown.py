from __future__ import annotations

import pytest

from reviews import markdown


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](data:text/html,<script>)",
        "![x](https://tracker.example/pixel.png)",
        "```\n</code></pre><script>alert(1)</script>\n```",
        "```dockerfile\nRUN echo '<script>alert(1)</script>'\n```",
        '<a href="https://x.example" style="position:fixed" onclick="x()">x</a>',
    ],
)
def test_nothing_active_gets_through(text: str) -> None:
    html = markdown.render(text)
    for danger in ("<script", "<img", 'href="javascript', 'href="data', '<a href="https://x.example"'):
        assert danger not in html


def test_links_leave_without_a_trace() -> None:
    assert 'rel="noopener noreferrer"' in markdown.render("[docs](https://docs.docker.com/)")


def test_code_is_coloured_by_its_language() -> None:
    assert '<span class="k">FROM</span>' in markdown.render("```dockerfile\nFROM x\n```")


def test_the_parts_are_what_stands_below_each_heading() -> None:
    parts = markdown.parts("Lead.\n\n## One\n\nfirst\n\n```sh\n# not a heading\n```\n\n## Two\n\nsecond")
    assert parts[""] == "Lead."
    assert parts["One"] == "first\n\n```sh\n# not a heading\n```"
    assert parts["Two"] == "second"
