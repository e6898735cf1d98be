"""The provider's suite: what the practice's suite has, on the provider's site."""

from quenotte.config.settings.test import *  # noqa: F403

# After the line above: it brings the practice's.
from quenotte.config.settings import provider  # isort: skip

INSTALLED_APPS, ROLES = provider.INSTALLED_APPS, provider.ROLES
ROOT_URLCONF, AGENTS_URL = provider.ROOT_URLCONF, provider.AGENTS_URL
AGENTS_FLAGS, PUBLIC_PATHS = provider.AGENTS_FLAGS, provider.PUBLIC_PATHS
SECOND_FACTOR_FOR_ALL = provider.SECOND_FACTOR_FOR_ALL
IS_A_PRACTICE = provider.IS_A_PRACTICE
