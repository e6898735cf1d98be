"""Jobs that the tests ask for."""

from quenotte.base.jobs.operations import job

done: list[dict[str, object]] = []


#: Whose name an error quotes.
PATIENT = "Martin"


class Oops(Exception):
    """What a failing job raises; its text must never be kept."""


@job(max_attempts=3, backoff_s=10, label="Note ce qu’on lui donne")
def note(**ids: object) -> None:
    """Remember what was asked."""
    done.append(ids)


@job(max_attempts=2, backoff_s=10)
def fail(**_ids: object) -> None:
    """Fail with a patient's name in the error."""
    raise Oops(f"Madame {PATIENT}")


@job(max_attempts=1)
def fail_at_once() -> None:
    """Fail without a second chance."""
    raise Oops


@job(max_attempts=3)
def periodic() -> None:
    """Run in each period."""
    done.append({"periodic": True})
