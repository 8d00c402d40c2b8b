from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, Settings

from reviews.models import Audit, Project, State, Team, User
from reviews.services import jobs
from reviews.services.audits import conclude, request_audit
from tests.reports import report

SignIn = Callable[[User], Client]
ZIP = b"PK\x05\x06" + bytes(18)


def filled(team: Team, **changes: object) -> dict[str, object]:
    form = {
        "source": "link",
        "team": team.pk,
        "url": "https://github.com/acme/shop",
        "application_type": "microservice",
    }
    return {**form, **changes}


def test_a_link_becomes_a_project_and_a_search_for_targets(maintainer: User, team: Team, sign_in: SignIn) -> None:
    response = sign_in(maintainer).post(reverse("new_project"), filled(team, ref="main", token="s3cret-token"))
    project = team.projects.get()
    assert response.url == reverse("target", args=["harbour", "shop"])
    assert (project.name, project.url, project.ref) == ("shop", "https://github.com/acme/shop", "main")
    assert project.application_type == "microservice"
    assert project.discoveries.get().state == State.QUEUED


def test_an_upload_becomes_a_project(maintainer: User, team: Team, sign_in: SignIn) -> None:
    file = SimpleUploadedFile("shop.tar.gz", b"some bytes")
    response = sign_in(maintainer).post(reverse("new_project"), filled(team, source="upload", file=file))
    assert response.status_code == 302
    assert team.projects.get().uploads.get().filename == "shop.tar.gz"


def test_the_sample_is_audited_at_once(stranger: User, sign_in: SignIn) -> None:
    response = sign_in(stranger).post(reverse("new_sample"))
    audit = Audit.objects.get()
    assert response.url == audit.get_absolute_url()
    assert (audit.trigger, audit.project.team.personal) == ("sample", True)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"url": ""}, "Give the https link"),
        ({"url": "http://github.com/acme/shop"}, "Only https links"),
        ({"url": "https://me:pw@github.com/acme/shop"}, "give it without, and the token in its own field"),
        ({"url": "https://10.0.0.1/acme/shop"}, "private or oddly written address"),
        ({"ref": "--upload-pack=x"}, "not a branch, tag or commit name"),
        ({"subfolder": "../etc"}, "inside the repository"),
        ({"source": "upload"}, "Choose a file"),
        ({"source": "upload", "file": SimpleUploadedFile("shop.rar", b"x")}, "neither an archive nor a Dockerfile"),
        ({"source": "upload", "file": SimpleUploadedFile("shop.zip", b"")}, "empty"),
        ({"application_type": "spaceship"}, "valid choice"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    changes: dict[str, object], says: str, maintainer: User, team: Team, sign_in: SignIn
) -> None:
    typed = filled(team, name="My shop", **{"ref": "main", "subfolder": "web", "token": "s3cret", **changes})
    response = sign_in(maintainer).post(reverse("new_project"), typed)
    page = response.content.decode()
    assert response.status_code == 422
    assert says.lower() in page.lower()
    for name in ("name", "url", "ref", "subfolder", "token"):
        assert not typed[name] or f'value="{typed[name]}"' in page, name
    assert not team.projects.exists()


def test_what_was_typed_for_the_other_way_in_does_not_matter(maintainer: User, team: Team, sign_in: SignIn) -> None:
    form = filled(team, source="upload", url="nonsense", ref="..", file=SimpleUploadedFile("Dockerfile", b"FROM x"))
    assert sign_in(maintainer).post(reverse("new_project"), form).status_code == 302


def test_a_file_over_the_limit_is_refused(maintainer: User, team: Team, sign_in: SignIn, settings: Settings) -> None:
    settings.UPLOAD_LIMIT_BYTES = 3
    form = filled(team, source="upload", file=SimpleUploadedFile("shop.zip", b"four"))
    assert "the limit is" in sign_in(maintainer).post(reverse("new_project"), form).content.decode()


def test_the_file_input_takes_archives_and_dockerfiles(maintainer: User, sign_in: SignIn) -> None:
    page = sign_in(maintainer).get(reverse("new_project")).content.decode()
    for ending in (".zip", ".tar", ".tar.gz", ".tar.zst", "Dockerfile"):
        assert ending in page


def test_a_new_user_gets_a_team_to_add_to(db: None, sign_in: SignIn) -> None:
    user = User.objects.create_user("fresh@example.org", "a good long password")
    sign_in(user).get(reverse("new_project"))
    assert Team.objects.get(personal=True).memberships.get().user == user


def test_the_history_links_each_audit(audit: Audit, owner: User, viewer: User, sign_in: SignIn) -> None:
    second = request_audit(audit.project, owner)
    claim = jobs.claim(Audit, second.pk, "test")
    assert claim is not None
    conclude(claim, report(image__base__pinned="pass"), [])
    page = sign_in(viewer).get(audit.project.get_absolute_url()).content.decode()
    chart = page[page.index('class="history"') : page.index("Audits</h2>")]
    for number in (1, 2):
        assert f'/audits/{number}/" aria-label="Audit {number}: score ' in chart
    assert "coverage 8" in chart


def test_more_audits_do_not_cost_more_queries(
    audit: Audit, owner: User, sign_in: SignIn, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client, address = sign_in(owner), audit.project.get_absolute_url()
    with django_assert_num_queries(7):  # session, user, project, membership, count, page, scored
        client.get(address)
    for _ in range(4):
        claim = jobs.claim(Audit, request_audit(audit.project, owner).pk, "test")
        assert claim is not None
        conclude(claim, report(), [])
    with django_assert_num_queries(7):
        client.get(address)


def test_an_unaudited_project_says_what_comes_next(
    project: Project, owner: User, viewer: User, sign_in: SignIn
) -> None:
    address = project.get_absolute_url()
    assert "The target is chosen." in sign_in(owner).get(address).content.decode()
    assert "Ask a maintainer of Harbour" in sign_in(viewer).get(address).content.decode()
    Project.objects.update(target_chosen=False)
    assert "One choice is left" in sign_in(owner).get(address).content.decode()


def test_the_stored_token_is_never_shown(maintainer: User, team: Team, sign_in: SignIn) -> None:
    client = sign_in(maintainer)
    client.post(reverse("new_project"), filled(team, token="s3cret-token"))
    for name in ("project", "project_settings", "target"):
        assert "s3cret-token" not in client.get(reverse(name, args=["harbour", "shop"])).content.decode()
