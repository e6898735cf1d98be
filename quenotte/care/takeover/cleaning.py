"""From the cells of one line to values that a record may hold, with what was wrong, in codes.

A line is refused when it would make a record that nobody could trust: no name, a birth that
cannot be. Anything else that is wrong is left out and told: nothing is guessed.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final

from quenotte.care.patients.rules import UNKNOWN_BIRTH, first_of, strange_character
from quenotte.kernel import identifiers
from quenotte.kernel.dates import InvalidDate, parse_french_date
from quenotte.kernel.names import fold
from quenotte.kernel.phones import InvalidPhone, parse_phone

Cells = Mapping[str, str]

#: Longest values, in characters, as the tables keep them.
WIDTHS: Final = {
    "birth_name": 100, "birth_first_names": 100, "used_name": 100, "used_first_name": 100,
    "address": 200, "postcode": 10, "town": 80, "referring_doctor": 120, "mutuelle_name": 120,
    "mutuelle_contract": 30, "remarks": 300, "old_id": 60, "title": 120, "email": 254,
    "insured_name": 120,
}  # fmt: skip
_EMAIL: Final = re.compile(r"[^@\s,;]+@[^@\s,;]+\.[^@\s,;.]{2,}")
_WOMEN: Final = "f 2 femme feminin mme mlle madame mademoiselle female mrs ms fille"
_MEN: Final = "m h 1 homme masculin mr monsieur male garcon"
_OTHERS: Final = "i enfant indetermine inconnu autre dr pr 0"
_SEXES: Final = {
    word: sex
    for words, sex in ((_WOMEN, "F"), (_MEN, "M"), (_OTHERS, "I"))
    for word in words.split()
}
_YES: Final = frozenset("oui o vrai x 1 yes y true".split())
_NIR_OID, _NIA_OID = "1.2.250.1.213.1.4.8", "1.2.250.1.213.1.4.9"
_SERIAL: Final = re.compile(r"\d{4,5}")
_FIRST_SERIAL: Final = date(1899, 12, 30)
_AMOUNT: Final = re.compile(r"(\d+)(?:[.,](\d{1,2}))?")
_HOUR: Final = re.compile(r"(\d{1,2})\s*[:hH.]\s*(\d{2})?(?::\d{2})?(?:\s*min)?")


@dataclass
class Cleaned:
    """What one line gives: plain values, and remarks as (code, key of the column)."""

    values: dict[str, Any] = field(default_factory=dict)
    refusals: list[tuple[str, str]] = field(default_factory=list)
    warnings: list[tuple[str, str]] = field(default_factory=list)

    def refuse(self, code: str, key: str = "") -> None:
        """Say why the line cannot be taken."""
        self.refusals.append((code, key))

    def warn(self, code: str, key: str = "") -> None:
        """Say what was left out, or understood with a doubt."""
        self.warnings.append((code, key))


def clean_patient(cells: Cells, today: date) -> Cleaned:
    """Return the record that a line describes."""
    found = _started(cells)
    _names(cells, found)
    _birth(cells, found, today)
    _sex(cells, found)
    _reach(cells, found)
    _nir(cells, found)
    _insured(cells, found)
    _others(cells, found, today)
    return found


def clean_whom(cells: Cells, found: Cleaned, today: date) -> None:
    """Note whom an appointment or a balance is about: the old number, the names, the birth."""
    surname, first = _split(cells.get("full_name", ""))
    found.values["surname"] = cells.get("name") or surname
    found.values["first_name"] = first_of(cells.get("birth_first_names") or first)
    text = cells.get("born_on", "")
    if text:
        try:
            found.values["born_on"] = read_day(text, today).isoformat()
        except InvalidDate:
            found.warn("birth_unreadable", "born_on")


def clean_appointment(cells: Cells, today: date, *, minutes: int, horizon: date) -> Cleaned:
    """Return the appointment that a line describes; ``minutes`` when the line tells no end.

    ``starts`` and ``ends`` are wall-clock instants of the practice.
    """
    found = _started(cells)
    clean_whom(cells, found, today)
    day_text, _space, rest = cells.get("day", "").partition(" ")
    try:
        day = read_day(day_text, horizon)
    except InvalidDate as error:
        found.refuse("day_impossible" if error.reason == "impossible" else "day_unreadable", "day")
        return found
    starts_at = read_hour(cells.get("hour") or rest)
    if starts_at is None:
        found.refuse("hour_unreadable", "hour")
        return found
    lasts = _length(cells, starts_at, minutes)
    if lasts is None or not 5 <= lasts <= 720 or starts_at + lasts > 24 * 60:
        found.refuse("length_impossible", "minutes")
        return found
    starts = datetime.combine(day, datetime.min.time()) + timedelta(minutes=starts_at)
    found.values |= {
        "starts": starts.isoformat(),
        "ends": (starts + timedelta(minutes=lasts)).isoformat(),
        "title": _fitted("title", cells.get("title", ""), found),
        "practitioner": cells.get("practitioner", ""),
        "status": cells.get("status", ""),
    }
    return found


def clean_balance(cells: Cells, today: date, *, as_of: date) -> Cleaned:
    """Return the balance that a line describes, in cents: positive when the patient owes."""
    found = _started(cells)
    clean_whom(cells, found, today)
    owed, credit = (read_cents(cells.get(key, "")) for key in ("amount", "credit"))
    if owed is None or credit is None:
        found.refuse("amount_unreadable", "amount" if owed is None else "credit")
        return found
    found.values["amount_cents"] = owed - abs(credit)
    if found.values["amount_cents"] == 0:
        found.refuse("amount_nil", "amount")
    text = cells.get("as_of", "")
    try:
        day = read_day(text, today) if text else as_of
    except InvalidDate:
        day = as_of
        found.warn("day_unreadable", "as_of")
    found.values["as_of"] = day.isoformat()
    return found


def read_day(text: str, latest: date) -> date:
    """Return a day as another program wrote it: French, ISO, with an hour, as Excel counts.

    Raises: InvalidDate.
    """
    day = text.replace("T", " ").split(" ")[0] if re.match(r"[\d/.\-]+[ T]\d", text) else text
    if _SERIAL.fullmatch(day) and len(day) == 5:
        return _FIRST_SERIAL + timedelta(days=int(day))
    return parse_french_date(day, today=latest)


def read_hour(text: str) -> int | None:
    """Return minutes since midnight of « 14:30 », « 14h30 », « 14h »; None for anything else."""
    match = _HOUR.fullmatch(text.strip())
    if match is None:
        return None
    hours, minutes = int(match[1]), int(match[2] or 0)
    return hours * 60 + minutes if hours < 24 and minutes < 60 else None


def read_cents(text: str) -> int | None:
    """Return the cents of « 1 234,50 € », « -12.5 », « (12,00) », « 12,00- »; 0 for nothing."""
    plain = re.sub(r"[\s\u00a0\u202f€']|eur(?:os?)?", "", text, flags=re.IGNORECASE)
    if not plain:
        return 0
    is_negative = plain.startswith(("-", "(")) or plain.endswith("-")
    digits = plain.strip("+-()")
    if re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+[.,]\d{1,2}", digits):
        digits = re.sub(r"[.,](?=\d{3})", "", digits)
    match = _AMOUNT.fullmatch(digits)
    if match is None or len(match[1]) > 9:
        return None
    cents = int(match[1]) * 100 + int((match[2] or "0").ljust(2, "0"))
    return -cents if is_negative else cents


def _started(cells: Cells) -> Cleaned:
    found = Cleaned()
    for key, cell in cells.items():
        if "\ufffd" in cell:
            found.refuse("signs_unreadable", key)
            break
    found.values["old_id"] = cells.get("old_id", "")[: WIDTHS["old_id"]]
    return found


def _names(cells: Cells, found: Cleaned) -> None:
    surname, first = _split(cells.get("full_name", ""))
    birth = cells.get("birth_name", "") or cells.get("name", "") or surname
    used = cells.get("name", "") or surname
    values = {
        "birth_name": _name(birth),
        "birth_first_names": _name(cells.get("birth_first_names", "") or first),
        "used_name": "" if fold(used) == fold(birth) else _name(used),
        "used_first_name": _name(cells.get("used_first_name", "")),
    }
    for key, value in values.items():
        if len(value) > WIDTHS[key]:
            found.refuse("name_too_long", key)
        elif strange_character(value):
            found.refuse("name_strange", key)
        elif key.startswith("birth") and not any(sign.isalpha() for sign in value):
            found.refuse("name_missing" if key == "birth_name" else "first_name_missing", key)
        found.values[key] = value[: WIDTHS[key]]
    found.values["first_birth_first_name"] = first_of(found.values["birth_first_names"])


def _name(text: str) -> str:
    """Return a name with single spaces and plain apostrophes; commas part first names."""
    plain = unicodedata.normalize("NFC", text)
    return " ".join(plain.replace("’", "'").replace(",", " ").split())


def _split(full: str) -> tuple[str, str]:
    """« DURAND Marie » and « Durand, Marie » part where capitals or the comma say so."""
    if "," in full:
        surname, _comma, first = full.partition(",")
        return surname.strip(), first.strip()
    words = full.split()
    capitals = [word for word in words if word.isupper() and len(word) > 1]
    if capitals and len(capitals) < len(words) and words[: len(capitals)] == capitals:
        return " ".join(capitals), " ".join(words[len(capitals) :])
    return (words[0], " ".join(words[1:])) if words else ("", "")


def _birth(cells: Cells, found: Cleaned, today: date) -> None:
    text = cells.get("born_on", "")
    born_on: date | None = UNKNOWN_BIRTH
    if not text:
        found.warn("birth_missing", "born_on")
    else:
        born_on = _partial(text, found) or _whole(text, found, today)
    if born_on is not None:
        found.values["born_on"] = born_on.isoformat()


def _partial(text: str, found: Cleaned) -> date | None:
    """Return the day that stands for a birth known in part. Source: RNIV, dates interprétées."""
    day = None
    if re.fullmatch(r"(?:0{1,2}[/. -]0{1,2}[/. -])?(?:18|19|20)\d\d", text):
        day = date(int(text[-4:]), 12, 31)
    elif match := re.fullmatch(r"0{1,2}[/. -](\d{1,2})[/. -]((?:18|19|20)\d\d)", text):
        day = date(int(match[2]), int(match[1]), 1) if 1 <= int(match[1]) <= 12 else None
    if day is not None:
        found.values["is_birth_date_fictive"] = True
        found.warn("birth_partial", "born_on")
    return day


def _whole(text: str, found: Cleaned, today: date) -> date | None:
    try:
        born_on = read_day(text, today)
    except InvalidDate as error:
        found.refuse(f"birth_{error.reason}", "born_on")
        return None
    if born_on > today or today.year - born_on.year > 130:
        found.refuse("birth_future" if born_on > today else "birth_too_old", "born_on")
        return None
    if _SERIAL.fullmatch(text) or re.fullmatch(r"\d{1,2}[/. -]\d{1,2}[/. -]\d\d", text):
        found.warn("birth_doubtful", "born_on")
    return born_on


def _sex(cells: Cells, found: Cleaned) -> None:
    text = fold(cells.get("sex", ""))
    sex = _SEXES.get(text)
    if text and sex is None:
        found.warn("sex_unknown", "sex")
    found.values["sex"] = sex or "I"


def _reach(cells: Cells, found: Cleaned) -> None:
    mobile, other = (
        _phone(cells.get(key, ""), key, found) for key in ("mobile_phone", "other_phone")
    )
    if not mobile and other.startswith(("+336", "+337")):
        mobile, other = other, ""
    found.values |= {"mobile_phone": mobile, "other_phone": "" if other == mobile else other}
    email = cells.get("email", "").strip()
    if email and not (_EMAIL.fullmatch(email) and email.isascii()):
        found.warn("email_wrong", "email")
        email = ""
    found.values["email"] = email[: WIDTHS["email"]]
    parts = [cells.get("address", ""), cells.get("address_more", "")]
    address = ", ".join(" ".join(part.split()) for part in parts if part)
    found.values["address"] = _fitted("address", address, found)
    postcode = cells.get("postcode", "")
    # A spreadsheet forgets the zero of the first nine départements.
    postcode = postcode.zfill(5) if re.fullmatch(r"\d{4}", postcode) else postcode
    found.values["postcode"] = _fitted("postcode", postcode, found)
    found.values["town"] = _fitted("town", cells.get("town", ""), found)
    for key in ("do_not_contact", "refuses_mail", "refuses_sms"):
        found.values[key] = fold(cells.get(key, "")) in _YES


def _phone(text: str, key: str, found: Cleaned) -> str:
    if not text:
        return ""
    try:
        return parse_phone(re.split(r"\s*[;|]\s*| ou ", text)[0])
    except InvalidPhone:
        found.warn("phone_wrong", key)
        return ""


def _nir(cells: Cells, found: Cleaned) -> None:
    """A number that agrees with the traits is the patient's own; else the insured person's."""
    found.values |= {"ins_matricule": "", "ins_oid": "", "insured_nir": ""}
    number = _valid_nir(cells, "nir", found)
    if not number:
        return
    born_on = found.values.get("born_on")
    if born_on is None or born_on == UNKNOWN_BIRTH.isoformat():
        found.values["insured_nir"] = number
        found.warn("nir_of_whom", "nir")
        return
    differs = identifiers.nir_matches(
        number, sex=found.values["sex"], born_on=date.fromisoformat(born_on)
    )
    if differs:
        found.values["insured_nir"] = number
        found.warn("nir_of_insured", "nir")
        return
    oid = cells.get("ins_oid", "")
    if not identifiers.is_valid_ins(number, oid):
        oid = _NIA_OID if number[0] in "78" else _NIR_OID
    found.values |= {"ins_matricule": number, "ins_oid": oid}
    if found.values["sex"] == "I":
        found.values["sex"] = {"1": "M", "2": "F"}.get(number[0], "I")


def _insured(cells: Cells, found: Cleaned) -> None:
    """Whose number is said to be the insured person's is not judged by the patient's traits."""
    if number := _valid_nir(cells, "insured_nir", found):
        found.values["insured_nir"] = number
    name = " ".join(cells.get("insured_name", "").split())
    found.values["insured_name"] = _fitted("insured_name", name, found)


def _valid_nir(cells: Cells, key: str, found: Cleaned) -> str:
    number = identifiers.compact_nir(cells.get(key, ""))
    if number and not identifiers.is_valid_nir(number):
        found.warn("nir_form" if len(number) != 15 else "nir_key", key)
        return ""
    return number


def _others(cells: Cells, found: Cleaned, today: date) -> None:
    for key in ("referring_doctor", "mutuelle_name", "mutuelle_contract", "remarks"):
        found.values[key] = _fitted(key, " ".join(cells.get(key, "").split()), found)
    checks = {
        "referring_doctor_rpps": identifiers.is_valid_rpps,
        "mutuelle_number": lambda text: re.fullmatch(r"\d{8,10}", text) is not None,
        "birth_place_code": identifiers.is_valid_insee_place,
    }
    for key, is_right in checks.items():
        text = re.sub(r"\s", "", cells.get(key, "")).upper()
        if text and not is_right(text):
            found.warn("number_wrong", key)
            text = ""
        found.values[key] = text
    far = date(today.year + 30, 12, 31)
    for key, latest in (("mutuelle_ends_on", far), ("died_on", today)):
        found.values[key] = _day_or_none(cells.get(key, ""), key, latest, found)
    died_on, born_on = found.values["died_on"], found.values.get("born_on", "")
    if died_on and died_on < born_on:
        found.values["died_on"] = None
        found.warn("death_impossible", "died_on")


def _day_or_none(text: str, key: str, latest: date, found: Cleaned) -> str | None:
    if not text:
        return None
    try:
        return read_day(text, latest).isoformat()
    except InvalidDate:
        found.warn("day_unreadable", key)
        return None


def _fitted(key: str, text: str, found: Cleaned) -> str:
    if len(text) > WIDTHS[key]:
        found.warn("too_long", key)
    return text[: WIDTHS[key]]


def _length(cells: Cells, starts_at: int, usual: int) -> int | None:
    if cells.get("end_hour"):
        ends_at = read_hour(cells["end_hour"].split(" ")[-1])
        return None if ends_at is None else ends_at - starts_at
    text = cells.get("minutes", "")
    if not text:
        return usual
    if (as_hour := read_hour(text)) is not None:
        return as_hour
    match = re.fullmatch(r"(\d{1,3})\s*(?:min\w*)?", text)
    return int(match[1]) if match else None
