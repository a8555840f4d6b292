"""Django's settings: one file, every value that may differ read through `environment`."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from gongzhi.config import cursors, environment, logging
from gongzhi.config.paths import socket_directory

ROOT = environment.ROOT
HOME = Path(__file__).resolve().parent.parent
VAR = environment.var_directory()

# --- who we are -----------------------------------------------------------------------
DEBUG = environment.flag("GONGZHI_DEBUG")
# The address people type; https here is what makes cookies secure and HSTS go out.
ORIGIN = environment.text("GONGZHI_ORIGIN", "http://127.0.0.1:8000").rstrip("/")
_secure = ORIGIN.startswith("https://")
ALLOWED_HOSTS = [
    urlsplit(ORIGIN).hostname or "127.0.0.1",
    "127.0.0.1",
    "localhost",
    "[::1]",
    *environment.text("GONGZHI_HOSTS").replace(",", " ").split(),
]
CSRF_TRUSTED_ORIGINS = [ORIGIN] if _secure else []
if environment.flag("GONGZHI_BEHIND_PROXY"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

_keys = environment.keys(VAR / "keys")
SECRET_KEY = _keys.signing
DATA_KEYS = _keys.data  # key id -> 32 bytes, for sealed fields
DATA_KEY_CURRENT = _keys.current
INDEX_KEY = _keys.index  # HMAC key of blind indexes; never rotated with the data keys

# --- parts ----------------------------------------------------------------------------
OUR_APPS = [
    "gongzhi.facts",
    "gongzhi.areas",
    "gongzhi.people",
    "gongzhi.organisations",
    "gongzhi.messages",
    "gongzhi.procedures",
    "gongzhi.matters",
    "gongzhi.mediation",
    "gongzhi.visits",
    "gongzhi.indicators",
    "gongzhi.portal",
    "gongzhi.interchange",
]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_prometheus",
    "django_htmx",
    "csp",
    "procrastinate.contrib.django",
    *OUR_APPS,
    # After our apps, so that our templates win.
    "allauth",
    "allauth.account",
    "allauth.mfa",
]
MIDDLEWARE = [
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "gongzhi.kernel.request.RequestIdMiddleware",
    "gongzhi.config.logging.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "gongzhi.people.middleware.SessionGateMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "gongzhi.organisations.middleware.ActorMiddleware",
    "gongzhi.interchange.middleware.InterchangeMiddleware",
    "gongzhi.kernel.web.ErrorMiddleware",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]
# What a program with a token needs of these, in the same order (config/wsgi.py).
TOKEN_MIDDLEWARE = [
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "gongzhi.kernel.request.RequestIdMiddleware",
    "gongzhi.config.logging.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "gongzhi.organisations.middleware.ActorMiddleware",
    "gongzhi.interchange.middleware.InterchangeMiddleware",
    "gongzhi.kernel.web.ErrorMiddleware",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]
ROOT_URLCONF = "gongzhi.config.urls"
WSGI_APPLICATION = "gongzhi.config.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"

# --- database -------------------------------------------------------------------------
_database = environment.database_address(socket_directory(VAR))
DATABASE_EMBEDDED = _database.embedded
WEB_THREADS = environment.number("GONGZHI_THREADS", 2, 1, 64)
DATABASES: dict[str, dict[str, Any]] = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": _database.name,
        "USER": _database.user,
        "PASSWORD": _database.password,
        "HOST": _database.host,
        "PORT": _database.port,
        "ATOMIC_REQUESTS": False,
        "CONN_MAX_AGE": 0,  # the pool keeps connections
        "OPTIONS": {
            # One connection per thread that serves, two for what runs beside.
            "pool": {"min_size": 1, "max_size": WEB_THREADS + 2, "timeout": 15},
            "application_name": "gongzhi",
            # Many ask at once: one request does not take every processor.
            "options": "-c max_parallel_workers_per_gather=0",
            "server_side_binding": True,
            "cursor_factory": cursors.Cursor,
            # None behind a connection pooler that cannot keep prepared statements.
            "prepare_threshold": 5 if environment.flag("GONGZHI_PREPARE", default=True) else None,
        },
        "TEST": {"NAME": f"test_gongzhi_{environment.text('GONGZHI_TEST_SUFFIX', 'main')}"},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# In the database, because throttles must count over all web processes.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "django_cache",
    }
}

# --- people who sign in ---------------------------------------------------------------
AUTH_USER_MODEL = "people.Account"
AUTHENTICATION_BACKENDS = ["gongzhi.people.backends.AccountBackend"]
ACCOUNT_ADAPTER = "gongzhi.people.adapters.AccountAdapter"
ACCOUNT_FORMS = {"login": "gongzhi.people.forms.SignInForm"}
MFA_ADAPTER = "gongzhi.people.adapters.MfaAdapter"
# A demonstration lets its personas in without a second factor, and its pages say so.
GONGZHI_DEMO = environment.flag("GONGZHI_DEMO")
GONGZHI_IDLE_MINUTES = environment.number("GONGZHI_IDLE_MINUTES", 30, 1, 24 * 60)
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/desk/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
# Passwords are counted by our own guard (people.actions.sign_in); this counts one-time codes.
ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": "5/5m/key"}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Gongzhi"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]

# --- language and time ----------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [HOME / "locale"]
USE_I18N = True
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

# --- files ----------------------------------------------------------------------------
STATIC_URL = "/static/"
MEDIA_ROOT = VAR / "media"
# Vite names its files by content, so they are served as they lie, without a collecting step.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_IMMUTABLE_FILE_TEST = r"^.+/dist/assets/.+-[A-Za-z0-9_-]{8}\..+$"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
DATA_UPLOAD_MAX_NUMBER_FILES = 20
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# --- what browsers are told -----------------------------------------------------------
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = _secure
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if _secure else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "worker-src": ["'self'", "blob:"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}

# --- e-mails --------------------------------------------------------------------------
# Without a mail server e-mails are put into a folder, so that a demonstration shows them.
_mail = environment.mail_server()
EMAIL_BACKEND = f"gongzhi.messages.mailing.{'SmtpBackend' if _mail else 'FolderBackend'}"
EMAIL_FILE_PATH = VAR / "mail"
EMAIL_HOST = _mail.host if _mail else ""
EMAIL_PORT = _mail.port if _mail else 0
EMAIL_HOST_USER = _mail.user if _mail else ""
EMAIL_HOST_PASSWORD = _mail.password if _mail else ""
EMAIL_USE_TLS = bool(_mail and _mail.tls == "starttls")
EMAIL_USE_SSL = bool(_mail and _mail.tls == "ssl")
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = environment.text(
    "GONGZHI_EMAIL_FROM", f"noreply@{urlsplit(ORIGIN).hostname or 'localhost'}"
)

# Lets webhooks reach programs on this very machine, over http too: to develop and to test.
WEBHOOKS_TO_LOOPBACK = environment.flag("GONGZHI_WEBHOOKS_TO_LOOPBACK")

# --- jobs, logs, figures --------------------------------------------------------------
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
PROMETHEUS_EXPORT_MIGRATIONS = False
LOGGING_CONFIG = "gongzhi.config.logging.configure"
LOGGING = logging.choices(
    as_json=environment.text("GONGZHI_LOG", "json" if _secure else "console") == "json",
    level=environment.text("GONGZHI_LOG_LEVEL", "INFO").upper(),
)

# --- the district this installation serves --------------------------------------------
DISTRICTS = Path(environment.text("GONGZHI_DISTRICTS", str(HOME / "districts")))
DISTRICT = environment.served_district(VAR)
SILENCED_SYSTEM_CHECKS: list[str] = []
