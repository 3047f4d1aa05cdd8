"""What a sitting knows of a card is found at once, however often the card was answered before it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("study", "0007_fewer_indexes_of_reviews")]

    operations = [
        migrations.RemoveIndex(model_name="review", name="review_card"),
        migrations.AddIndex(model_name="review", index=models.Index(fields=["learner", "card_id", "sitting_id"], name="review_of_card")),
    ]
