"""Who may see and do what: the first line of every view. A stranger gets what a project that is not there gives."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from reviews.models import Audit, Membership, Project, Role, Team


def team_for(request: HttpRequest, team_slug: str, role: Role = Role.VIEWER) -> tuple[Team, Role]:
    """The team and the user's role in it. Http404 for a stranger, PermissionDenied below `role`."""
    team = Team.objects.visible_to(request.user).filter(slug=team_slug).first()
    if team is None:
        raise Http404
    return team, _role_in(team, request, role)


def project_for(
    request: HttpRequest, team_slug: str, project_slug: str, role: Role = Role.VIEWER
) -> tuple[Project, Role]:
    projects = Project.objects.visible_to(request.user).select_related("team")
    project = projects.filter(team__slug=team_slug, slug=project_slug).first()
    if project is None:
        raise Http404
    return project, _role_in(project.team, request, role)


def audit_for(
    request: HttpRequest, team_slug: str, project_slug: str, number: int, role: Role = Role.VIEWER
) -> tuple[Audit, Role]:
    audits = Audit.objects.visible_to(request.user).select_related("project__team")
    audit = audits.filter(project__team__slug=team_slug, project__slug=project_slug, number=number).first()
    if audit is None:
        raise Http404
    return audit, _role_in(audit.project.team, request, role)


def _role_in(team: Team, request: HttpRequest, needed: Role) -> Role:
    membership = Membership.objects.filter(team=team, user=request.user.pk).first()
    if membership is None:
        raise Http404
    if membership.role < needed:
        raise PermissionDenied(f"This needs the role {needed.label.lower()} in {team}")
    return Role(membership.role)
