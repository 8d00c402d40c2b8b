"""What every template keeps to, so that the strict policy holds and nothing is loaded from elsewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.template.loader import get_template

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
VENDOR = ROOT / "static" / "vendor"


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_a_template_compiles_and_needs_no_exception_from_the_policy(path: Path) -> None:
    text = path.read_text()
    get_template(str(path.relative_to(ROOT / "templates")))
    assert not re.search(r"\sstyle=", text), "inline style"
    assert not re.search(r"\son\w+=", text), "inline handler"
    assert not re.search(r"<script(?![^>]*\ssrc=)", text), "inline script"
    assert not re.search(r"(src|href)=\"(https?:)?//", text), "something from elsewhere"
    assert "javascript:" not in text
    if "partials/field.html" not in str(path):  # help texts are this project's own
        assert "|safe" not in text


def test_every_icon_is_vendored_and_every_vendored_icon_is_used() -> None:
    sources = [*TEMPLATES, *(ROOT / "reviews").rglob("*.py")]
    text = "\n".join(path.read_text() for path in sources)
    tags = set(re.findall(r'{% icon "([\w-]+)"', text))
    vendored = {path.stem for path in (VENDOR / "lucide").glob("*.svg")}
    assert tags <= vendored
    named = {name for name in vendored if f'"{name}"' in text}
    assert vendored == named


def test_everything_vendored_has_its_licence() -> None:
    for folder in (place for place in VENDOR.iterdir() if place.is_dir()):
        assert (folder / "LICENSE").read_text().strip(), folder.name


def test_styles_load_nothing_from_elsewhere() -> None:
    for path in (ROOT / "static" / "css").glob("*.css"):
        assert not re.search(r"url\(\s*[\"']?(https?:)?//", path.read_text())
        assert "@import" not in path.read_text()


def test_components_take_their_colours_from_the_tokens() -> None:
    text = (ROOT / "static" / "css" / "app.css").read_text()
    assert not re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[;\s)])", text)
    used = set(re.findall(r"var\((--[\w-]+)", text))
    defined = set(re.findall(r"(--[\w-]+):", text + (ROOT / "static" / "css" / "tokens.css").read_text()))
    assert used <= defined


def test_the_script_stays_small() -> None:
    assert len((ROOT / "static" / "js" / "app.js").read_text().splitlines()) <= 100
