"""Every page in every dress: accessible, inside its screen, without a word of complaint from the browser."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenPage
from tests.faults.installation import Installation

pytestmark = pytest.mark.e2e
SEED = """
from datetime import timedelta
from django.utils import timezone
from reviews.services import jobs
from reviews.services.audits import conclude, request_audit
from reviews.services.projects import choose_target, create_project_from_link
from tests.reports import finding, report, target

user = User.objects.get()
team = Team.objects.create(name="Acme Platform", slug="acme")
Membership.objects.create(team=team, user=user, role=Role.OWNER)
later = timezone.now() + timedelta(days=1)

def linked(name):
    project = create_project_from_link(team, user, name=name, url=f"https://github.com/acme/{name}", token="t")
    choose_target(project, user, "Dockerfile", ".")
    return project

def audited(project, **changes):
    audit = request_audit(project, user)
    made = report(**changes)
    wide = {"start": 1, "text": "RUN " + "long " * 60}
    made["items"][0]["findings"].append(finding("a long line", line=1, end_line=1, excerpt=wide))
    text = "Do `this`:\\n\\n```dockerfile\\nFROM " + "x" * 200 + "\\n```"
    made["items"][1]["fix"] = {"text": text, "diff": "-FROM a\\n+FROM b"}
    made["errors"] = [{"message": "the quote is not closed", "path": "compose.yaml", "line": 3}]
    conclude(jobs.claim(Audit, audit.pk, "seed"), made, [])

shop = linked("shop")
audited(shop)
audited(shop, image__base__appropriate="pass")
request_audit(linked("waiting"), user)
Audit.objects.filter(state="queued").update(not_before=later, created_at=timezone.now() - timedelta(minutes=5))
failed = request_audit(linked("failed"), user)
stage = {"name": "fetch", "title": "Fetch the source", "started_at": None, "finished_at": None, "message": "x" * 200}
stages = [{**stage, "state": state} for state in ("done", "failed")]
error = "the host is not known: check the link"
Audit.objects.filter(pk=failed.pk).update(state="failed", error=error, progress=stages)
linked("failed").discoveries.create(state="failed", error=error)
found = [target(), target(dockerfile="a/very/long/path/" * 8 + "Dockerfile", development=True, stage="production")]
linked("found").discoveries.create(state="done", targets=found)
linked("nothing").discoveries.create(state="done", targets=[])
answer = "seeded"
"""
PAGES = {
    "home": "/",
    "new project": "/projects/new/",
    "new upload": "/projects/new/?source=upload",
    "project": "/projects/acme/shop/",
    "project without audit": "/projects/acme/found/",
    "audit": "/projects/acme/shop/audits/2/",
    "waiting audit": "/projects/acme/waiting/audits/1/",
    "failed audit": "/projects/acme/failed/audits/1/",
    "targets": "/projects/acme/found/target/",
    "failed search": "/projects/acme/failed-2/target/",
    "no targets": "/projects/acme/nothing/target/",
    "settings": "/projects/acme/shop/settings/",
    "checks": "/checks/",
    "a check": "/checks/image.layers.order/",
    "nothing here": "/projects/acme/no-such/",
    "password": "/accounts/password/change/",
    "two factors": "/accounts/2fa/",
}
UNKNOWN_PAGES = {"sign in": "/accounts/login/", "reset": "/accounts/password/reset/"}
DRESSES = [(width, theme) for width in (1440, 390) for theme in ("light", "dark")]
each_dress = pytest.mark.parametrize(("width", "theme"), DRESSES, ids=[f"{width}-{theme}" for width, theme in DRESSES])


@pytest.fixture(scope="session")
def seeded(installation: Installation, signed_in: object) -> Installation:
    assert installation.call(SEED) == "seeded"
    return installation


def look_over(page: Page) -> None:
    """Unfold all, then: nothing serious for axe, and nothing wider than the screen."""
    page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true })")
    violations = Axe().run(page).response["violations"]
    serious = [
        (violation["id"], [node["html"][:160] for node in violation["nodes"][:3]])
        for violation in violations
        if violation["impact"] in ("serious", "critical")
    ]
    assert not serious
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]


@each_dress
@pytest.mark.parametrize("path", [pytest.param(path, id=name) for name, path in PAGES.items()])
def test_a_page_is_accessible_and_fits(path: str, width: int, theme: str, seeded: object, open_page: OpenPage) -> None:
    look_over(open_page(path, width=width, theme=theme))


@each_dress
@pytest.mark.parametrize("path", [pytest.param(path, id=name) for name, path in UNKNOWN_PAGES.items()])
def test_a_page_before_signing_in_is_accessible_and_fits(
    path: str, width: int, theme: str, open_page: OpenPage
) -> None:
    look_over(open_page(path, width=width, theme=theme, known=False))


@each_dress
def test_a_form_with_mistakes_is_accessible_and_fits(width: int, theme: str, open_page: OpenPage) -> None:
    page = open_page("/projects/new/", width=width, theme=theme)
    page.get_by_label("Repository link").fill("ftp://nowhere")
    page.get_by_role("button", name="Look for targets").click()
    expect(page.locator("[aria-invalid=true]")).to_have_value("ftp://nowhere")
    look_over(page)


def test_the_checklist_goes_by_keyboard_alone(seeded: object, open_page: OpenPage) -> None:
    page = open_page("/projects/acme/shop/audits/2/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    summary = page.locator('[id="image.base.pinned"] summary')
    for _ in range(60):
        page.keyboard.press("Tab")
        if summary.evaluate("element => element === document.activeElement"):
            break
    expect(summary).to_be_focused()
    outline = summary.evaluate(
        "element => getComputedStyle(element).outlineStyle + getComputedStyle(element).outlineWidth"
    )
    assert outline == "solid2px"
    page.keyboard.press("Enter")
    expect(page.locator('[id="image.base.pinned"] .item-body')).to_be_visible()


def test_a_link_to_an_item_opens_it_even_when_filtered_out(seeded: object, open_page: OpenPage) -> None:
    page = open_page("/projects/acme/shop/audits/2/?verdict=pass#image.layers.order")
    expect(page.locator('[id="image.layers.order"] .item-body')).to_be_visible()


def test_without_script_the_filter_and_the_items_work(seeded: object, open_page: OpenPage) -> None:
    page = open_page("/projects/acme/shop/audits/2/", script=False)
    page.locator("[data-filter=review]").click()
    expect(page.locator("li[data-item]:not([hidden])")).to_have_count(3)
    page.locator('[id="production.performance.load"] summary').click()
    expect(page.locator('[id="production.performance.load"] .item-body')).to_be_visible()


def test_a_chosen_theme_is_remembered_and_given_back(open_page: OpenPage) -> None:
    page = open_page("/")
    switch = page.locator("[data-theme-switch]")
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    switch.click()
    switch.click()
    expect(switch).to_have_attribute("data-theme-switch", "dark")
    page.reload()
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert dark != light
    page.locator("[data-theme-switch]").click()
    page.reload()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == light
    assert page.evaluate("localStorage.getItem('theme')") is None


def test_a_live_page_whose_session_ended_asks_to_sign_in(seeded: object, open_page: OpenPage) -> None:
    page = open_page("/projects/acme/waiting/audits/1/")
    expect(page.get_by_text("It has waited for")).to_be_visible()
    page.context.clear_cookies()
    page.wait_for_url("**/accounts/login/**")


def test_a_live_page_stays_still_while_nothing_happens(seeded: object, open_page: OpenPage) -> None:
    page = open_page("/projects/acme/waiting/audits/1/")
    page.evaluate("document.getElementById('cancel-audit').dataset.same = 'yes'")
    page.locator("#cancel-audit").focus()
    for _ in range(2):
        with page.expect_response(lambda response: "seen=" in response.url) as answer:
            pass
        assert answer.value.status == 204
    expect(page.locator("#cancel-audit")).to_be_focused()
    assert page.evaluate("document.getElementById('cancel-audit').dataset.same") == "yes"


def test_the_policy_is_strict_on_every_page(seeded: object, open_page: OpenPage) -> None:
    page = open_page("/")
    for path in PAGES.values():
        policy = page.request.get(path).headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy


def test_every_address_on_a_page_can_be_had(seeded: object, open_page: OpenPage) -> None:
    page = open_page("/")
    get = "found => found.map(element => element.getAttribute('href') || element.getAttribute('src'))"
    seen_on: dict[str, str] = {}
    for path in PAGES.values():
        page.goto(path)
        links = page.eval_on_selector_all("a[href^='/'], link[href^='/'], script[src^='/']", get)
        seen_on |= {link.split("#")[0]: path for link in links}
    broken = {link: path for link, path in seen_on.items() if page.request.head(link).status != 200}
    assert not broken
