from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from reviews.access import project_for
from reviews.forms import TargetForm
from reviews.models import Discovery, Project, Role
from reviews.queue import start_audit, start_discovery
from reviews.requests import Request
from reviews.services.errors import Refused
from reviews.services.projects import choose_target
from reviews.views.polling import unchanged, waits
from reviews.views.projects import refuse


@require_http_methods(["GET", "HEAD", "POST"])
def target(request: Request, team: str, project: str) -> HttpResponse:
    """What was found in the source, to choose one from; the search itself while it runs."""
    found, _ = project_for(request, team, project, Role.MAINTAINER)
    search = found.discoveries.first() or start_discovery(found)
    if unchanged(request, search):
        return HttpResponse(status=204)
    form = TargetForm(search.targets, request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _chosen(request, found, form.cleaned_data["choice"])
    context = {
        "area": "projects",
        "project": found,
        "job": search,
        "wait": waits(Discovery, search),
        "form": form,
        "preselected": _preselected(found, search.targets),
    }
    template = "projects/target.html#live" if request.htmx else "projects/target.html"
    return render(request, template, context, status=422 if form.errors else 200)


@require_POST
def target_search(request: Request, team: str, project: str) -> HttpResponse:
    """Look again, for instance after a failed search or a new Dockerfile."""
    found, _ = project_for(request, team, project, Role.MAINTAINER)
    start_discovery(found)
    return redirect("target", team, project)


def _chosen(request: Request, project: Project, choice: dict[str, Any]) -> HttpResponse:
    choose_target(project, request.user, choice["dockerfile"], choice["context"], choice["stage"] or "")
    try:
        return redirect(start_audit(project, request.user))
    except Refused as refusal:
        refuse(request, refusal)
        return redirect(project)


def _preselected(project: Project, targets: list[dict[str, Any]]) -> int:
    """The one chosen before, else the first that is not for development; the search puts deployed ones first."""
    chosen = project.dockerfile, project.context, project.stage
    for place, found in enumerate(targets):
        if project.target_chosen and (found["dockerfile"], found["context"], found["stage"] or "") == chosen:
            return place
    return next((place for place, found in enumerate(targets) if not found["development"]), 0)
