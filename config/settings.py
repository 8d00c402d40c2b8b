"""All settings, each from the environment (docs/operations.md lists them). The defaults suit `./run` on one machine."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from cryptography.fernet import Fernet
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key

from config.database import database
from config.env import env_bool, env_int, env_list, env_secret, env_str
from config.keys import key_from_file

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env_str("TRIMTAB_DATA") or BASE_DIR / "data").resolve()
DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)

# Where people reach the installation. https here turns on everything that only works behind TLS.
PUBLIC_URL = env_str("TRIMTAB_URL", "http://localhost:8000").rstrip("/")
_public = urlsplit(PUBLIC_URL)
if _public.scheme not in ("http", "https") or not _public.hostname:
    raise ImproperlyConfigured(f"TRIMTAB_URL={PUBLIC_URL!r} is not like https://audits.example.org")
HTTPS = _public.scheme == "https"

DEBUG = env_bool("TRIMTAB_DEBUG")
SECRET_KEY = env_secret("TRIMTAB_SECRET_KEY") or key_from_file(DATA_DIR / "secret.key", get_random_secret_key)
SECRET_FIELD_KEYS = [key for key in env_secret("TRIMTAB_ENCRYPTION_KEYS").split(",") if key] or [
    key_from_file(DATA_DIR / "encryption.key", lambda: Fernet.generate_key().decode())
]
ALLOWED_HOSTS = [_public.hostname, "localhost", "127.0.0.1", "[::1]", *env_list("TRIMTAB_ALLOWED_HOSTS")]
CSRF_TRUSTED_ORIGINS = [f"{_public.scheme}://{_public.netloc}"]

INSTALLED_APPS = [
    "reviews.apps.ReviewsConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_htmx",
    "template_partials",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "reviews.middleware.PrivatePages",
    "reviews.middleware.ClientAddress",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES = {"default": database(env_secret("TRIMTAB_DATABASE_URL"), DATA_DIR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# In the database, because several processes share the rate limits
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}}

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = False

# Hashed names need `collectstatic`, which the container image runs; without it files are served from where they lie.
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = env_str("TRIMTAB_STATIC_ROOT") or None
WHITENOISE_USE_FINDERS = STATIC_ROOT is None
WHITENOISE_MAX_AGE = 60
MEDIA_ROOT = DATA_DIR / "files"
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
_static_storage = (
    "whitenoise.storage.CompressedManifestStaticFilesStorage"
    if STATIC_ROOT
    else "django.contrib.staticfiles.storage.StaticFilesStorage"
)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": _static_storage},
}

AUTH_USER_MODEL = "reviews.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "reviews.accounts.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_DEFAULT_HTTP_PROTOCOL = _public.scheme
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "10/m/ip,5/5m/key"}
ALLAUTH_TRUSTED_PROXY_COUNT = env_int("TRIMTAB_PROXIES", 0)
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
REGISTRATION_OPEN = env_bool("TRIMTAB_REGISTRATION")

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# W021: the preload list of browsers is the domain owner's decision, not an application's
SILENCED_SYSTEM_CHECKS = ["security.W021"]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

if env_str("TRIMTAB_EMAIL_HOST"):
    EMAIL_HOST = env_str("TRIMTAB_EMAIL_HOST")
    EMAIL_PORT = env_int("TRIMTAB_EMAIL_PORT", 587)
    EMAIL_HOST_USER = env_str("TRIMTAB_EMAIL_USER")
    EMAIL_HOST_PASSWORD = env_secret("TRIMTAB_EMAIL_PASSWORD")
    EMAIL_USE_TLS = env_bool("TRIMTAB_EMAIL_TLS", default=True)
    EMAIL_TIMEOUT = 10
else:
    EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
DEFAULT_FROM_EMAIL = env_str("TRIMTAB_EMAIL_FROM", f"trimtab@{_public.hostname}")

# Jobs (reviews/services/jobs.py). The database decides who works; the broker only carries nudges.
BROKER_URL = env_secret("TRIMTAB_BROKER_URL") or f"redis+socket://{DATA_DIR}/run/broker.sock"
LEASE_SECONDS = env_int("TRIMTAB_LEASE_SECONDS", 60, minimum=1)
REAP_SECONDS = env_int("TRIMTAB_REAP_SECONDS", 5, minimum=1)
RENUDGE_SECONDS = env_int("TRIMTAB_RENUDGE_SECONDS", 15, minimum=1)
MAX_ATTEMPTS = 3
MAX_QUEUED_PER_TEAM = env_int("TRIMTAB_MAX_QUEUED_PER_TEAM", 50, minimum=1)
AUDIT_TIME_LIMIT_SECONDS = env_int("TRIMTAB_AUDIT_TIME_LIMIT_SECONDS", 30 * 60, minimum=60)
# Sources live here while a job runs; each job has a folder of its own, removed when it ends.
WORK_DIR = Path(env_str("TRIMTAB_WORK") or DATA_DIR / "work")
# What an operator allows of git servers on private addresses: "git.corp.example:443", and the CA they are signed by.
PRIVATE_GIT_HOSTS = frozenset(env_list("TRIMTAB_PRIVATE_GIT_HOSTS"))
GIT_CA_FILE = env_str("TRIMTAB_GIT_CA_FILE")
UPLOAD_LIMIT_BYTES = env_int("TRIMTAB_UPLOAD_LIMIT_MB", 50, minimum=1) * 1024 * 1024

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env_str("TRIMTAB_LOG_LEVEL", "INFO").upper()},
    "loggers": {"django": {"handlers": [], "level": "INFO", "propagate": True}},
}
