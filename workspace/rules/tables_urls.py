"""Addresses of decision tables."""

from django.urls import path

from workspace.rules import (
    tables_files,
    tables_replays,
    tables_runs,
    tables_trying,
    tables_versions,
    tables_views,
)

TABLE = "rules/tables/<int:table_id>/"
VERSION = TABLE + "<int:number>/"
urlpatterns = [
    path("rules/tables/", tables_views.tables, name="rules_tables"),
    path("rules/tables/start", tables_views.start, name="rules_table_start"),
    path("rules/runs/<int:run_id>/", tables_runs.run, name="rules_run"),
    path(TABLE, tables_views.newest, name="rules_table_newest"),
    path(TABLE + "versions/", tables_versions.versions, name="rules_table_versions"),
    path(VERSION, tables_views.version, name="rules_table"),
    path(VERSION + "check", tables_views.check, name="rules_table_check"),
    path(VERSION + "test/", tables_trying.test, name="rules_table_test"),
    path(VERSION + "replay/", tables_replays.replays, name="rules_table_replay"),
    path(VERSION + "compare/<int:other>/", tables_versions.compare, name="rules_table_compare"),
    path(VERSION + "publish", tables_versions.publish, name="rules_table_publish"),
    path(VERSION + "unschedule", tables_versions.unschedule, name="rules_table_unschedule"),
    path(VERSION + "copy", tables_versions.copy, name="rules_table_copy"),
    path(VERSION + "copy-to-deciding", tables_versions.to_deciding, name="rules_table_to_deciding"),
    path(VERSION + "discard", tables_versions.discard, name="rules_table_discard"),
    path(VERSION + "import", tables_files.bring_in, name="rules_table_import"),
    path(VERSION + "rows.csv", tables_files.take_out, {"kind": "csv"}, name="rules_table_csv"),
    path(VERSION + "rows.xlsx", tables_files.take_out, {"kind": "xlsx"}, name="rules_table_xlsx"),
    path(VERSION + "rows.json", tables_files.take_out, {"kind": "json"}, name="rules_table_json"),
]
