"""What the real web process writes when a page breaks."""

import os
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from quenotte.config import data_folder, ports
from tests.support.installations import free_port, wait_until

pytestmark = pytest.mark.real_clock

_SITE = """
from quenotte.config.settings.base import *

ROOT_URLCONF = "broken_urls"
"""
_URLS = """
from django.urls import path


def page(request, name):
    secret = "SEC" + "RET"  # The frames quote the line that raises.
    raise ValueError(secret)


urlpatterns = [path("patients/<name>/", page)]
handler500 = "quenotte.config.failures.server_error"
"""


def test_page_that_breaks_leaves_a_number_and_nothing_of_a_patient(tmp_path: Path):
    (tmp_path / "broken_site.py").write_text(_SITE)
    (tmp_path / "broken_urls.py").write_text(_URLS)
    folder, port = data_folder.prepare(tmp_path / "data"), free_port()
    console = folder / "logs" / "supervisor.log"
    with console.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "quenotte.config.processes.web", "127.0.0.1", str(port)],
            env={
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "broken_site",
                "PYTHONPATH": os.pathsep.join([str(tmp_path), str(Path.cwd())]),
                "QUENOTTE_DATA": str(folder),
            },
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        wait_until(lambda: process.poll() is not None or ports.answers("127.0.0.1", port))
        with (
            pytest.raises(urllib.error.HTTPError) as error,
            urllib.request.urlopen(f"http://127.0.0.1:{port}/patients/martin/"),
        ):
            pass
        page = error.value.read().decode()
        error.value.close()
    finally:
        process.terminate()
        process.wait(timeout=30)
    written = "".join(path.read_text() for path in (folder / "logs").iterdir())
    assert "SECRET" not in written
    assert "martin" not in written
    assert written.count("incident ") == 1
    number = written.split("incident ")[1][:8]
    assert number in page
    assert "broken_urls.py" in written
