"""What the demo practice asks for its acts, and which ones its dentists want at hand."""

from datetime import date
from typing import Final

from quenotte.base.people.models import Person
from quenotte.base.practice.models import Practice
from quenotte.office.catalogue.models import Act, Favourite, Fee
from quenotte.office.catalogue.operations import load

#: Own fees in euros; made up, and below the ceilings of the 100 % Santé baskets.
_FEES: Final = {
    "HBLD038": 290, "HBLD634": 500, "HBLD350": 440, "HBLD073": 440, "HBLD680": 500,
    "HBLD491": 550, "HBLD158": 550, "HBLD734": 620, "HBLD403": 690, "HBLD318": 780,
    "HBLD090": 175, "HBLD745": 175, "HBLD245": 220, "HBLD490": 60, "HBLD724": 60, "HBLD486": 60,
    "HBLD418": 950, "HBLD033": 870, "HBLD785": 1_465, "HBLD227": 1_465, "HBLD099": 1_320,
    "HBMD351": 350, "HBMD460": 480, "HBMD048": 550, "HBLD131": 890, "HBLD047": 1_450,
    "HBLD031": 1_100, "HBLD364": 420, "HBLD018": 320, "HNIMPL": 990, "HNPILI": 280,
    "HNBLANC": 450, "HBMD005": 390, "HBGD033": 120, "HBGD030": 80, "HNMAINT": 90, "HBGB006": 80,
}  # fmt: skip
_FAVOURITES: Final = (
    "C", "HBJD001", "HBQK002", "HBQK389", "HBMD038", "HBMD049", "HBMD053", "HBFD008", "HBGD036",
    "HBLD073", "HBLD634",
)  # fmt: skip


def fill(practice: Practice, today: date) -> None:
    """Load the catalogue, its fees since the first of January, and the favourites."""
    load(practice.id)
    acts = {act.code: act for act in Act.objects.filter(practice=practice)}
    since = today.replace(month=1, day=1)
    Fee.objects.bulk_create(
        Fee(act=acts[code], from_on=since, fee_cents=euros * 100) for code, euros in _FEES.items()
    )
    dentists = Person.objects.filter(practice=practice, role="praticien")
    Favourite.objects.bulk_create(
        Favourite(act=acts[code], person=person) for person in dentists for code in _FAVOURITES
    )
