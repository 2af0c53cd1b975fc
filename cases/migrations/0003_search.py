from django.db import migrations

from core.text_search import search_indexes


class Migration(migrations.Migration):
    """Index words and parts of words, for the search."""

    dependencies = [("cases", "0002_initial")]
    operations = [
        search_indexes("cases_case", titles=("short_description",), texts=("short_description", "description")),
    ]
