"""What becomes of each line: ready, refused, or an existing record to decide about."""

from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, Protocol
from uuid import UUID

from django.utils import timezone

from quenotte.base.people import queries as people
from quenotte.care.agenda import queries as agenda
from quenotte.care.agenda.rules import Period
from quenotte.care.patients import operations as patients
from quenotte.care.patients import queries as patient_reads
from quenotte.care.patients.rules import UNKNOWN_BIRTH, Level, Traits
from quenotte.care.takeover import cleaning, rules
from quenotte.care.takeover.cleaning import Cleaned
from quenotte.care.takeover.models import Import, OpeningBalance, StagedRow
from quenotte.care.takeover.operations.matching import People, Taken, Whom
from quenotte.kernel.names import fold

#: How far the agenda is looked at for what is taken already.
_AHEAD: Final = timedelta(days=366 * 6)


class Judge(Protocol):
    """Judges the lines of one kind of file, in their order."""

    def row(self, line: int, cells: dict[str, Any]) -> StagedRow:
        """Return the line as it is staged."""


def judge_for(source: Import) -> Judge:
    """Return who judges the lines of this import; what it must know is read once."""
    judges: dict[str, type[PatientJudge] | type[AppointmentJudge] | type[BalanceJudge]] = {
        Import.Kind.PATIENTS: PatientJudge,
        Import.Kind.APPOINTMENTS: AppointmentJudge,
        Import.Kind.BALANCES: BalanceJudge,
    }
    return judges[source.kind](source)


class PatientJudge:
    """Lines that are patients: compared with the practice's records, and with each other."""

    def __init__(self, source: Import) -> None:
        self._source, self._today = source, timezone.localdate()
        self._known = People()
        for patient_id, traits in patients.traits_of(source.practice_id):
            self._known.add(patient_id, traits)
        self._in_file = People()
        self._old_ids: set[str] = set()
        taken = patient_reads.of_practice(source.practice_id).exclude(ins_matricule="")
        self._matricules = set(taken.values_list("ins_matricule", flat=True))

    def row(self, line: int, cells: dict[str, Any]) -> StagedRow:
        """Return the line as it is staged, with the record that it looks like."""
        raw = cells.pop("")
        found = cleaning.clean_patient(cells, self._today)
        old_id = found.values["old_id"]
        if old_id and old_id in self._old_ids:
            found.refuse("old_id_twice", "old_id")
        if found.refusals:
            return _staged(self._source, line, found, raw=raw)
        self._old_ids.add(old_id)
        row = self._compared(line, found)
        row.keys = patients.keys_for(found.values, date.fromisoformat(found.values["born_on"]))
        return row

    def _compared(self, line: int, found: Cleaned) -> StagedRow:
        traits = _traits(found.values)
        level, match_id = self._known.nearest(traits)
        if self._in_file.nearest(traits)[0] == Level.SAME:
            found.warn("double_in_file")
        self._in_file.add(UUID(int=line), traits)
        self._own_number(found)
        if level is not None and level >= Level.LIKELY:
            found.warnings.insert(0, ("same" if level == Level.SAME else "likely", ""))
            row = _staged(self._source, line, found)
            row.state, row.match_id = StagedRow.State.DOUBLE, match_id
            return row
        if level == Level.POSSIBLE:
            found.warn("homonym")
        return _staged(self._source, line, found)

    def _own_number(self, found: Cleaned) -> None:
        """A matricule is one patient's: the second line that gives it leaves it out."""
        number = found.values["ins_matricule"]
        if number and number in self._matricules:
            found.warn("nir_taken", "nir")
            found.values |= {"ins_matricule": "", "ins_oid": ""}
        self._matricules.add(number)


class AppointmentJudge:
    """Lines that are appointments: matched to a patient, a practitioner and a free time."""

    def __init__(self, source: Import) -> None:
        self._source = source
        self._now, self._today = timezone.now(), timezone.localdate()
        self._options = rules.Options.from_json(source.options)
        self._whom = Whom(source)
        self._dentists = {
            fold(text): str(person.id)
            for person in people.accounts(source.practice_id).filter(role="praticien")
            for text in (person.full_name, f"{person.first_name} {person.last_name}")
        }
        ahead = agenda.occupying(source.practice_id, Period(self._now, self._now + _AHEAD))
        self._taken = Taken(ahead.values_list("practitioner_id", "starts_at", "ends_at"))
        self._known = agenda.taken_down(source.practice_id)

    def row(self, line: int, cells: dict[str, Any]) -> StagedRow:
        """Return the line as it is staged, with whom and when."""
        raw = cells.pop("")
        found = cleaning.clean_appointment(
            cells,
            self._today,
            minutes=self._options.minutes,
            horizon=rules.horizon(self._today),
        )
        match_id = self._whom.find(found) if not found.refusals else None
        if not found.refusals:
            self._place(found, match_id)
        row = _staged(self._source, line, found, raw=raw)
        row.match_id = match_id
        return row

    def _place(self, found: Cleaned, match_id: UUID | None) -> None:
        wanted = fold(found.values["practitioner"])
        practitioner = self._dentists.get(wanted) if wanted else self._options.practitioner_id
        if practitioner is None:
            practitioner = self._titled(wanted)
        if practitioner is None:
            found.refuse("practitioner_unknown", "practitioner")
            return
        starts, ends = (_instant(found.values[name]) for name in ("starts", "ends"))
        if starts is None or ends is None:
            found.refuse("hour_skipped", "hour")
            return
        is_past = ends <= self._now
        words = fold(found.values["status"]).replace(" ", "")
        status, warning = rules.status_of(words, is_past=is_past)
        if warning:
            found.warn(warning, "status")
        found.values |= {
            "practitioner": practitioner,
            "starts": starts.isoformat(),
            "ends": ends.isoformat(),
            "status": status,
        }
        if match_id:
            same = (match_id, UUID(practitioner), starts, status == "cancelled")
            if same in self._known:
                found.refuse("visit_already_taken", "day")
                return
            self._known.add(same)
        if is_past or status == "cancelled":
            return
        if match_id in self._whom.dead:
            found.refuse("patient_died")
        elif not self._taken.take(practitioner, starts, ends):
            found.refuse("slot_taken", "day")

    def _titled(self, wanted: str) -> str | None:
        """« Dr Kermarec » is Kermarec; a name that two dentists bear is nobody's."""
        words = set(wanted.split()) - {"dr", "docteur", "mme", "m"}
        found = {
            one for name, one in self._dentists.items() if words and words <= set(name.split())
        }
        return found.pop() if len(found) == 1 else None


class BalanceJudge:
    """Lines that are balances: matched to a patient."""

    def __init__(self, source: Import) -> None:
        self._source, self._today = source, timezone.localdate()
        self._whom = Whom(source)
        options = rules.Options.from_json(source.options)
        self._as_of = date.fromisoformat(options.as_of) if options.as_of else self._today
        rows = OpeningBalance.objects.filter(patient__practice_id=source.practice_id)
        self._taken = set(rows.values_list("patient_id", "as_of", "amount_cents"))

    def row(self, line: int, cells: dict[str, Any]) -> StagedRow:
        """Return the line as it is staged, with whom."""
        raw = cells.pop("")
        found = cleaning.clean_balance(cells, self._today, as_of=self._as_of)
        match_id = self._whom.find(found) if not found.refusals else None
        if match_id and not found.refusals:
            day = date.fromisoformat(found.values["as_of"])
            if (match_id, day, found.values["amount_cents"]) in self._taken:
                found.refuse("already_taken")
        row = _staged(self._source, line, found, raw=raw)
        row.match_id = match_id
        return row


def _instant(wall_clock: str) -> datetime | None:
    """Return the aware instant of a wall clock; None in the hour that a spring night skips."""
    zone = timezone.get_default_timezone()
    naive = datetime.fromisoformat(wall_clock)
    aware = naive.replace(tzinfo=zone)
    back = aware.astimezone(UTC).astimezone(zone).replace(tzinfo=None)
    return aware if back == naive else None


def _traits(values: dict[str, Any]) -> Traits:
    firsts = (
        values["first_birth_first_name"],
        values["birth_first_names"],
        values["used_first_name"],
    )
    born_on = date.fromisoformat(values["born_on"])
    return Traits(
        surnames=tuple(name for name in (values["birth_name"], values["used_name"]) if name),
        first_names=tuple(dict.fromkeys(name for name in firsts if name)),
        born_on=None if born_on == UNKNOWN_BIRTH else born_on,
        phones=tuple(one for one in (values["mobile_phone"], values["other_phone"]) if one),
        sex=values["sex"],
    )


def _staged(
    source: Import, line: int, found: Cleaned, *, raw: list[str] | None = None
) -> StagedRow:
    remarks = [*found.refusals, *found.warnings]
    return StagedRow(
        source=source,
        line=line,
        state=StagedRow.State.REFUSED if found.refusals else StagedRow.State.READY,
        remarks=[list(remark) for remark in remarks],
        has_warning=bool(found.warnings),
        values={} if found.refusals else found.values,
        cells=(raw or []) if found.refusals else [],
    )
