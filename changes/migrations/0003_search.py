from django.db import migrations

from core.text_search import search_indexes


class Migration(migrations.Migration):
    """Index words and parts of words, for the search."""

    dependencies = [("changes", "0002_initial")]
    operations = [
        search_indexes("changes_changerequest", titles=("short_description",), texts=("short_description", "description")),
    ]
