
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0004_jobs'),
        ('escalation', '0003_rows_of_published_versions_stay'),
        ('incidents', '0004_effects_and_reasons'),
    ]

    operations = [
        migrations.AddField(
            model_name='run',
            name='act',
            field=models.CharField(blank=True, db_index=True, max_length=40),
        ),
        migrations.AddIndex(
            model_name='run',
            index=models.Index(fields=['-planned_at'], name='run_by_time'),
        ),
    ]
