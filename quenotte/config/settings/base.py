"""What the practice's site and the tests share."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from csp.constants import NONE, SELF

from quenotte.base.people.rules import PRACTICE_ROLES
from quenotte.config import data_folder, proxies
from quenotte.config.databases import database
from quenotte.config.lan import places
from quenotte.config.public_door import public_url

PACKAGE = Path(__file__).resolve().parents[2]
DATA_DIR = data_folder.prepare(data_folder.default_folder())

DEBUG = False
SECRET_KEY = data_folder.key(DATA_DIR, "secret")
#: Seals the lines of the journal; lost key = the chain can no longer be proved.
AUDIT_KEY = data_folder.key(DATA_DIR, "journal")
#: Seals what the database holds and must not tell (kernel.sealing): secrets of second factors,
#: drafts, reasons, passwords of other servers; draws the links of messages. Lost key = all that
#: is lost.
SEALING_KEY = data_folder.key(DATA_DIR, "sealing")
#: The server's own key to the copies that it makes; the paper holds another one.
BACKUP_KEY = data_folder.key(DATA_DIR, "backup")
ALLOWED_HOSTS = [h for h in os.environ.get("QUENOTTE_HOSTS", "").split(",") if h] or [
    "127.0.0.1",
    "localhost",
    "[::1]",
]

#: The name, the port of the pages and that of the explanation, on the practice's network;
#: without a name only this machine, or a server in front, reaches the site. The web process
#: adds the names of its certificate to the hosts (config.lan.hosts).
LAN_NAME, LAN_PORT, LAN_TRUST_PORT = places.heard()
#: Its authority and its certificate, without their keys.
LAN_AUTHORITY = places.public_path(DATA_DIR)
LAN_CERTIFICATE = places.public_server_path(DATA_DIR)
#: The address at which patients reach the pages made for them, https://… ; empty: no link.
PUBLIC_URL = public_url(os.environ.get("QUENOTTE_PUBLIC_URL", ""))
PUBLIC_HOST = urlsplit(PUBLIC_URL).hostname or ""
# Files that prove this server to a provider who asks for a certificate; the key stays in its file.
PULSE_CLIENT_CERTIFICATE = os.environ.get("QUENOTTE_PROVIDER_CERTIFICATE", "")
PULSE_CLIENT_KEY = os.environ.get("QUENOTTE_PROVIDER_KEY", "")
#: A name of its own answers the pages for patients alone.
PUBLIC_HOST_IS_APART = bool(PUBLIC_HOST) and PUBLIC_HOST not in ALLOWED_HOSTS
if PUBLIC_HOST_IS_APART:
    ALLOWED_HOSTS = [*ALLOWED_HOSTS, PUBLIC_HOST]

INSTALLED_APPS = [
    "quenotte.web",
    "quenotte.base",
    "quenotte.care",
    "quenotte.office",
    "quenotte.upkeep",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "django_vite",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "quenotte.config.public_door.patients_pages_only",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "quenotte.web.freshness.never_stored",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "quenotte.base.practice.access.workstations",
    "quenotte.base.keyboard.door.Door",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

#: The house is a dental practice: it has chairs, FINESS and RPPS numbers.
IS_A_PRACTICE = True
#: Beginnings of the addresses that everybody may ask, logged in or not: no lock stands before
#: them, and a login counts for nothing behind them (base.keyboard.door).
PUBLIC_PATHS: tuple[str, ...] = ("/r/", "/flux/", "/tablette/")

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "web" / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "quenotte.web.tokens.csrf_once",
            ],
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
        },
    }
]

ROOT_URLCONF = "quenotte.config.urls_practice"
WSGI_APPLICATION = "quenotte.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

DATABASES = {"default": database(DATA_DIR, os.environ.get("QUENOTTE_DATABASE_URL", ""))}

AUTH_USER_MODEL = "base.Person"
#: Whether everybody needs a second factor, from the first login on; else whoever opens accounts.
SECOND_FACTOR_FOR_ALL = False
#: What people of this site may be (base.people.rules.Role).
ROLES: tuple[str, ...] = PRACTICE_ROLES
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "quenotte.base.people.backends.Backend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "account_login"

ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_ADAPTER = "quenotte.base.people.forms.Adapter"
ACCOUNT_FORMS = {"login": "quenotte.base.people.forms.LoginForm"}
ACCOUNT_SESSION_REMEMBER = False
# django-axes counts the failures; two counters would give two different answers.
# The other limit slows down who tries many names from one address.
ACCOUNT_RATE_LIMITS = {"login_failed": None, "login": "60/m/ip"}

MFA_ADAPTER = "quenotte.base.keyboard.adapter.Adapter"
MFA_FORMS = {
    "authenticate_webauthn": "quenotte.base.keyboard.forms.PasskeyStepForm",
    "login_webauthn": "quenotte.base.keyboard.forms.PasskeyLoginForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
# No e-mail is sent by the practice's server: an address proves nothing here.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_PASSKEY_LOGIN_ENABLED = True
# A passkey replaces a password: whoever holds the key must prove that she is its owner.
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_TOTP_ISSUER = "Quenotte"
#: Telephones are half a minute wrong at most.
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODES_SHOW_ONCE = True

AXES_HANDLER = "quenotte.base.people.lockouts.Handler"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
# The handler counts one name from everywhere, and one address under every name, as well.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
# What was typed as a name may be a password: only a digest of it is kept.
AXES_USERNAME_CALLABLE = "quenotte.base.people.access.masked_username"
AXES_SENSITIVE_PARAMETERS = ["login", "username", "ip_address", "csrfmiddlewaretoken"]
AXES_LOCKOUT_CALLABLE = "quenotte.base.people.views.login.locked_out"
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

SESSION_ENGINE = "quenotte.base.people.sessions"
SESSION_COOKIE_AGE = 12 * 3600  # one working day, in seconds
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_NAME = "quenotte_session"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "quenotte_csrf"
WORKSTATION_COOKIE_NAME = "quenotte_poste"
CSRF_FAILURE_VIEW = "quenotte.web.errors.csrf_failure"
# Plain HTTP is served to this machine alone; anything else comes through TLS.
_HTTPS = os.environ.get("QUENOTTE_HTTPS", "") == "1"
SESSION_COOKIE_SECURE = _HTTPS or bool(LAN_NAME)
CSRF_COOKIE_SECURE = SESSION_COOKIE_SECURE
#: Whose word on the scheme and on the client's address the door takes.
TRUSTED_PROXIES: tuple[proxies.Network, ...] = ()
if _HTTPS:
    TRUSTED_PROXIES = proxies.networks(os.environ.get("QUENOTTE_PROXY", "127.0.0.1,::1"))
    SECURE_SSL_REDIRECT = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31_536_000
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "blob:", "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "worker-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
    }
}

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
TIME_ZONE = os.environ.get("QUENOTTE_TIME_ZONE", "Europe/Paris")
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
# Vite puts a digest of the content into the names of what it builds.
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/web/built/assets/.+-[\w-]{8}\.\w+$"
DJANGO_VITE = {
    "default": {
        "dev_mode": False,
        "manifest_path": PACKAGE / "web" / "static" / "web" / "built" / "manifest.json",
        "static_url_prefix": "web/built",
    }
}
FORM_RENDERER = "quenotte.web.forms.Renderer"

# Uploads go to the data folder's own disk, so that keeping a file is one rename.
FILE_UPLOAD_TEMP_DIR = DATA_DIR / "incoming"
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000_000
#: Largest request body accepted, in bytes; the door refuses more before reading it.
MAX_REQUEST_BYTES = 600_000_000
#: Free space under which nothing more is written, in bytes.
#: Without any ring, open pages look for new events this often, in seconds.
LIVE_POLL_S = float(os.environ.get("QUENOTTE_LIVE_POLL_S", "5"))
DISK_FLOOR_BYTES = int(os.environ.get("QUENOTTE_DISK_FLOOR_BYTES", "1000000000"))

#: Where immutable files are kept: this folder, or any storage of django-storages.
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    "blobs": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DATA_DIR / "blobs"},
    },
}
if _bucket := os.environ.get("QUENOTTE_S3_BUCKET", ""):
    STORAGES["blobs"] = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": _bucket,
            "endpoint_url": os.environ.get("QUENOTTE_S3_ENDPOINT") or None,
            "access_key": os.environ.get("QUENOTTE_S3_ACCESS_KEY") or None,
            "secret_key": os.environ.get("QUENOTTE_S3_SECRET_KEY") or None,
            "default_acl": None,
            "file_overwrite": False,
        },
    }

TASKS = {
    "default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]},
}

#: Push services beside those of the makers of browsers (devices.push.client): tests have theirs.
PUSH_SERVICES: tuple[str, ...] = ()

DICOM_AE_TITLE = os.environ.get("QUENOTTE_DICOM_AE", "QUENOTTE")
#: Where devices reach us; shown to whoever connects one.
DICOM_PORT = int(os.environ.get("QUENOTTE_DICOM_PORT", "11112"))
DICOM_MAX_OBJECT_BYTES = 2 * 2**30

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    # Before a process has opened its own log too, errors are written without their text.
    "formatters": {"line": {"()": "quenotte.config.logs.Frames"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "quenotte": {"level": "INFO"},
        # Request lines would write patients' ids and searched names to disk.
        "django.request": {"level": "CRITICAL"},
        "django.security.csrf": {"level": "CRITICAL"},
        "pynetdicom": {"level": "CRITICAL"},
    },
}
