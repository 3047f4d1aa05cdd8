"""Three indexes of notes and cards cost more than they served: nobody looks for a guid in the database, and two began another index.

The two that came with a key to another table are dropped as such: altering the fields would write both tables anew.
"""

import django.db.models.deletion
from django.db import migrations, models


def dropped(name: str, table: str, column: str) -> migrations.RunSQL:
    return migrations.RunSQL(f'DROP INDEX IF EXISTS "{name}"', f'CREATE INDEX "{name}" ON "{table}" ("{column}")')


class Migration(migrations.Migration):
    dependencies = [("library", "0001_initial")]

    operations = [
        migrations.RemoveIndex(model_name="note", name="library_not_deck_id_a01265_idx"),
        migrations.SeparateDatabaseAndState(
            [dropped("library_note_deck_id_e00ac3ee", "library_note", "deck_id"), dropped("library_card_note_id_342a7cbe", "library_card", "note_id")],
            [
                migrations.AlterField("note", "deck", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="notes", to="library.deck")),
                migrations.AlterField("card", "note", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="cards", to="library.note")),
            ],
        ),
    ]
