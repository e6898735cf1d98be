"""The test suite: a throw-away data folder, cheap passwords, the same everything else."""

import atexit
import os
import shutil
import tempfile

if "QUENOTTE_DATA" not in os.environ:
    _folder = tempfile.mkdtemp(prefix="quenotte-test-")
    os.environ["QUENOTTE_DATA"] = _folder
    atexit.register(shutil.rmtree, _folder, ignore_errors=True)

from quenotte.config.settings.base import *  # noqa: F403
from quenotte.config.settings.base import DATA_DIR, DATABASES, TEMPLATES

# Argon2 costs a tenth of a second a login on purpose; the suite logs in thousands of times.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ALLOWED_HOSTS = ["*"]
# Each of a thousand test browsers would list every static file anew.
WHITENOISE_AUTOREFRESH = True
DISK_FLOOR_BYTES = 0
# A template that names a variable that does not exist is a mistake of ours.
TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = "«variable inconnue : %s»"
# A file and not memory: tests that race two connections need the real locks.
if "sqlite" in DATABASES["default"]["ENGINE"]:
    DATABASES["default"]["TEST"] = {"NAME": DATA_DIR / "test.sqlite3"}
    DATABASES["default"]["OPTIONS"]["init_command"] += " PRAGMA synchronous=OFF;"
