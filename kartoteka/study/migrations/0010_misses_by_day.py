"""What was missed is found by its day: by card within a day every miss of a batch touched a page of its own, and the rows were read all the same."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("study", "0009_past")]

    operations = [
        migrations.RemoveIndex(model_name="review", name="review_missed"),
        migrations.AddIndex(
            model_name="review",
            index=models.Index(condition=models.Q(("outcome__lt", 0.5)), fields=["learner", "day"], name="review_missed"),
        ),
    ]
