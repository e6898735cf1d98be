"""The traceability of products: stock, sterilisation, implants and the work of laboratories.

Lines of the ledger of the stock are added, never changed nor removed; a patient's may follow her
into another record.
"""

from typing import Any

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from quenotte.base.tables import CreateModels

_KEPT = (
    "id",
    "lot_id",
    "kind",
    "quantity",
    "author_id",
    "signed_as",
    "at",
    "reason",
    "source",
    "reverses_id",
)
_COLUMNS = ", ".join(_KEPT)
_SQLITE = (
    f"""
    CREATE TRIGGER care_stockmovement_never_changes BEFORE UPDATE OF {_COLUMNS} ON care_stockmovement
    BEGIN SELECT RAISE(ABORT, 'a movement is never changed'); END
    """,
    """
    CREATE TRIGGER care_stockmovement_never_goes BEFORE DELETE ON care_stockmovement
    BEGIN SELECT RAISE(ABORT, 'a movement is never removed'); END
    """,
    # INSERT OR REPLACE removes the row in its way without firing the trigger above.
    """
    CREATE TRIGGER care_stockmovement_is_never_replaced BEFORE INSERT ON care_stockmovement
    WHEN EXISTS (
        SELECT 1 FROM care_stockmovement WHERE id = NEW.id OR reverses_id = NEW.reverses_id)
    BEGIN SELECT RAISE(ABORT, 'a movement is never changed'); END
    """,
)
_POSTGRES = (
    """
    CREATE FUNCTION care_stockmovement_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'a movement is never changed nor removed'
        USING ERRCODE = 'integrity_constraint_violation'; END $$
    """,
    f"""
    CREATE TRIGGER care_stockmovement_never_changes
    BEFORE DELETE OR UPDATE OF {_COLUMNS} ON care_stockmovement
    FOR EACH ROW EXECUTE FUNCTION care_stockmovement_is_kept()
    """,
    """
    CREATE TRIGGER care_stockmovement_never_goes BEFORE TRUNCATE ON care_stockmovement
    FOR EACH STATEMENT EXECUTE FUNCTION care_stockmovement_is_kept()
    """,
)
_SQLITE_BACK = (
    "DROP TRIGGER IF EXISTS care_stockmovement_never_changes",
    "DROP TRIGGER IF EXISTS care_stockmovement_never_goes",
    "DROP TRIGGER IF EXISTS care_stockmovement_is_never_replaced",
)
_POSTGRES_BACK = (
    "DROP TRIGGER IF EXISTS care_stockmovement_never_changes ON care_stockmovement",
    "DROP TRIGGER IF EXISTS care_stockmovement_never_goes ON care_stockmovement",
    "DROP FUNCTION IF EXISTS care_stockmovement_is_kept()",
)


def protect(apps: Any, schema_editor: Any) -> None:
    """Put the triggers of this engine."""
    postgres = schema_editor.connection.vendor == "postgresql"
    for statement in _POSTGRES if postgres else _SQLITE:
        schema_editor.execute(statement)


def release(apps: Any, schema_editor: Any) -> None:
    """Take the triggers of this engine away."""
    postgres = schema_editor.connection.vendor == "postgresql"
    for statement in _POSTGRES_BACK if postgres else _SQLITE_BACK:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [
        ("base", "0003_keyboard"),
        ("care", "0008_documents"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="Article",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("name", models.CharField(max_length=120, verbose_name="désignation")),
                        (
                            "maker",
                            models.CharField(blank=True, max_length=80, verbose_name="fabricant"),
                        ),
                        (
                            "supplier",
                            models.CharField(blank=True, max_length=80, verbose_name="fournisseur"),
                        ),
                        (
                            "reference",
                            models.CharField(blank=True, max_length=60, verbose_name="référence"),
                        ),
                        (
                            "gtin",
                            models.CharField(blank=True, max_length=14, verbose_name="code GTIN"),
                        ),
                        (
                            "category",
                            models.CharField(
                                choices=[
                                    ("implant", "Implant"),
                                    ("device", "Pièce prothétique"),
                                    ("anaesthetic", "Anesthésique"),
                                    ("material", "Matériau"),
                                    ("medicine", "Médicament"),
                                    ("single_use", "Usage unique"),
                                ],
                                max_length=12,
                                verbose_name="catégorie",
                            ),
                        ),
                        (
                            "unit",
                            models.CharField(default="unité", max_length=30, verbose_name="unité"),
                        ),
                        (
                            "reorder_point",
                            models.PositiveIntegerField(
                                default=0, verbose_name="seuil de commande"
                            ),
                        ),
                        (
                            "order_quantity",
                            models.PositiveIntegerField(
                                default=0, verbose_name="quantité à commander"
                            ),
                        ),
                        (
                            "is_active",
                            models.BooleanField(default=True, verbose_name="article suivi"),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        (
                            "practice",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="articles",
                                to="base.practice",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["name", "id"],
                        'constraints': [
                            models.UniqueConstraint(
                                condition=models.Q(("gtin", ""), _negated=True),
                                fields=("practice", "gtin"),
                                name="gtin_is_of_one_article",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("name", ""), _negated=True),
                                name="article_has_a_name",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "category__in",
                                        [
                                            "implant",
                                            "device",
                                            "anaesthetic",
                                            "material",
                                            "medicine",
                                            "single_use",
                                        ],
                                    )
                                ),
                                name="article_category_is_known",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Inventory",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("signed_as", models.CharField(max_length=120)),
                        ("at", models.DateTimeField()),
                        ("counted", models.PositiveIntegerField()),
                        ("different", models.PositiveIntegerField()),
                        (
                            "author",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "practice",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="base.practice",
                            ),
                        ),
                    ],
                    options={"ordering": ["-at"]},
                ),
                migrations.CreateModel(
                    name="Lot",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "number",
                            models.CharField(
                                blank=True, max_length=40, verbose_name="numéro de lot"
                            ),
                        ),
                        (
                            "serial",
                            models.CharField(
                                blank=True, max_length=40, verbose_name="numéro de série"
                            ),
                        ),
                        (
                            "expires_on",
                            models.DateField(blank=True, null=True, verbose_name="péremption"),
                        ),
                        (
                            "udi",
                            models.CharField(blank=True, max_length=120, verbose_name="code UDI"),
                        ),
                        ("recalled_at", models.DateTimeField(editable=False, null=True)),
                        ("recall_reason", models.CharField(blank=True, max_length=200)),
                        ("created_at", models.DateTimeField()),
                        (
                            "article",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="lots",
                                to="care.article",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["expires_on", "number", "serial"],
                        'constraints': [
                            models.UniqueConstraint(
                                fields=("article", "number", "serial"), name="lot_is_unique"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("recall_reason", ""), ("recalled_at", None)),
                                    models.Q(
                                        ("recalled_at__isnull", False),
                                        models.Q(("recall_reason", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="recalled_lot_says_why",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="StockMovement",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("in", "Entrée"),
                                    ("use", "Utilisation"),
                                    ("loss", "Perte ou casse"),
                                    ("correction", "Correction"),
                                    ("return", "Retour au fournisseur"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("quantity", models.IntegerField()),
                        ("signed_as", models.CharField(max_length=120)),
                        ("at", models.DateTimeField()),
                        ("reason", models.CharField(blank=True, max_length=200)),
                        ("source", models.CharField(blank=True, max_length=80)),
                        (
                            "author",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "lot",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="movements",
                                to="care.lot",
                            ),
                        ),
                        (
                            "patient",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="stock_movements",
                                to="care.patient",
                            ),
                        ),
                        (
                            "reverses",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="reversed_by",
                                to="care.stockmovement",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-at", "-id"],
                        'constraints': [
                            models.CheckConstraint(
                                condition=models.Q(("quantity", 0), _negated=True),
                                name="movement_moves_something",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("kind__in", ["in", "use", "loss", "correction", "return"])
                                ),
                                name="movement_kind_is_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("reverses__isnull", False),
                                    ("kind", "correction"),
                                    models.Q(("kind", "in"), ("quantity__gt", 0)),
                                    models.Q(
                                        ("kind__in", ["use", "loss", "return"]), ("quantity__lt", 0)
                                    ),
                                    _connector="OR",
                                ),
                                name="movement_goes_the_way_of_its_kind",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("kind__in", ["correction", "loss"]), _negated=True),
                                    models.Q(("reason", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="correction_says_why",
                            ),
                        ],
                        'indexes': [models.Index(fields=["lot", "at"], name="movement_by_lot")],
                    },
                ),
            ]
        ),
        migrations.RunPython(protect, release),
    ]
