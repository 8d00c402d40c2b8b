"""A real browser before a real installation: web, worker, scheduler and broker as `manage.py up` starts them."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from tests.faults.installation import Installation

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
SWITCHES = [
    *("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"),
    *("--disable-sync", "--no-first-run"),
]
EMAIL, PASSWORD = "mira@example.org", "harbour pilot nine"
OpenPage = Callable[..., Page]


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    installation = Installation(tmp_path_factory.mktemp("installation"))
    installation.start()
    yield installation
    installation.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine: install the package chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def signed_in(installation: Installation, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The cookies of the first owner, who was made as a person does it: by the link in the log."""
    (path,) = re.findall(r"Create the first account: \S+?(/setup/\S+)", installation.log.read_text())
    context = browser.new_context(base_url=installation.url)
    page = context.new_page()
    page.goto(path)
    page.get_by_label("Your name").fill("Mira Okafor")
    page.get_by_label("E-mail address").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Create the account").click()
    page.wait_for_url("**/")
    state = tmp_path_factory.mktemp("browser") / "state.json"
    context.storage_state(path=state)
    context.close()
    return state


@pytest.fixture
def complaints() -> list[str]:
    """What the browser's console said against the page; must stay empty."""
    return []


@pytest.fixture
def open_page(
    browser: Browser, installation: Installation, signed_in: Path, complaints: list[str]
) -> Iterator[OpenPage]:
    """A new window: `open_page("/", width=390, theme="dark")`. At the end nothing may have been complained about."""
    contexts: list[BrowserContext] = []

    def open_window(
        path: str, *, width: int = 1440, theme: str = "light", known: bool = True, script: bool = True
    ) -> Page:
        context = browser.new_context(
            base_url=installation.url,
            storage_state=signed_in if known else None,
            viewport={"width": width, "height": 900},
            color_scheme=theme,  # type: ignore[arg-type]
            java_script_enabled=script,
            reduced_motion="reduce",
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("console", lambda message: _note(message, complaints))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(path)
        return page

    yield open_window
    for context in contexts:
        context.close()
    assert not complaints


def _note(message: ConsoleMessage, complaints: list[str]) -> None:
    """The browser's note that a page answered 404 or 422 is what those tests are about."""
    if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
        complaints.append(message.text)
