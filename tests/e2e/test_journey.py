"""The whole line, as a person goes it."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import EMAIL, PASSWORD, OpenPage

pytestmark = pytest.mark.e2e
FILES = {
    "Dockerfile": "FROM python:3.12\nWORKDIR /srv\nCOPY . .\nRUN pip install -r requirements.txt\nCMD python shop.py\n",
    "dev.Dockerfile": "FROM python:3.12\nCOPY . .\nCMD python shop.py\n",
    "compose.yaml": "services:\n  shop:\n    build: .\n    ports: ['8000:8000']\n",
    "requirements.txt": "flask==3.1.0\n",
    "shop.py": "from flask import Flask\napp = Flask(__name__)\nif __name__ == '__main__':\n    app.run()\n",
}


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    file = tmp_path / "corner-shop.zip"
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as packed:
        for name, text in FILES.items():
            packed.writestr(name, text)
    file.write_bytes(content.getvalue())
    return file


def test_from_signing_in_to_the_history(open_page: OpenPage, archive: Path) -> None:
    page = open_page("/", known=False)
    sign_in(page)
    add_project(page, archive)
    choose_target(page)
    read_checklist(page)
    download_report(page)
    audit_again(page)
    read_history(page)


def sign_in(page: Page) -> None:
    expect(page).to_have_title("Sign in · Trimtab")
    page.get_by_label("Email").fill(EMAIL)
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Your account")).to_be_visible()


def add_project(page: Page, archive: Path) -> None:
    page.goto("/projects/new/")
    page.get_by_label("Repository link").fill("https://github.com/acme/shop")
    page.get_by_text("Upload a file").click()
    expect(page.get_by_label("Repository link")).to_be_hidden()
    page.get_by_text("Microservice").click()
    page.get_by_role("button", name="Look for targets").click()
    expect(page.get_by_text("Choose a file.")).to_be_visible()
    expect(page.get_by_role("radio", name="Microservice")).to_be_checked()
    page.get_by_text("Link a repository").click()
    expect(page.get_by_label("Repository link")).to_have_value("https://github.com/acme/shop")
    page.get_by_text("Upload a file").click()
    page.get_by_label("Archive or Dockerfile").set_input_files(archive)
    page.get_by_role("button", name="Look for targets").click()


def choose_target(page: Page) -> None:
    expect(page.get_by_role("heading", name="Which image should be audited?")).to_be_visible()
    chosen = page.get_by_role("radio", checked=True)
    expect(chosen).to_have_count(1)
    assert "Dockerfile" in page.locator(".choice:has(:checked) .choice-title").inner_text()
    assert "dev" not in page.locator(".choice:has(:checked) .choice-title").inner_text()
    expect(page.locator(".choice", has_text="dev.Dockerfile").get_by_text("development", exact=True)).to_be_visible()
    page.get_by_role("button", name="Audit this target").click()


def read_checklist(page: Page) -> None:
    """The page followed the audit by itself; then unfold an item and filter."""
    expect(page.locator("#checklist")).to_be_visible(timeout=60_000)
    assert page.locator("[data-item] > details").count() == 30
    assert page.locator("#live[hx-trigger]").count() == 0
    item = page.locator('[id="image.base.appropriate"]')
    item.locator("summary").click()
    assert item.locator("tr.marked .code").first.inner_text() == "FROM python:3.12"
    expect(item.get_by_role("heading", name="How to fix it")).to_be_visible()
    failed = int(page.locator("[data-filter=fail] b").inner_text())
    page.locator("[data-filter=fail]").click()
    assert page.locator("li[data-item]:not([hidden])").count() == failed
    assert page.url.endswith("?verdict=fail")
    expect(item).to_be_visible()
    page.locator("[data-filter='']").click()
    assert page.locator("li[data-item]:not([hidden])").count() == 30


def download_report(page: Page) -> None:
    with page.expect_download() as download:
        page.get_by_role("link", name="report.json").click()
    report = json.loads(Path(download.value.path()).read_text())
    assert len(report["items"]) == 30
    assert download.value.suggested_filename == "corner-shop-audit-1.json"


def audit_again(page: Page) -> None:
    page.get_by_role("button", name="Audit again").click()
    page.wait_for_url("**/audits/2/")
    expect(page.locator("#checklist")).to_be_visible(timeout=60_000)


def read_history(page: Page) -> None:
    page.get_by_role("link", name="corner-shop").click()
    points = page.locator("svg.history a")
    assert points.count() == 2
    points.first.click()
    page.wait_for_url("**/audits/1/")
    page.goto("/")
    row = page.locator(".project-row", has_text="corner-shop")
    expect(row.get_by_text("% covered")).to_be_visible()
    expect(row.get_by_role("img", name="Score over 2 audits")).to_be_visible()
