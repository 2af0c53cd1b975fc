from django.db import migrations, models

NAME = "one_open_ticket_per_client_and_external_id"


class Migration(migrations.Migration):
    dependencies = [("core", "0002_machine_access"), ("tmf621", "0002_the_whole_standard")]

    operations = [
        migrations.RemoveConstraint(model_name="ticketfacts", name=NAME),
        migrations.AddConstraint(
            model_name="ticketfacts",
            constraint=models.UniqueConstraint(
                fields=["client", "domain", "external_id"],
                condition=models.Q(claims_external_id=True),
                name=NAME,
            ),
        ),
    ]
