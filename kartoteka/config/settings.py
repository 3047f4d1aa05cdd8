"""Django's settings, made from the environment."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from kartoteka.config import environment
from kartoteka.store import sqlite

sqlite.stand_in()

HOUSE = Path(__file__).resolve().parent.parent
ENVIRONMENT = environment.read(os.environ)
DATA = ENVIRONMENT.data

SECRET_KEY = environment.secret(DATA)
DEBUG = ENVIRONMENT["DEBUG"]
PUBLIC_URL = ENVIRONMENT["PUBLIC_URL"].rstrip("/")
_public_host = urlsplit(PUBLIC_URL).hostname
ALLOWED_HOSTS = [_public_host, "localhost", "127.0.0.1", "[::1]", "testserver"] if _public_host else ["*"]
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if PUBLIC_URL else []

INSTALLED_APPS = [
    "kartoteka.look",
    "kartoteka.people",
    "kartoteka.library",
    "kartoteka.study",
    "kartoteka.transfer",
    "kartoteka.web",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "kartoteka.web.middleware.Policy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "kartoteka.web.middleware.SecureCookies",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "kartoteka.web.middleware.Learner",
    "kartoteka.web.middleware.Language",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "kartoteka.web.middleware.Sized",
    "kartoteka.web.middleware.Refusals",
]

# Answers are served by a shorter way (config/lane.py): whatever is not named here guards them too.
_PAGES_ALONE = {
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "kartoteka.web.middleware.Refusals",
}
API_MIDDLEWARE = [name for name in MIDDLEWARE if name not in _PAGES_ALONE]

ROOT_URLCONF = "kartoteka.config.urls"
WSGI_APPLICATION = "kartoteka.config.asgi.wsgi"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HOUSE],  # a template's name is its path in the house
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "kartoteka.web.context.house",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.l10n", "django.templatetags.static", "kartoteka.look.templatetags.look"],
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["django.template.loaders.filesystem.Loader", "django.template.loaders.app_directories.Loader"],
                )
            ],
        },
    }
]

DATABASES = {
    "default": environment.database(
        ENVIRONMENT["DATABASE"],
        DATA,
        {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": sqlite.INIT_COMMAND, "cached_statements": sqlite.STATEMENTS},
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# One process keeps its sessions in memory too; several (PostgreSQL) must all see a sign-out at once.
_one_process = not ENVIRONMENT["DATABASE"]
SESSION_ENGINE = f"kartoteka.people.{'cached_sessions' if _one_process else 'sessions'}"
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 20_000}}
    if _one_process
    else {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}
}
SESSION_COOKIE_AGE = 400 * 86_400  # the longest browsers allow; a guest is known by this cookie alone
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "kartoteka.web.errors.forged"

AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = ["kartoteka.people.backend.ByName"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator", "OPTIONS": {"user_attributes": ("name", "email")}},
]
LOGIN_URL = "/account/sign-in/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"

ACCOUNT_ADAPTER = "kartoteka.web.people.adapter.Adapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "name"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "email"]
ACCOUNT_EMAIL_VERIFICATION = "optional" if ENVIRONMENT["EMAIL_URL"] else "none"
ACCOUNT_PREVENT_ENUMERATION = "strict"  # nobody learns whose e-mail address has an account here
ACCOUNT_EMAIL_SUBJECT_PREFIX = "[Kartoteka] "
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_DEFAULT_HTTP_PROTOCOL = urlsplit(PUBLIC_URL).scheme or "http"
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_PRESERVE_USERNAME_CASING = True
ACCOUNT_USERNAME_MIN_LENGTH = 2
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/300s/key",
    "signup": "20/m/ip",
    "guest": "300/m/ip",  # a whole school may come from one address
    "link": "10/m/ip",
    "download": "10/m/ip",
    "delete": "10/m/ip",
    "confirm": "10/m/ip,5/300s/user",
    "ways": "20/m/ip",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # many instances send no letters
MFA_TOTP_ISSUER = "Kartoteka"
MFA_TOTP_TOLERANCE = 1  # a phone's clock may be half a minute off
MFA_RECOVERY_CODES_SHOW_ONCE = True
ALLAUTH_TRUSTED_PROXY_COUNT = ENVIRONMENT["TRUSTED_PROXIES"]

LANGUAGE_CODE = ENVIRONMENT["LANGUAGE"]
LANGUAGES = [("en", _("English")), ("de", _("German"))]
LOCALE_PATHS = [HOUSE / "locale"]
TIME_ZONE = ENVIRONMENT["TIME_ZONE"]
USE_I18N = True
USE_THOUSAND_SEPARATOR = True  # “20,000 cards”; what a machine reads is said with |unlocalize
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = DATA / "static"
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "kartoteka.look.islands.IslandFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": DATA / "media"}},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = False
DATA_UPLOAD_MAX_MEMORY_SIZE = (ENVIRONMENT["UPLOAD_MB"] + 1) * 1_000_000  # the same bound as web.middleware.Sized, which says it in a sentence
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_500_000

if ENVIRONMENT["TRUSTED_PROXIES"]:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF],
        "media-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

globals().update(environment.mail(ENVIRONMENT["EMAIL_URL"]))
DEFAULT_FROM_EMAIL = ENVIRONMENT["EMAIL_FROM"] or f"kartoteka@{_public_host or 'localhost'}"
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
