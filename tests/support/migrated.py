"""A database that was migrated once in a run; tests and installations start from copies."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.db import connection

from tests.support import postgres


def make(folder: Path) -> dict[str, Any]:
    """Migrate a fresh database by the product's own command; tell where it is."""
    name = url = ""
    if os.environ.get("QUENOTTE_DATABASE_URL"):
        name = "migrated"
        url = postgres.new_database(name)
    folder.chmod(0o700)
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "quenotte.config.settings.practice",
        "QUENOTTE_DATA": str(folder),
        "QUENOTTE_DATABASE_URL": url,
    }
    words = [sys.executable, "-m", "quenotte", "migrate"]
    subprocess.run(words, env=environment, check=True, capture_output=True, timeout=600)
    return {"folder": str(folder), "database": name}


def copy_to_test_database(migrated: dict[str, Any]) -> None:
    """Put a copy where Django will look for the database of this worker's tests."""
    # Only Django knows the name that it will look for; no public call of it tells.
    name = connection.creation._get_test_db_name()  # type: ignore[attr-defined]
    if migrated["database"]:
        postgres.new_database(name, template=migrated["database"])
    else:
        shutil.copyfile(Path(migrated["folder"]) / "db.sqlite3", name)
