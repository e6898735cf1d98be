"""Children that begin as copies: what they are given, and what is taken from them."""

import fcntl
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from quenotte.config import copies

pytestmark = [pytest.mark.real_clock, pytest.mark.one_engine]
Begin = Callable[..., copies.Process]


@pytest.fixture
def begin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Begin:
    """Return a function that begins a copy of this process, which runs the code given."""
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setitem(copies._state, "is_read", True)
    # The hook of pytest gives no code to whoever runs a module.
    hooks = [hook for hook in sys.meta_path if not hasattr(hook, "set_session")]
    monkeypatch.setattr(sys, "meta_path", hooks)

    def start(code: str, *arguments: str, **options: object) -> copies.Process:
        (tmp_path / "a_module_of_the_test.py").write_text(code, "utf-8")
        environment = {"ONLY": "this", "PATH": os.environ["PATH"]}
        return copies.begin(
            "a_module_of_the_test",
            arguments,
            environment=environment,
            **options,  # type: ignore[arg-type]
        )

    return start


def said(process: copies.Process) -> str:
    """Return all that a process says until its end."""
    assert process.stdout is not None
    with process.stdout as stream:
        return stream.read().decode()


def test_copy_has_its_own_arguments_environment_session_and_signals(begin: Begin):
    code = (
        "import os, signal, sys\n"
        "print(__name__, sys.argv[1:], os.environ.get('ONLY'), len(os.environ))\n"
        "print(os.getsid(0) == os.getpid(), signal.getsignal(signal.SIGTERM).name)\n"
    )
    before = signal.signal(signal.SIGTERM, lambda _number, _frame: None)
    try:
        one = begin(code, "a", "é")
    finally:
        signal.signal(signal.SIGTERM, before)
    assert said(one) == "__main__ ['a', 'é'] this 2\nTrue SIG_DFL\n"
    assert one.wait() == 0
    assert one.poll() == 0


def test_copy_holds_no_lock_of_ours_but_what_it_was_given(begin: Begin, tmp_path: Path):
    out, into = os.pipe()
    code = f"import os, sys; print(os.read({out}, 4).decode(), end='', flush=True);sys.stdin.read()"
    with (tmp_path / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        one = begin(code + "; import time; time.sleep(60)", pass_fds=(out,))
    os.write(into, b"give")
    os.close(into)
    os.close(out)
    assert one.stdout is not None
    assert one.stdout.read(4) == b"give"
    with (tmp_path / "lock").open("w") as lock:
        # The copy lives; were the lock still in its hands, this would be refused.
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    with pytest.raises(subprocess.TimeoutExpired):
        one.wait(timeout=0.02)
    one.terminate()
    assert one.wait(timeout=30) == -signal.SIGTERM
    one.kill()
    one.stdout.close()


@pytest.mark.parametrize(
    ("code", "status", "words"),
    [
        ("import sys; sys.exit(4)", 4, ""),
        ("import sys; sys.exit()", 0, ""),
        ("import sys; sys.exit('cassé')", 1, "cassé"),
        ("print('début'); 1 / 0", 1, "ZeroDivisionError"),
    ],
)
def test_end_is_told_as_that_of_a_program(begin: Begin, code: str, status: int, words: str):
    one = begin(code, has_own_errors=True)
    assert one.stderr is not None
    with one.stderr as stream:
        errors = stream.read().decode()
    assert words in errors
    said(one)
    assert one.wait() == status


def test_copy_that_was_killed_says_by_what(begin: Begin):
    one = begin("import time; time.sleep(60)")
    one.kill()
    assert one.wait() == -signal.SIGKILL
    assert one.stdout is not None
    one.stdout.close()


def test_child_is_a_program_of_its_own_when_nothing_was_read_or_when_it_stands_apart(
    begin: Begin, monkeypatch: pytest.MonkeyPatch
):
    one = begin("print('x')", is_apart=True)
    assert isinstance(one, subprocess.Popen)
    one.communicate()
    monkeypatch.setitem(copies._state, "is_read", False)
    two = begin("print('x')")
    assert isinstance(two, subprocess.Popen)
    two.communicate()


def test_program_that_cannot_be_read_is_left_to_the_children(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(copies._state, "is_read", False)

    def fail() -> None:
        raise RuntimeError

    monkeypatch.setattr("django.setup", fail)
    copies.read_program()
    assert not copies._state["is_read"]
