from django.db import migrations

from core.text_search import search_indexes


class Migration(migrations.Migration):
    """Index words and parts of words, for the search."""

    dependencies = [("accounts", "0002_initial")]
    operations = [
        search_indexes("accounts_account", titles=("name",)),
        search_indexes(
            "accounts_contact", titles=("name", "email", "phone")
        ),
    ]
