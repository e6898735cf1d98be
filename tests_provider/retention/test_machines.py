"""A year after a contract what is known of machines goes, of that practice and of no other."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db.models import ProtectedError
from django.utils import timezone

from quenotte.base.audit.models import Line
from quenotte.base.audit.rules import Actor
from quenotte.provider.customers import operations as customers
from quenotte.provider.customers.models import Customer
from quenotte.provider.customers.rules import Keeping
from quenotte.provider.enrolment.models import Machine, Token
from quenotte.provider.evidence import queries as evidence
from quenotte.provider.finder import operations as finder
from quenotte.provider.finder.models import Phrase
from quenotte.provider.incidents.models import Outgoing
from quenotte.provider.retention import jobs, operations
from quenotte.provider.retention.rules import Step
from tests_provider.factories import CustomerFactory, MachineFactory, TokenFactory
from tests_provider.retention.conftest import Full, heard, pointing, storms

pytestmark = pytest.mark.django_db
Fill = Callable[..., Full]
Run = Callable[[datetime], None]

SECOND = timedelta(seconds=1)
#: What proves something stays longer, and the practice with its hours.
STAYS = {"Dossier", "Look", "Opening", "SignedSheet"}


def end(one: Full, actor: Actor) -> Keeping:
    """End its contract now; return until when what is kept."""
    customers.end_contract(customer_id=one.customer_id, actor=actor)
    kept = Customer.objects.get(pk=one.customer_id).keeping
    assert kept is not None
    return kept


def lines(one: Full) -> list[dict[str, str]]:
    """Return what the journal says of what went, the oldest first."""
    found = Line.objects.filter(object_kind="customer", object_id=str(one.customer_id))
    said = found.filter(person_id=None).order_by("number")
    return list(said.values_list("detail", flat=True))


def test_every_table_of_a_practice_is_in_this_test(full: Fill):
    """A table that is added tomorrow must say when it goes: here, and in the operation."""
    assert full().left() == {model.__name__ for model, _field in pointing()}


def test_day_before_nothing_goes_and_a_year_after_all_of_the_machines(
    full: Fill, actor: Actor, run: Run
):
    gone, here = full(), full("Cabinet du Port")
    before = gone.left()
    kept = end(gone, actor)
    run(kept.machines_until - SECOND)
    assert gone.left() == before
    assert lines(gone) == []
    run(kept.machines_until)
    assert gone.left() == STAYS
    assert not Machine.objects.filter(customer=gone.customer).exists()
    # The other practice, and what belongs to none, is as it was.
    assert here.left() == before
    assert (storms(), Outgoing.objects.count()) == (2, 1)
    assert evidence.proofs_of(gone.customer_id)[0].faults == ()
    told = Customer.objects.get(pk=gone.customer_id)
    assert (told.emptied_at, told.is_active) == (kept.machines_until, False)


def test_journal_says_once_what_went_and_how_many(full: Fill, actor: Actor, run: Run):
    one = full()
    kept = end(one, actor)
    for days in (0, 1, 2):
        run(kept.machines_until + timedelta(days=days))
    fields = "machines:2,tokens:1,incidents:1,windows:1,exemptions:1,digests:1,licences:1,drafts:1"
    assert lines(one) == [{"state": "emptied", "fields": fields}]
    assert Customer.objects.get(pk=one.customer_id).emptied_at == kept.machines_until


def test_words_that_its_machines_alone_said_go_with_the_next_run_of_theirs(
    full: Fill, actor: Actor, run: Run
):
    one = full()
    assert Phrase.objects.exists()
    run(end(one, actor).machines_until)
    finder.forget_unsaid()
    assert not Phrase.objects.exists()


def test_contract_that_was_taken_up_again_loses_nothing(full: Fill, actor: Actor, run: Run):
    one = full()
    before = one.left()
    kept = end(one, actor)
    customers.resume_contract(customer_id=one.customer_id, actor=actor)
    run(kept.proofs_until + timedelta(days=1))
    assert one.left() == before
    # The list of a run was read before: the row is looked at again under its lock.
    for step in Step:
        operations._let_go(one.customer_id, step=step, now=kept.proofs_until)
    assert one.left() == before
    assert lines(one) == []


def test_contract_taken_up_after_that_begins_without_machines_and_ends_anew(
    full: Fill, actor: Actor, run: Run
):
    one = full()
    kept = end(one, actor)
    run(kept.machines_until)
    again = customers.resume_contract(customer_id=one.customer_id, actor=actor)
    assert again.emptied_at == kept.machines_until
    assert one.left() == STAYS
    MachineFactory.create(customer=again)
    run(kept.proofs_until)
    assert Machine.objects.filter(customer=again).count() == 1
    later = end(one, actor)
    run(later.machines_until)
    assert not Machine.objects.filter(customer=again).exists()
    assert [told["fields"] for told in lines(one)][1:] == ["machines:1,tokens:1"]


def test_practice_at_which_it_fails_keeps_no_other(
    full: Fill, actor: Actor, run: Run, caplog: pytest.LogCaptureFixture
):
    failing, after = full(), full("Cabinet du Port")
    before = failing.left()
    # The token of one let a machine of another in, which no form does.
    other = MachineFactory.create(token=failing.machine.token)
    kept = end(failing, actor)
    end(after, actor)
    with caplog.at_level(logging.ERROR), pytest.raises(ProtectedError):
        run(kept.machines_until)
    assert failing.left() == before
    assert after.left() == STAYS
    (said,) = [one.getMessage() for one in caplog.records if "let go" in one.getMessage()]
    assert said == f"practice {failing.customer_id} is not let go: ProtectedError"
    other.delete()
    run(kept.machines_until)
    assert failing.left() == STAYS


def test_former_practice_without_a_known_end_is_left_alone(full: Fill, run: Run):
    one = full()
    before = one.left()
    Customer.objects.filter(pk=one.customer_id).update(is_active=False)
    run(timezone.now() + timedelta(days=9_999))
    assert one.left() == before
    assert Customer.objects.filter(pk=one.customer_id).exists()


def test_token_goes_a_year_after_its_end_unless_a_machine_is_here_by_it(run: Run):
    now = timezone.now()
    customer = CustomerFactory.create()
    times = {"old": now - timedelta(days=367), "young": now - timedelta(days=365)}
    old, young = (TokenFactory.create(customer=customer, expires_at=at) for at in times.values())
    used = TokenFactory.create(customer=customer, expires_at=times["old"])
    MachineFactory.create(customer=customer, token=used)
    run(now)
    run(now)
    assert set(Token.objects.values_list("id", flat=True)) == {young.id, used.id}
    assert not Token.objects.filter(pk=old.pk).exists()
    line = Line.objects.get(object_id=str(customer.id))
    assert line.detail == {"state": "forgotten", "fields": "tokens:1"}


def test_worker_does_it_at_this_hour(full: Fill, actor: Actor, frozen_clock: Any):
    one = full()
    kept = end(one, actor)
    frozen_clock.move_to(kept.machines_until)
    heard(10)
    jobs.forget()
    assert one.left() == STAYS
