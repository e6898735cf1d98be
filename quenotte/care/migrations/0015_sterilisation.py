"""Autoclaves, cycles and pouches; placed devices; the work of laboratories."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from quenotte.base.tables import CreateModels


class Migration(migrations.Migration):
    dependencies = [
        ("base", "0004_tablets"),
        ("care", "0014_consents"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="LaboratorySettings",
                    fields=[
                        (
                            "practice",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                primary_key=True,
                                related_name="+",
                                serialize=False,
                                to="base.practice",
                            ),
                        ),
                        (
                            "hides_names",
                            models.BooleanField(
                                default=True, verbose_name="bons sans le nom du patient"
                            ),
                        ),
                        (
                            "days_before",
                            models.PositiveSmallIntegerField(
                                default=2, verbose_name="alerte avant la pose (jours)"
                            ),
                        ),
                        ("last_order", models.PositiveIntegerField(default=0, editable=False)),
                    ],
                ),
                migrations.CreateModel(
                    name="Autoclave",
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
                        ("name", models.CharField(max_length=60, verbose_name="nom")),
                        (
                            "serial",
                            models.CharField(
                                blank=True, max_length=60, verbose_name="numéro de série"
                            ),
                        ),
                        (
                            "letter",
                            models.CharField(
                                choices=[("B", "B"), ("S", "S"), ("N", "N")],
                                default="B",
                                max_length=1,
                                verbose_name="classe",
                            ),
                        ),
                        ("programmes", models.TextField(verbose_name="programmes")),
                        ("is_active", models.BooleanField(default=True, verbose_name="en service")),
                        (
                            "practice",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="autoclaves",
                                to="base.practice",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["name"],
                        'constraints': [
                            models.UniqueConstraint(
                                fields=("practice", "name"), name="autoclave_name_is_unique"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Laboratory",
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
                        ("name", models.CharField(max_length=80, verbose_name="nom")),
                        (
                            "address",
                            models.CharField(blank=True, max_length=200, verbose_name="adresse"),
                        ),
                        (
                            "phone",
                            models.CharField(blank=True, max_length=20, verbose_name="téléphone"),
                        ),
                        (
                            "email",
                            models.EmailField(blank=True, max_length=254, verbose_name="courriel"),
                        ),
                        (
                            "is_active",
                            models.BooleanField(
                                default=True, verbose_name="travaille avec le cabinet"
                            ),
                        ),
                        (
                            "practice",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="laboratories",
                                to="base.practice",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["name"],
                        'constraints': [
                            models.UniqueConstraint(
                                fields=("practice", "name"), name="laboratory_name_is_unique"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="LabOrder",
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
                        ("number", models.PositiveIntegerField(verbose_name="numéro")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("crown", "Couronne"),
                                    ("implant_crown", "Couronne sur implant"),
                                    ("bridge", "Bridge"),
                                    ("post", "Inlay-core"),
                                    ("inlay", "Inlay, onlay"),
                                    ("veneer", "Facette"),
                                    ("pap", "Prothèse adjointe partielle"),
                                    ("pac", "Prothèse adjointe complète"),
                                    ("splint", "Gouttière"),
                                    ("orthodontic", "Appareil d’orthodontie"),
                                    ("repair", "Réparation"),
                                    ("other", "Autre travail"),
                                ],
                                max_length=14,
                                verbose_name="travail",
                            ),
                        ),
                        (
                            "teeth",
                            models.CharField(blank=True, max_length=100, verbose_name="dents"),
                        ),
                        (
                            "material",
                            models.CharField(blank=True, max_length=60, verbose_name="matériau"),
                        ),
                        (
                            "shade",
                            models.CharField(blank=True, max_length=20, verbose_name="teinte"),
                        ),
                        (
                            "instructions",
                            models.CharField(blank=True, max_length=1000, verbose_name="consignes"),
                        ),
                        ("price_cents", models.PositiveIntegerField(blank=True, null=True)),
                        (
                            "due_on",
                            models.DateField(blank=True, null=True, verbose_name="retour demandé"),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("to_send", "À envoyer"),
                                    ("sent", "Au laboratoire"),
                                    ("received", "Reçu"),
                                    ("tried", "Essayé"),
                                    ("fitted", "Posé"),
                                    ("redo", "À refaire"),
                                    ("cancelled", "Annulé"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("sent_on", models.DateField(null=True)),
                        ("created_at", models.DateTimeField()),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        (
                            "appointment",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="care.appointment",
                            ),
                        ),
                        (
                            "conformity",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="care.document",
                            ),
                        ),
                        (
                            "laboratory",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="orders",
                                to="care.laboratory",
                            ),
                        ),
                        (
                            "patient",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="lab_orders",
                                to="care.patient",
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
                        (
                            "practitioner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-created_at"],
                        'constraints': [
                            models.UniqueConstraint(
                                fields=("practice", "number"), name="order_number_is_of_one_order"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "status__in",
                                        [
                                            "to_send",
                                            "sent",
                                            "received",
                                            "tried",
                                            "fitted",
                                            "redo",
                                            "cancelled",
                                        ],
                                    )
                                ),
                                name="order_status_is_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "kind__in",
                                        [
                                            "crown",
                                            "implant_crown",
                                            "bridge",
                                            "post",
                                            "inlay",
                                            "veneer",
                                            "pap",
                                            "pac",
                                            "splint",
                                            "orthodontic",
                                            "repair",
                                            "other",
                                        ],
                                    )
                                ),
                                name="order_kind_is_known",
                            ),
                        ],
                        'indexes': [
                            models.Index(
                                fields=["patient", "-created_at"], name="order_by_patient"
                            ),
                            models.Index(
                                condition=models.Q(
                                    ("status__in", ["cancelled", "fitted"]), _negated=True
                                ),
                                fields=["practice", "status"],
                                name="order_not_over",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="LabStep",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("to_send", "À envoyer"),
                                    ("sent", "Au laboratoire"),
                                    ("received", "Reçu"),
                                    ("tried", "Essayé"),
                                    ("fitted", "Posé"),
                                    ("redo", "À refaire"),
                                    ("cancelled", "Annulé"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("at", models.DateTimeField()),
                        ("signed_as", models.CharField(max_length=120)),
                        ("words", models.CharField(blank=True, max_length=500)),
                        (
                            "author",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "order",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="steps",
                                to="care.laborder",
                            ),
                        ),
                    ],
                    options={"ordering": ["at", "id"]},
                ),
                migrations.CreateModel(
                    name="PlacedDevice",
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
                                    ("implant", "Implant"),
                                    ("abutment", "Pilier"),
                                    ("healing", "Vis de cicatrisation"),
                                    ("crown", "Couronne ou bridge"),
                                    ("denture", "Prothèse amovible"),
                                    ("graft", "Substitut osseux"),
                                    ("membrane", "Membrane"),
                                    ("other", "Autre dispositif"),
                                ],
                                max_length=10,
                                verbose_name="type",
                            ),
                        ),
                        ("name", models.CharField(max_length=120, verbose_name="désignation")),
                        (
                            "maker",
                            models.CharField(blank=True, max_length=80, verbose_name="fabricant"),
                        ),
                        (
                            "reference",
                            models.CharField(blank=True, max_length=60, verbose_name="référence"),
                        ),
                        ("gtin", models.CharField(blank=True, max_length=14)),
                        (
                            "lot_number",
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
                        (
                            "tooth",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="dent"
                            ),
                        ),
                        (
                            "dimension",
                            models.CharField(blank=True, max_length=40, verbose_name="dimensions"),
                        ),
                        (
                            "torque_ncm",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="couple (Ncm)"
                            ),
                        ),
                        ("placed_on", models.DateField(verbose_name="posé le")),
                        ("placed_by", models.CharField(max_length=120)),
                        ("note", models.CharField(blank=True, max_length=500, verbose_name="note")),
                        ("created_at", models.DateTimeField()),
                        ("removed_on", models.DateField(blank=True, null=True)),
                        ("voided_at", models.DateTimeField(null=True)),
                        ("reason", models.CharField(blank=True, max_length=500)),
                        (
                            "movement",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="care.stockmovement",
                            ),
                        ),
                        (
                            "patient",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="placed_devices",
                                to="care.patient",
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
                        (
                            "practitioner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-placed_on", "-created_at"],
                        'constraints': [
                            models.UniqueConstraint(
                                condition=models.Q(
                                    models.Q(("serial", ""), _negated=True),
                                    ("removed_on", None),
                                    ("voided_at", None),
                                ),
                                fields=("practice", "gtin", "serial"),
                                name="one_piece_is_in_one_mouth",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("removed_on", None), ("voided_at", None)),
                                    models.Q(("reason", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="removed_device_says_why",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Pouch",
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
                        ("code", models.CharField(max_length=12)),
                        ("content", models.CharField(max_length=60, verbose_name="contenu")),
                        ("made_on", models.DateField()),
                        ("expires_on", models.DateField()),
                        ("signed_as", models.CharField(max_length=120)),
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
                        (
                            'cycle',
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="pouches",
                                to="care.sterilisationcycle",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["code"],
                        'constraints': [
                            models.UniqueConstraint(
                                fields=("practice", "code"), name="pouch_code_is_unique"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("content", ""), _negated=True),
                                name="pouch_says_what_is_in_it",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PouchUse",
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
                        ("at", models.DateTimeField()),
                        ("signed_as", models.CharField(max_length=120)),
                        ("source", models.CharField(blank=True, max_length=80)),
                        ("undone_at", models.DateTimeField(null=True)),
                        ("undone_as", models.CharField(blank=True, max_length=120)),
                        (
                            "author",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "patient",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="pouch_uses",
                                to="care.patient",
                            ),
                        ),
                        (
                            "pouch",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="uses",
                                to="care.pouch",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-at"],
                        'constraints': [
                            models.UniqueConstraint(
                                condition=models.Q(("undone_at", None)),
                                fields=("pouch",),
                                name="pouch_goes_to_one_patient",
                            )
                        ],
                        'indexes': [
                            models.Index(fields=["patient", "-at"], name="pouch_use_by_patient")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SterilisationCycle",
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
                        ("number", models.PositiveIntegerField(verbose_name="numéro de cycle")),
                        ("programme", models.CharField(max_length=40, verbose_name="programme")),
                        (
                            "celsius",
                            models.PositiveSmallIntegerField(verbose_name="température (°C)"),
                        ),
                        (
                            "minutes",
                            models.PositiveSmallIntegerField(verbose_name="plateau (minutes)"),
                        ),
                        (
                            "load",
                            models.CharField(blank=True, max_length=300, verbose_name="charge"),
                        ),
                        ("started_at", models.DateTimeField()),
                        ("signed_as", models.CharField(max_length=120)),
                        ("lack", models.CharField(blank=True, max_length=12)),
                        ("ended_at", models.DateTimeField(null=True)),
                        ("indicator_passed", models.BooleanField(null=True)),
                        ("ticket_text", models.CharField(blank=True, max_length=300)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("running", "En cours"),
                                    ("ended", "À libérer"),
                                    ("released", "Conforme"),
                                    ("failed", "Non conforme"),
                                ],
                                default="running",
                                max_length=8,
                            ),
                        ),
                        ("released_at", models.DateTimeField(null=True)),
                        ("decided_at", models.DateTimeField(null=True)),
                        ("decided_as", models.CharField(blank=True, max_length=120)),
                        ("reason", models.CharField(blank=True, max_length=300)),
                        (
                            "autoclave",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="cycles",
                                to="care.autoclave",
                            ),
                        ),
                        (
                            "operator",
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
                        (
                            "ticket",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="base.blob",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-started_at"],
                        'constraints': [
                            models.UniqueConstraint(
                                fields=("autoclave", "number"), name="cycle_number_is_of_one_cycle"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("state__in", ["running", "ended", "released", "failed"])
                                ),
                                name="cycle_state_is_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("ended_at", None), ("state", "running")),
                                    models.Q(
                                        models.Q(("state", "running"), _negated=True),
                                        ("ended_at__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="cycle_that_ended_says_when",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "failed"), _negated=True),
                                    models.Q(("reason", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="failed_cycle_says_why",
                            ),
                        ],
                        'indexes': [
                            models.Index(fields=["practice", "-started_at"], name="cycle_by_start")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CycleRecallNote",
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
                            "way",
                            models.CharField(
                                choices=[
                                    ("phone", "Par téléphone"),
                                    ("letter", "Par courrier"),
                                    ("visit", "De vive voix"),
                                    ("tried", "Pas joint"),
                                ],
                                max_length=8,
                            ),
                        ),
                        ("words", models.CharField(blank=True, max_length=300)),
                        ("at", models.DateTimeField()),
                        ("signed_as", models.CharField(max_length=120)),
                        (
                            "author",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "patient",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="care.patient",
                            ),
                        ),
                        (
                            "cycle",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="notes",
                                to="care.sterilisationcycle",
                            ),
                        ),
                    ],
                    options={"ordering": ["at"]},
                ),
                migrations.CreateModel(
                    name="SterilisationSettings",
                    fields=[
                        (
                            "practice",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                primary_key=True,
                                related_name="+",
                                serialize=False,
                                to="base.practice",
                            ),
                        ),
                        (
                            "shelf_days",
                            models.PositiveSmallIntegerField(
                                default=60, verbose_name="durée de validité d’un sachet (jours)"
                            ),
                        ),
                        ("kits", models.TextField(blank=True, verbose_name="contenus habituels")),
                        ("last_pouch", models.PositiveIntegerField(default=0, editable=False)),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("shelf_days__range", (1, 366))),
                                name="shelf_life_is_within_a_year",
                            )
                        ]
                    },
                ),
                migrations.CreateModel(
                    name="SteriliserTest",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("day", models.DateField()),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("bowie_dick", "Bowie-Dick"),
                                    ("helix", "Helix"),
                                    ("vacuum", "Test de vide"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("passed", models.BooleanField()),
                        ("at", models.DateTimeField()),
                        ("signed_as", models.CharField(max_length=120)),
                        (
                            "author",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "autoclave",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="tests",
                                to="care.autoclave",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["at", "id"],
                        'indexes': [models.Index(fields=["autoclave", "day"], name="test_by_day")],
                    },
                ),
            ]
        ),
    ]
