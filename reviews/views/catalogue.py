from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reviews import documentation
from reviews.checklist import title_of
from reviews.requests import Request


@require_safe
def checks(request: Request) -> HttpResponse:
    context = {"area": "checks", "sections": documentation.catalogue(), "total": len(documentation.entries())}
    return render(request, "checks/catalogue.html", context)


@require_safe
def check(request: Request, identifier: str) -> HttpResponse:
    known = documentation.entries()
    place = next((place for place, known_check in enumerate(known) if known_check.id == identifier), None)
    if place is None:
        raise Http404
    found = known[place]
    context = {
        "area": "checks",
        "check": found,
        "section": title_of(found.section),
        "group": title_of(found.group),
        "lead": documentation.part(found.doc, documentation.LEAD),
        "body": documentation.body(found.doc),
        "previous": known[place - 1] if place else None,
        "next": known[place + 1] if place + 1 < len(known) else None,
    }
    return render(request, "checks/check.html", context)
