"""The provider's site, as it runs: another legal person, another database, no patient."""

import os

from quenotte.base.people.rules import PROVIDER_ROLES
from quenotte.config import reach
from quenotte.config.settings.base import *  # noqa: F403
from quenotte.config.settings.base import INSTALLED_APPS as _PRACTICES
from quenotte.config.settings.base import PUBLIC_PATHS as _OPEN
from quenotte.devices.agents.osquery.options import flags

_STRANGERS = {"quenotte.care", "quenotte.office", "quenotte.upkeep"}

INSTALLED_APPS = [
    *(app for app in _PRACTICES if app not in _STRANGERS),
    "quenotte.provider",
]
#: Where agents reach their door; shown beside a token.
AGENTS_URL = os.environ.get("QUENOTTE_AGENTS_URL", "") or (
    f"http://127.0.0.1:{os.environ.get('QUENOTTE_AGENTS_PORT', '8101')}"
)
#: What osquery's own file says, beside the token; ``{host}`` and ``{path}`` are those of the door.
AGENTS_FLAGS = flags(
    "{host}",
    prefix="{path}/agents/osquery",
    secret_path="/etc/osquery/quenotte.secret",  # noqa: S106 - a place, not a secret
    authority_path="/etc/osquery/autorite.pem",
)
#: The HTTPS server in front vouches for the certificate of each agent (config.agents.certified).
AGENTS_CLIENT_CERTIFICATES = reach.are_certificates_demanded()
# A cookie knows no port: beside a practice of the same machine each site keeps its own.
SESSION_COOKIE_NAME = "quenotte_parc_session"
CSRF_COOKIE_NAME = "quenotte_parc_csrf"
WORKSTATION_COOKIE_NAME = "quenotte_parc_poste"
ROOT_URLCONF = "quenotte.config.urls_provider"
IS_A_PRACTICE = False
PUBLIC_PATHS = (*_OPEN, "/surveillance/")
#: What people of this site may be (base.people.rules.Role).
ROLES = PROVIDER_ROLES
#: One account opens thousands of practices.
SECOND_FACTOR_FOR_ALL = True
