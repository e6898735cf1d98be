"""The practice's site, as it runs."""

from quenotte.config.settings.base import *  # noqa: F403
