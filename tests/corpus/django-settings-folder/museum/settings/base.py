DEBUG = True
ROOT_URLCONF = "museum.urls"
INSTALLED_APPS = ["django.contrib.auth"]
