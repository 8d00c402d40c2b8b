from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reviews.access import project_for
from reviews.checklist import section_scores
from reviews.forms import NewProjectForm, teams_to_add_to
from reviews.models import Audit, Project, Role, SourceKind, State
from reviews.overview import HEAVY, history_points
from reviews.queue import start_audit, start_discovery
from reviews.requests import Request
from reviews.services import projects as service
from reviews.services.accounts import ensure_personal_team
from reviews.services.errors import Refused
from reviews.wording import sentence

AUDITS_PER_PAGE = 25
HISTORY_AUDITS = 60


@require_http_methods(["GET", "HEAD", "POST"])
def new_project(request: Request) -> HttpResponse:
    ensure_personal_team(request.user)
    start = {"source": request.GET.get("source", SourceKind.LINK)}
    form = NewProjectForm(request.user, request.POST or None, request.FILES or None, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            project = _create(request, form)
        except Refused as refusal:
            form.add_error(None, sentence(str(refusal)))
        else:
            start_discovery(project)
            return redirect("target", project.team.slug, project.slug)
    context = {"area": "projects", "form": form, "samples": teams_to_add_to(request.user)}
    return render(request, "projects/new.html", context, status=422 if form.errors else 200)


def _create(request: Request, form: NewProjectForm) -> Project:
    data = form.cleaned_data
    common = {name: data[name] for name in ("name", "application_type")}
    if data["source"] == SourceKind.UPLOAD:
        return service.create_project_from_upload(data["team"], request.user, file=data["file"], **common)
    link = {name: data[name] for name in ("url", "ref", "subfolder", "token")}
    return service.create_project_from_link(data["team"], request.user, **link, **common)


@require_POST
def new_sample(request: Request) -> HttpResponse:
    """The bundled project, and its first audit at once."""
    personal = ensure_personal_team(request.user)
    team = get_object_or_404(teams_to_add_to(request.user), slug=request.POST.get("team") or personal.slug)
    project = service.create_sample_project(team, request.user)
    return redirect(start_audit(project, request.user, Audit.Trigger.SAMPLE))


@require_safe
def project_page(request: Request, team: str, project: str) -> HttpResponse:
    found, role = project_for(request, team, project)
    audits = found.audits.defer(*HEAVY).select_related("requested_by")
    page = Paginator(audits, AUDITS_PER_PAGE).get_page(request.GET.get("page"))
    recent = list(found.audits.filter(state=State.DONE).defer("report", "progress", "target")[:HISTORY_AUDITS])
    scored = next((audit for audit in recent if audit.score_value is not None), None)
    context = {
        "area": "projects",
        "project": found,
        "page": page,
        "active": any(audit.active for audit in page),
        "points": history_points(found, recent),
        "scored": scored,
        "sections": section_scores(scored) if scored else [],
        "upload": found.uploads.first() if found.source_kind == SourceKind.UPLOAD else None,
        "may_audit": role >= Role.REVIEWER,
        "may_edit": role >= Role.MAINTAINER,
    }
    return render(request, "projects/project.html#audits" if request.htmx else "projects/project.html", context)


def refuse(request: Request, refusal: Refused) -> None:
    messages.error(request, sentence(str(refusal)))
