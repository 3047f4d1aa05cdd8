"""Answers to lists that lacked points are found at once: which points are due by themselves is asked whenever a day is looked at."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("study", "0010_misses_by_day")]

    operations = [
        migrations.AddIndex(
            model_name="review",
            index=models.Index(fields=["learner", "deck_id", "card_id"], condition=models.Q(response__has_key="missed"), name="review_lacking"),
        ),
    ]
