from django.urls import include, path

from reviews.views.health import healthz
from reviews.views.setup import setup

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("setup/<str:token>/", setup, name="setup"),
    path("accounts/", include("allauth.urls")),
    path("", include("reviews.urls")),
]
