from typing import Any

from django.db import migrations, models


def mark_failover(apps: Any, schema_editor: Any) -> None:
    """Tell of the shipped type of relation what its name always said."""
    relation_type = apps.get_model("cmdb", "RelationType")
    relation_type.objects.filter(name="Fails over to::Stands in for").update(redundancy="child")


class Migration(migrations.Migration):
    dependencies = [("cmdb", "0003_search")]

    operations = [
        migrations.AddField(
            model_name="relationtype",
            name="redundancy",
            field=models.CharField(
                blank=True,
                choices=[
                    ("", "Neither stands in for the other"),
                    ("child", "The child stands in for the parent"),
                    ("both", "Each stands in for the other"),
                ],
                default="",
                help_text="Who takes over when the other fails; then customers are at risk, not down.",
                max_length=5,
            ),
        ),
        migrations.RunPython(mark_failover, migrations.RunPython.noop),
    ]
