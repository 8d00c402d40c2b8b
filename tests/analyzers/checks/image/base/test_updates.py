import datetime

import pytest

from analyzers.artifacts.automation import Automation, ScheduledBuild, UpdateBot
from analyzers.artifacts.bases import Bases
from analyzers.artifacts.missing import Missing
from analyzers.artifacts.target import AuditDate
from analyzers.checks.image.base.updates import updates
from analyzers.results import Result, Verdict
from tests import builders as make

ID = "image.base.updates"
DEPENDABOT = """
    version: 2
    updates:
      - package-ecosystem: docker
        directory: {folder}
        schedule: {{interval: weekly}}
"""


def with_bot(tmp_path, image: str, folder: str = "/", today: str = "2026-11-23") -> Result:
    files = {".github/dependabot.yml": DEPENDABOT.format(folder=folder)}
    return make.judge(ID, tmp_path, f"FROM {image}\n", files, today=today)


@pytest.mark.parametrize(
    ("image", "verdict"),
    [
        ("python:3.13-slim", Verdict.PASS),
        ("python:3.13-slim-trixie", Verdict.PASS),
        ("python:3.13-slim-bookworm", Verdict.PARTIAL),
        ("python:3.10-slim", Verdict.FAIL),
        ("python:3.11-slim-buster", Verdict.FAIL),
        ("python:3.13-alpine3.19", Verdict.FAIL),
        ("node:20-slim", Verdict.FAIL),
        ("ubuntu:20.04", Verdict.FAIL),
        ("python:latest", Verdict.PASS),
    ],
)
def test_every_release_in_the_tag_is_held_against_the_day(tmp_path, image, verdict):
    assert with_bot(tmp_path, image).verdict is verdict


def test_the_last_day_of_support_still_counts(tmp_path):
    assert with_bot(tmp_path, "python:3.10-slim", today="2026-10-31").verdict is Verdict.PASS
    assert with_bot(tmp_path, "python:3.10-slim", today="2026-11-01").verdict is Verdict.FAIL


def test_a_bot_for_another_folder_does_not_cover_this_dockerfile(tmp_path):
    result = with_bot(tmp_path, "python:3.13-slim", folder="/services")
    assert result.verdict is Verdict.FAIL
    assert any("does not cover" in finding.message for finding in result.findings)


def test_nothing_that_keeps_it_fresh_fails_and_the_fix_names_the_folder(tmp_path):
    result = make.judge(ID, tmp_path, "FROM python:3.13-slim\n")
    assert result.verdict is Verdict.FAIL
    assert "seen in the repository" in result.summary
    assert "directory: /" in result.fix.text


def test_scratch_has_nothing_to_update(tmp_path):
    assert make.judge(ID, tmp_path, "FROM scratch\n").verdict is Verdict.NOT_APPLICABLE


def test_an_old_image_of_a_builder_is_only_mentioned(tmp_path):
    files = {".github/dependabot.yml": DEPENDABOT.format(folder="/")}
    text = """
        FROM node:14 AS assets
        FROM python:3.13-slim
        COPY --from=assets /dist /dist
    """
    result = make.judge(ID, tmp_path, text, files)
    assert result.verdict is Verdict.PASS
    assert any("Node.js 14" in finding.message for finding in result.findings)


def judged_with(automation: Automation | Missing, bases: Bases | None = None) -> Result:
    date = AuditDate(datetime.date(2026, 11, 23))
    return updates(make.build_plan(), bases or make.bases(), date, automation)


def test_without_knowledge_of_the_automation_only_the_age_can_fail(tmp_path):
    result = judged_with(Missing("the workflows could not be read"))
    assert (result.verdict, "the workflows could not be read" in result.summary) == (Verdict.UNKNOWN, True)


def test_a_scheduled_build_passes_only_with_a_pull():
    def schedule(pulls: bool) -> Automation:
        return Automation((), (ScheduledBuild(".github/workflows/nightly.yml", 3, pulls, "builds each night"),), ())

    assert judged_with(schedule(True)).verdict is Verdict.PASS
    assert judged_with(schedule(False)).verdict is Verdict.PARTIAL


def test_renovate_passes():
    bot = UpdateBot("Renovate", "renovate.json", None, True, "docker updates are on")
    assert judged_with(Automation((bot,), (), ())).verdict is Verdict.PASS


def test_an_unresolved_base_is_unknown(tmp_path):
    files = {".github/dependabot.yml": DEPENDABOT.format(folder="/")}
    assert make.judge(ID, tmp_path, "ARG B\nFROM $B\n", files).verdict is Verdict.UNKNOWN
