"""Nobody asks what is due without naming a set, so the index that served this goes: every answer wrote it anew."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("study", "0004_sheet")]

    operations = [migrations.RemoveIndex(model_name="memory", name="memory_due")]
