from django.db import migrations

from core.text_search import search_indexes


class Migration(migrations.Migration):
    """Index words and parts of words, for the search."""

    dependencies = [("cmdb", "0002_initial")]
    operations = [
        search_indexes(
            "cmdb_configurationitem", titles=("name", "external_id", "address")
        ),
    ]
