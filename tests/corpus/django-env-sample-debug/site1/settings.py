import os

DEBUG = os.environ.get("DEBUG", "0") == "1"
ROOT_URLCONF = "site1.urls"
