"""Files kept by a process that is killed at each stage, and on a disk that is full."""

import pytest

from tests.support.installations import Installation

pytestmark = pytest.mark.real_clock

#: Keeps 3 MB in a process killed at the stage named by its argument; then looks at what is left.
_KILLED = """
import json, os, signal, sys
from pathlib import Path
from django.conf import settings
from django.db import connection
from quenotte.base.files import disk, operations
from quenotte.base.files.models import Blob

CONTENT = b"image" * 600_000

def die(*_a, **_k):
    os.kill(os.getpid(), signal.SIGKILL)

def after(function):
    def run(*a, **k):
        function(*a, **k)
        die()
    return run

def before_writing(): os.write = die
def while_writing(): os.write = after(os.write)
def before_file_sync(): os.fsync = die
def after_file_sync(): os.fsync = after(os.fsync)
def before_rename(): Path.replace = die
def after_rename(): Path.replace = after(Path.replace)
def before_folder_sync(): disk.sync_folder = die
def before_row(): type(Blob.objects).get_or_create = die
def after_row(): type(Blob.objects).get_or_create = after(type(Blob.objects).get_or_create)

STAGES = (before_writing, while_writing, before_file_sync, after_file_sync, before_rename,
          after_rename, before_folder_sync, before_row, after_row)
result = {}
for stage in STAGES:
    connection.close()
    pid = os.fork()
    if pid == 0:
        stage()
        if sys.argv[1] == "move":
            source = settings.DATA_DIR / "incoming" / f"{os.getpid()}-arrived.part"
            with open(source, "wb") as stream:
                stream.write(CONTENT)
            operations.keep(source, media_type="image/png", move=True)
        else:
            operations.keep(CONTENT, media_type="image/png")
        os._exit(0)
    _pid, status = os.waitpid(pid, 0)
    report = operations.verify()
    rows = Blob.objects.count()
    operations.sweep()
    left = len(list((settings.DATA_DIR / "incoming").glob("*.part")))
    again = operations.keep(CONTENT, media_type="image/png")
    whole = operations.verify()
    result[stage.__name__] = [os.WIFSIGNALED(status), rows,
        [f.trouble for f in report.findings], left, not whole.findings]
    operations.local_path(again).unlink()
    Blob.objects.all().delete()
print(json.dumps(result))
"""


@pytest.mark.parametrize("way", ["copy", "move"])
def test_keep_killed_at_each_stage(installation: Installation, way: str) -> None:
    import json

    result = json.loads(installation.script(_KILLED, way))
    killed = dict(result)
    if way == "move":
        # Nothing is written by us: the bytes were there.
        for stage in ("before_writing", "while_writing"):
            assert killed.pop(stage)[0] is False
    assert len(killed) >= 7
    for stage, (was_killed, rows, troubles, left, is_whole_again) in killed.items():
        is_in_place = stage in {"after_rename", "before_folder_sync", "before_row"}
        assert was_killed, stage
        assert rows == (1 if stage == "after_row" else 0), stage
        assert troubles == (["orphan"] if is_in_place else []), stage
        assert left == 0, stage
        assert is_whole_again, stage


def test_keep_on_a_disk_without_room(installation: Installation) -> None:
    said = installation.script(
        """
import resource
from django.conf import settings
from quenotte.base.files import operations
from quenotte.base.files.models import Blob
# The kernel itself refuses the bytes beyond 2 MB of a file, as a full disk does.
soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, hard))
try:
    operations.keep(b"x" * 5_000_000, media_type="image/png")
except operations.NoRoom as refusal:
    print("refused", Blob.objects.count(), len(list((settings.DATA_DIR / "incoming").iterdir())))
resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
print(operations.keep(b"x" * 5_000_000, media_type="image/png").size_bytes)
"""
    )
    assert said.split() == ["refused", "0", "0", "5000000"]
