"""Questionnaires: drafts that are kept, answers that are signed by whom they bind, for good."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from quenotte.base.audit.models import Line
from quenotte.base.audit.rules import Actor
from quenotte.kernel.memento.answering import Given
from quenotte.kernel.memento.items import Sheet, of_sheet
from quenotte.provider.evidence import operations, queries, rules
from quenotte.provider.evidence.models import Draft, SignedSheet
from tests_provider.evidence.test_chain import change as change_database
from tests_provider.factories import CustomerFactory

pytestmark = pytest.mark.django_db
PRACTICE = Sheet.PRACTICE


@pytest.fixture
def customer(db: None) -> Any:
    """A practice."""
    return CustomerFactory.create()


def draft(customer: Any, actor: Actor, sheet: Sheet = PRACTICE, **typed: tuple[str, str]) -> Draft:
    return operations.save_draft(customer_id=customer.id, sheet=sheet, typed=typed, actor=actor)


def sign(customer: Any, actor: Actor, sheet: Sheet = PRACTICE) -> SignedSheet:
    """Sign what was kept, as whoever has it before her."""
    kept = queries.draft_of(customer.id, sheet)
    shown = kept.answers if kept else {}
    return operations.sign(
        customer_id=customer.id,
        sheet=sheet,
        typed={key: (one["given"], one["note"]) for key, one in shown.items()},
        signer="Claire Aubry",
        quality="chirurgien-dentiste",
        actor=actor,
    )


def test_draft_is_kept_and_counts_for_nothing(customer: Any, actor: Actor):
    draft(customer, actor, register=("yes", ""), notice=("", " à  voir\n"))
    kept = queries.draft_of(customer.id, PRACTICE)
    assert kept is not None
    assert kept.answers == {
        "register": {"given": "yes", "note": ""},
        "notice": {"given": "", "note": "à voir"},
    }
    assert queries.answers_of(customer.id) == {}
    draft(customer, actor, register=("no", ""))
    assert Draft.objects.get().answers == {"register": {"given": "no", "note": ""}}


def test_signed_answer_says_who_as_what_and_when(customer: Any, actor: Actor):
    draft(customer, actor, register=("yes", "classeur"))
    signed = sign(customer, actor)
    found = queries.answers_of(customer.id)["register"]
    assert (found.given, found.note, found.signer, found.quality, found.taken_by) == (
        Given.YES,
        "classeur",
        "Claire Aubry",
        "chirurgien-dentiste",
        actor.person_label,
    )
    assert (found.signed_at, found.seal) == (timezone.now(), signed.digest)
    assert not Draft.objects.exists()


def test_line_of_the_journal_holds_the_seal(customer: Any, actor: Actor):
    draft(customer, actor, register=("yes", ""))
    signed = sign(customer, actor)
    line = Line.objects.get(number=signed.journal_number)
    assert (line.object_kind, line.object_id) == ("evidence_answers", str(signed.id))
    assert line.detail == {
        "purpose": "practice",
        "digest": rules.grouped(signed.digest),
        "to": rules.grouped(customer.id.hex),
    }


def test_signature_that_was_removed_is_known_by_the_journal(customer: Any, actor: Actor):
    draft(customer, actor, register=("yes", ""))
    signed = sign(customer, actor)
    house = actor.practice_id
    assert house is not None
    assert queries.lost_of(customer.id, house) == []
    change_database("DELETE FROM provider_signedsheet")
    (lost,) = queries.lost_of(customer.id, house)
    assert (lost.at, lost.by, lost.number) == (signed.signed_at, actor.person_label, None)
    # It was of this practice, and of no other.
    assert queries.lost_of(CustomerFactory.create().id, house) == []


def test_last_answer_counts_and_the_others_stay(customer: Any, actor: Actor, frozen_clock: Any):
    draft(customer, actor, register=("no", ""), notice=("yes", ""))
    sign(customer, actor)
    frozen_clock.shift(timedelta(days=1))
    draft(customer, actor, register=("yes", ""))
    sign(customer, actor)
    found = queries.answers_of(customer.id)
    assert (found["register"].given, found["notice"].given) == (Given.YES, Given.YES)
    assert SignedSheet.objects.count() == 2


def test_without_an_answer_nothing_is_signed(customer: Any, actor: Actor):
    with pytest.raises(operations.NothingSigned):
        sign(customer, actor)
    draft(customer, actor, register=("", "plus tard"))
    with pytest.raises(operations.NothingSigned):
        sign(customer, actor)
    assert Draft.objects.count() == 1


def test_not_concerned_wants_a_reason(customer: Any, actor: Actor):
    draft(customer, actor, laptops=("not_concerned", " "))
    with pytest.raises(operations.NoReason):
        sign(customer, actor)
    draft(customer, actor, laptops=("not_concerned", "aucun portable"))
    assert sign(customer, actor).answers["laptops"]["note"] == "aucun portable"


def test_item_of_another_sheet_or_word_of_ones_own_is_left_out(customer: Any, actor: Actor):
    draft(customer, actor, contract=("yes", ""), register=("perhaps", ""), notice=("yes", ""))
    assert Draft.objects.get().answers == {"notice": {"given": "yes", "note": ""}}


def test_what_was_signed_last_counts_though_a_clock_was_ahead_before(
    customer: Any, actor: Actor, frozen_clock: Any
):
    draft(customer, actor, register=("yes", ""))
    sign(customer, actor)
    # It is found to be a day ahead, and set right.
    frozen_clock.shift(timedelta(days=-1))
    draft(customer, actor, register=("no", ""))
    again = sign(customer, actor)
    assert queries.answers_of(customer.id)["register"].given == Given.NO
    (filled,) = (
        one for one in queries.sheets_of(customer.id, timezone.now()) if one.sheet == PRACTICE
    )
    assert filled.last == again


def test_sheets_tell_how_far_they_are(customer: Any, actor: Actor, frozen_clock: Any):
    draft(customer, actor, Sheet.CONTRACT, contract=("yes", ""), hosting=("no", ""))
    sign(customer, actor, Sheet.CONTRACT)
    draft(customer, actor, register=("yes", ""))
    found = {one.sheet: one for one in queries.sheets_of(customer.id, timezone.now())}
    contract = found[Sheet.CONTRACT]
    assert (contract.valid, contract.expired, contract.missing) == (2, 0, 1)
    assert (contract.items, found[PRACTICE].has_draft) == (len(of_sheet(Sheet.CONTRACT)), True)
    frozen_clock.shift(timedelta(days=366))
    found = {one.sheet: one for one in queries.sheets_of(customer.id, timezone.now())}
    assert (found[Sheet.CONTRACT].valid, found[Sheet.CONTRACT].expired) == (0, 2)


def test_signature_bears_what_its_signer_saw_and_no_colleague_s_answers(
    customer: Any, actor: Actor
):
    draft(customer, actor, register=("yes", ""))
    # While the password of the signer is checked, a colleague keeps her own.
    draft(customer, actor, register=("no", "brûlé"))
    with pytest.raises(operations.DraftMoved):
        operations.sign(
            customer_id=customer.id, sheet=PRACTICE, typed={"register": ("yes", "")},
            signer="Claire Aubry", quality="titulaire", actor=actor,
        )  # fmt: skip
    assert not SignedSheet.objects.exists()
    assert Draft.objects.get().answers == {"register": {"given": "no", "note": "brûlé"}}


def test_draft_of_a_colleague_is_not_overwritten_unseen(customer: Any, actor: Actor):
    def keep(seen: str, **typed: tuple[str, str]) -> Draft:
        return operations.save_draft(
            customer_id=customer.id, sheet=PRACTICE, typed=typed, actor=actor, seen=seen
        )

    keep("", register=("yes", ""))
    with pytest.raises(operations.DraftMoved):
        keep("", notice=("yes", ""))
    assert list(Draft.objects.get().answers) == ["register"]
    # The same again changes nothing; who saw it may.
    keep("", register=("yes", ""))
    keep(rules.seal_of(Draft.objects.get().answers), notice=("yes", ""))
    assert list(Draft.objects.get().answers) == ["notice"]
    # Signed meanwhile: a page that is still open writes no second draft.
    seen = rules.seal_of(Draft.objects.get().answers)
    sign(customer, actor)
    with pytest.raises(operations.DraftMoved):
        keep(seen, notice=("no", ""))
    assert not Draft.objects.exists()


@pytest.mark.parametrize(
    "change",
    [
        "signer = 'Quelqu’un'",
        "quality = 'autre'",
        "taken_as = 'autre'",
        "signed_at = '2020-01-01 00:00:00+00:00'",
        "sheet = 'access'",
        "digest = 'x'",
        """answers = '{"register": {"given": "no", "note": ""}}'""",
    ],
)
def test_what_somebody_changed_in_the_database_is_found(customer: Any, actor: Actor, change: str):
    draft(customer, actor, register=("yes", ""))
    signed = sign(customer, actor)
    assert queries.altered_signatures(customer.id) == []
    change_database(f"UPDATE provider_signedsheet SET {change}")
    assert queries.altered_signatures(customer.id) == [signed]


def test_answers_of_one_practice_are_no_other_ones(customer: Any, actor: Actor):
    draft(customer, actor, register=("yes", ""))
    sign(customer, actor)
    other = CustomerFactory.create()
    assert queries.answers_of(other.id) == {}
    assert queries.draft_of(other.id, PRACTICE) is None
