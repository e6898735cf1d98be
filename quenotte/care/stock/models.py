"""What lies on the shelves: articles, their lots, and the ledger of their movements."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from quenotte.care.stock import rules


class Article(models.Model):
    """A product that the practice buys.

    Privacy: no personal data; kept as long as a movement names it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey("base.Practice", on_delete=models.PROTECT, related_name="articles")
    name = models.CharField(_("désignation"), max_length=120)
    maker = models.CharField(_("fabricant"), max_length=80, blank=True)
    supplier = models.CharField(_("fournisseur"), max_length=80, blank=True)
    reference = models.CharField(_("référence"), max_length=60, blank=True)
    # What the code of the package names: a GTIN (14 digits), or + and the product of a HIBC.
    gtin = models.CharField(_("code du produit"), max_length=24, blank=True)
    category = models.CharField(
        _("catégorie"), max_length=12, choices=list(rules.CATEGORIES.items())
    )
    unit = models.CharField(_("unité"), max_length=30, default="unité")
    reorder_point = models.PositiveIntegerField(_("seuil de commande"), default=0)
    order_quantity = models.PositiveIntegerField(_("quantité à commander"), default=0)
    is_active = models.BooleanField(_("article suivi"), default=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "gtin"], condition=~Q(gtin=""), name="gtin_is_of_one_article"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="article_has_a_name"),
            models.CheckConstraint(
                condition=Q(category__in=list(rules.CATEGORIES)), name="article_category_is_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Lot(models.Model):
    """A batch of an article, or one piece of it when it has a serial number.

    Privacy: no personal data; kept as long as a movement names it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="lots")
    number = models.CharField(_("numéro de lot"), max_length=40, blank=True)
    serial = models.CharField(_("numéro de série"), max_length=40, blank=True)
    expires_on = models.DateField(_("péremption"), null=True, blank=True)
    # The code as it was scanned, in its printed form: (01)…(17)…(10)…(21)…
    udi = models.CharField(_("code UDI"), max_length=120, blank=True)
    recalled_at = models.DateTimeField(null=True, editable=False)
    recall_reason = models.CharField(max_length=rules.LONGEST_REASON, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["expires_on", "number", "serial"]
        constraints = [
            models.UniqueConstraint(fields=["article", "number", "serial"], name="lot_is_unique"),
            models.CheckConstraint(
                condition=Q(recalled_at=None, recall_reason="")
                | (Q(recalled_at__isnull=False) & ~Q(recall_reason="")),
                name="recalled_lot_says_why",
            ),
        ]

    def __str__(self) -> str:
        return " · ".join(part for part in (self.number, self.serial) if part)


class ExpiryCorrection(models.Model):
    """That the expiry of a lot was filled in or put right: what it said before stays readable.

    Privacy: name of who did it; legal basis: legal obligation (traceability of medical devices);
    kept with the lot; never deleted.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="corrections")
    before = models.DateField(null=True)
    after = models.DateField()
    reason = models.CharField(max_length=rules.LONGEST_REASON)
    at = models.DateTimeField()
    author = models.ForeignKey("base.Person", on_delete=models.PROTECT, related_name="+")
    signed_as = models.CharField(max_length=120)

    class Meta:
        ordering = ["-at"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="corrected_expiry_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.after:%Y-%m-%d}"


class StockMovement(models.Model):
    """A line of the ledger: the quantity of a lot is the sum of its lines.

    Lines are added, never changed nor removed (database triggers); a patient's may follow her
    into another record, and a mistake is taken back by the opposite line.

    Privacy: health data when it names a patient; legal basis: legal obligation (traceability of
    medical devices); kept with the record; never deleted.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="movements")
    kind = models.CharField(max_length=10, choices=list(rules.KINDS.items()))
    # What it adds; negative when something leaves.
    quantity = models.IntegerField()
    patient = models.ForeignKey(
        "care.Patient", on_delete=models.PROTECT, null=True, related_name="stock_movements"
    )
    author = models.ForeignKey("base.Person", on_delete=models.PROTECT, related_name="+")
    signed_as = models.CharField(max_length=120)
    at = models.DateTimeField()
    reason = models.CharField(max_length=rules.LONGEST_REASON, blank=True)
    # What it was done for, for example "visit:<uuid>" or "inventory:<uuid>".
    source = models.CharField(max_length=80, blank=True)
    reverses = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="reversed_by"
    )

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(quantity=0), name="movement_moves_something"),
            models.CheckConstraint(
                condition=Q(kind__in=list(rules.KINDS)), name="movement_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(reverses__isnull=False)
                | Q(kind="correction")
                | Q(kind="in", quantity__gt=0)
                | Q(kind__in=["use", "loss", "return"], quantity__lt=0),
                name="movement_goes_the_way_of_its_kind",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["correction", "loss"]) | ~Q(reason=""),
                name="correction_says_why",
            ),
        ]
        indexes = [models.Index(fields=["lot", "at"], name="movement_by_lot")]

    def __str__(self) -> str:
        return f"{self.kind} {self.quantity:+d}"


class LotRecallNote(models.Model):
    """That somebody was told, or not reached, about a lot that was recalled.

    Privacy: health data; legal basis: legal obligation (materiovigilance); kept with the record;
    never deleted.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="notes")
    patient = models.ForeignKey("care.Patient", on_delete=models.PROTECT, related_name="+")
    way = models.CharField(max_length=8, choices=list(rules.WAYS.items()))
    words = models.CharField(max_length=rules.LONGEST_REASON, blank=True)
    at = models.DateTimeField()
    author = models.ForeignKey("base.Person", on_delete=models.PROTECT, related_name="+")
    signed_as = models.CharField(max_length=120)

    class Meta:
        ordering = ["at"]

    def __str__(self) -> str:
        return str(self.id)


class Inventory(models.Model):
    """A count of the shelves; its differences are corrections whose source names it.

    Privacy: no personal data but the name of who counted; kept as long as the ledger.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey("base.Practice", on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey("base.Person", on_delete=models.PROTECT, related_name="+")
    signed_as = models.CharField(max_length=120)
    at = models.DateTimeField()
    counted = models.PositiveIntegerField()
    different = models.PositiveIntegerField()

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d}"
