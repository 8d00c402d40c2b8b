import os

SECRET_KEY = os.environ["SECRET_KEY"]
DEBUG = os.environ.get("LIBRARY_DEBUG", "0") == "1"
ROOT_URLCONF = "library.urls"
INSTALLED_APPS = ["django.contrib.admin"]
