from django.db import connection
from django.http import JsonResponse
from django.urls import path


def readiness(request):
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"ready": True})


urlpatterns = [path("readiness/", readiness)]
