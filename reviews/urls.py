"""The pages. Names used elsewhere: home, project, audit."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
