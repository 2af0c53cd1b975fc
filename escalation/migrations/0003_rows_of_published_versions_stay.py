"""Drop the fixed columns; PostgreSQL itself keeps rows of published versions as they are."""

from typing import Any

from django.db import migrations, models

GUARD = """
CREATE OR REPLACE FUNCTION psew_rows_of_published_versions_stay() RETURNS trigger AS $$
DECLARE named bigint;
BEGIN
  IF TG_OP = 'DELETE' THEN named := OLD.version_id; ELSE named := NEW.version_id; END IF;
  IF EXISTS (SELECT 1 FROM escalation_tableversion WHERE id = named AND state <> 'draft') THEN
    RAISE EXCEPTION 'rows of a published version stay as they are'
      USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; ELSE RETURN NEW; END IF;
END $$ LANGUAGE plpgsql;
DROP TRIGGER IF EXISTS rows_of_published_versions_stay ON escalation_decisionrow;
CREATE TRIGGER rows_of_published_versions_stay
  BEFORE INSERT OR UPDATE OR DELETE ON escalation_decisionrow
  FOR EACH ROW EXECUTE FUNCTION psew_rows_of_published_versions_stay();
"""
UNGUARD = """
DROP TRIGGER IF EXISTS rows_of_published_versions_stay ON escalation_decisionrow;
DROP FUNCTION IF EXISTS psew_rows_of_published_versions_stay();
"""


def guard(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(GUARD)


def unguard(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(UNGUARD)


class Migration(migrations.Migration):
    dependencies = [("escalation", "0002_general_decision_rows")]

    operations = [
        migrations.AlterField(
            model_name="decisionrow",
            name="category",
            field=models.CharField(default="*", max_length=40),
        ),
        migrations.AlterField(
            model_name="decisionrow",
            name="subcategory",
            field=models.CharField(default="*", max_length=40),
        ),
        migrations.AlterField(
            model_name="decisionrow",
            name="stage",
            field=models.CharField(blank=True, default="*", max_length=16),
        ),
        migrations.AlterField(
            model_name="decisionrow",
            name="priority",
            field=models.CharField(blank=True, default="", max_length=20),
        ),
        migrations.RemoveField(model_name="decisionrow", name="category"),
        migrations.RemoveField(model_name="decisionrow", name="subcategory"),
        migrations.RemoveField(model_name="decisionrow", name="stage"),
        migrations.RemoveField(model_name="decisionrow", name="priority"),
        migrations.RunPython(guard, unguard),
    ]
