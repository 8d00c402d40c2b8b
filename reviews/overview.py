"""The home page's shape: each project with where it stands and how it got there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.db.models import F, Window
from django.db.models.functions import RowNumber

from reviews.charts import HistoryPoint
from reviews.models import Audit, Project, State, User

TREND_AUDITS = 20
HEAVY = ("report", "progress", "target", "sections")


@dataclass(frozen=True, slots=True)
class ProjectRow:
    """`latest`: the newest audit in any state; `scored`: the newest with a score; `trend`: scores, oldest first."""

    project: Project
    latest: Audit | None
    scored: Audit | None
    trend: tuple[float, ...]

    @property
    def active(self) -> bool:
        return self.latest is not None and self.latest.active


def project_rows(user: User | AnonymousUser) -> list[ProjectRow]:
    """All projects of the user's teams, in two queries however many they are."""
    by_project: dict[int, list[Audit]] = {}
    for audit in _recent_audits(user):
        by_project.setdefault(audit.project_id, []).append(audit)
    projects = sorted(Project.objects.visible_to(user).select_related("team"), key=lambda found: found.name.casefold())
    return [_row(project, by_project.get(project.pk, [])) for project in projects]


def history_points(project: Project, audits: Iterable[Audit]) -> list[HistoryPoint]:
    """The scored ones among `audits`, oldest first."""
    points = []
    for audit in sorted(audits, key=lambda audit: audit.number):
        audit.project = project
        if audit.state == State.DONE and audit.score_value is not None:
            when = audit.finished_at or audit.created_at
            coverage, model = audit.score_coverage or 0, audit.model_version or 1
            url = audit.get_absolute_url()
            points.append(HistoryPoint(audit.number, audit.score_value, coverage, when, url, model))
    return points


def _recent_audits(user: User | AnonymousUser) -> Iterable[Audit]:
    rank = Window(RowNumber(), partition_by=F("project_id"), order_by=F("number").desc())
    return Audit.objects.visible_to(user).defer(*HEAVY).annotate(rank=rank).filter(rank__lte=TREND_AUDITS)


def _row(project: Project, audits: list[Audit]) -> ProjectRow:
    newest_first = sorted(audits, key=lambda audit: -audit.number)
    scored = [audit for audit in newest_first if audit.state == State.DONE and audit.score_value is not None]
    trend = tuple(audit.score_value for audit in reversed(scored) if audit.score_value is not None)
    return ProjectRow(project, next(iter(newest_first), None), next(iter(scored), None), trend)
