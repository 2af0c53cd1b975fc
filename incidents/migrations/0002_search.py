from django.db import migrations

from core.text_search import search_indexes


class Migration(migrations.Migration):
    """Index words and parts of words, for the search."""

    dependencies = [("incidents", "0001_initial")]
    operations = [
        search_indexes("incidents_incident", titles=("short_description",), texts=("short_description", "description")),
        search_indexes("incidents_incidenttask", titles=("short_description",), texts=("short_description", "description")),
    ]
