"""Rows with any conditions: the four fixed columns become entries of one."""

import uuid
from typing import Any

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

ANY = "*"


def conditions_of(row: Any) -> dict[str, list[Any]]:
    """Return what the fixed columns said as conditions."""
    found: dict[str, list[Any]] = {}
    for key in ("category", "subcategory", "stage"):
        value = getattr(row, key)
        if value != ANY:
            found[key] = ["is", value] if value else ["is_empty"]
    wanted = sorted({int(part) for part in row.priority.split(",") if part.strip()})
    if wanted:
        found["priority"] = ["is" if len(wanted) == 1 else "one_of", *wanted]
    return found


def to_conditions(apps: Any, schema_editor: Any) -> None:
    rows = list(apps.get_model("escalation", "DecisionRow").objects.all())
    for row in rows:
        row.conditions, row.uid = conditions_of(row), uuid.uuid4()
    apps.get_model("escalation", "DecisionRow").objects.bulk_update(rows, ["conditions", "uid"])


def to_columns(apps: Any, schema_editor: Any) -> None:
    for row in apps.get_model("escalation", "DecisionRow").objects.all():
        for key in ("category", "subcategory", "stage"):
            operator, *values = row.conditions.get(key, ["any", ANY])
            setattr(row, key, values[0] if values else "")
        row.priority = ",".join(str(each) for each in row.conditions.get("priority", [""])[1:])
        row.save()


def _person() -> models.ForeignKey:
    return models.ForeignKey(
        blank=True,
        null=True,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to=settings.AUTH_USER_MODEL,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("escalation", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="tableversion",
            options={
                "permissions": [
                    ("publish_decisiontable", "Can publish decision tables"),
                    ("replay_decisiontable", "Can replay decision tables over past incidents"),
                ]
            },
        ),
        migrations.AddField(
            model_name="decisiontable",
            name="kind",
            field=models.SlugField(
                default="incident_escalation_policy",
                help_text="What the table decides; known to the code.",
                max_length=80,
            ),
        ),
        migrations.AddField(
            model_name="tableversion",
            name="revision",
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name="tableversion", name="created_by", field=_person()
        ),
        migrations.AddField(
            model_name="tableversion",
            name="created_at",
            field=models.DateTimeField(default=django.utils.timezone.now),
        ),
        migrations.AddField(
            model_name="tableversion",
            name="publish_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="tableversion", name="scheduled_by", field=_person()
        ),
        migrations.AddField(
            model_name="decisionrow",
            name="uid",
            field=models.UUIDField(default=uuid.uuid4, editable=False),
        ),
        migrations.AddField(
            model_name="decisionrow",
            name="conditions",
            field=models.JSONField(
                blank=True,
                default=dict,
                help_text='By input: an operator and its values, such as {"stage": ["is", "l1"]}.',
            ),
        ),
        migrations.AddField(
            model_name="decisionrow",
            name="outputs",
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name="decisionrow",
            name="note",
            field=models.CharField(blank=True, help_text="Why the row is there.", max_length=200),
        ),
        migrations.AlterField(
            model_name="decisionrow",
            name="group",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="core.assignmentgroup",
                verbose_name="assignment group",
            ),
        ),
        migrations.AlterField(
            model_name="decisionrow",
            name="subflow",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="escalation.subflow",
            ),
        ),
        migrations.RunPython(to_conditions, to_columns, elidable=True),
    ]
