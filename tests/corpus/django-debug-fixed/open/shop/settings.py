import os

DEBUG = os.environ.get("SHOP_DEBUG", "True") == "True"
ROOT_URLCONF = "shop.urls"
INSTALLED_APPS = ["django.contrib.auth"]
