from django.db import migrations, models

_ROLES = ['praticien', 'assistante', 'secretaire', 'gestionnaire', 'comptable', 'technicien']
_LABELS = [
    'Praticien',
    'Assistant dentaire',
    'Secrétaire',
    'Gestionnaire',
    'Comptable',
    'Technicien',
]


class Migration(migrations.Migration):
    dependencies = [
        ('base', '0004_tablets'),
    ]

    operations = [
        migrations.AlterField(
            model_name='person',
            name='role',
            field=models.CharField(
                choices=list(zip(_ROLES, _LABELS, strict=True)), max_length=20, verbose_name='rôle'
            ),
        ),
        migrations.RemoveConstraint(model_name='person', name='person_role_is_known'),
        migrations.AddConstraint(
            model_name='person',
            constraint=models.CheckConstraint(
                condition=models.Q(('role__in', _ROLES)), name='person_role_is_known'
            ),
        ),
    ]
