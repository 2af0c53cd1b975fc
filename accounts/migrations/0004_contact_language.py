"""The language a contact is written to in."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_search")]

    operations = [
        migrations.AddField(
            "contact",
            "language",
            models.CharField(
                blank=True,
                help_text="Such as de; messages are sent in it where a text exists. Empty: en.",
                max_length=8,
            ),
        )
    ]
