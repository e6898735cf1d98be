"""Every app of both sites at once, for what reads the code: types, migrations. Nothing runs so."""

from quenotte.config.settings.provider import (  # noqa: F401
    AGENTS_CLIENT_CERTIFICATES,
    AGENTS_FLAGS,
    AGENTS_URL,
)
from quenotte.config.settings.test import *  # noqa: F403
from quenotte.config.settings.test import INSTALLED_APPS as _OF_A_PRACTICE

INSTALLED_APPS = [*_OF_A_PRACTICE, "quenotte.provider"]
