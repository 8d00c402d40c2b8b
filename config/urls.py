from django.contrib import admin
from django.urls import include, path

from reviews.views.health import healthz
from reviews.views.setup import setup

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("setup/<str:token>/", setup, name="setup"),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("", include("reviews.urls")),
]
