"""Two indexes of the log cost more than they served: that of days goes, and that of sittings holds only what was answered in one.

Half a million answers from another program stood in both, and every answer wrote both.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("study", "0006_sheets_anew")]

    operations = [
        migrations.RemoveIndex(model_name="review", name="review_day"),
        migrations.RemoveIndex(model_name="review", name="review_sitting"),
        migrations.AddIndex(
            model_name="review",
            index=models.Index(condition=models.Q(("sitting_id__isnull", False)), fields=["learner", "sitting_id", "hand", "at_ms"], name="review_of_sitting"),
        ),
    ]
