"""A sheet says of each mode how its last answer went: those that do not are counted anew when they are next looked at."""

from typing import Any

from django.db import migrations


def drop(apps: Any, _editor: Any) -> None:
    apps.get_model("study", "Sheet").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("study", "0005_no_memory_due")]
    operations = [migrations.RunPython(drop, migrations.RunPython.noop)]
