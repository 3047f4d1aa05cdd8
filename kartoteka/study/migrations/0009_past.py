"""What a card brings from another program is one row, and the log is read through a view that makes rows of it. What stands in the log stays as it is.

Whoever changes a column of ``study_review`` drops the view before and makes it anew: SQLite lets no table go that a view names.
"""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

COLUMNS = (
    "id, learner_id, card_id, deck_id, sitting_id, hand, mode, question, qtype, at_ms, client_ms, received_ms, offset_ms, time_zone, day, took_ms, outcome,"
    " verdict, judged, mistaken_for, response, evidence, takes_back"
)
SQLITE = """
SELECT printf('%012x7%03x%016x', one.value->>0, one.value->>4, (base | one.value->>1) - (base & one.value->>1)), learner_id, card_id, deck_id, NULL, 0,
    'imported', '', 'self', one.value->>0, one.value->>0, one.value->>0, 0, '', one.value->>3, one.value->>2,
    CASE one.value->>1 WHEN 0 THEN NULL WHEN 1 THEN 0.0 ELSE 1.0 END, CASE one.value->>1 WHEN 0 THEN '' WHEN 1 THEN 'wrong' ELSE 'right' END, '{}', NULL,
    CASE WHEN one.value->5 IS NULL THEN '{"rating": ' || (one.value->>1) || '}' ELSE '{"rating": ' || (one.value->>1) || ', "more": ' || (one.value->5) || '}' END,
    CASE one.value->>1 WHEN 0 THEN '{}' ELSE '{"kind": "rating", "outcome": ' || CASE one.value->>1 WHEN 1 THEN '0.0' ELSE '1.0' END
        || ', "mode": "imported", "grade": ' || (one.value->>1) || ', "at_ms": ' || (one.value->>0) || '}' END,
    NULL
FROM study_past, json_each(study_past.numbers) AS one
"""
POSTGRESQL = """
SELECT (lpad(to_hex((one->>0)::bigint), 12, '0') || '7' || lpad(to_hex((one->>4)::integer), 3, '0') || lpad(to_hex(base # (one->>1)::bigint), 16, '0'))::uuid,
    learner_id, card_id, deck_id, NULL::uuid, 0, 'imported', '', 'self', (one->>0)::bigint, (one->>0)::bigint, (one->>0)::bigint, 0::bigint, '',
    (one->>3)::integer, (one->>2)::integer,
    CASE (one->>1)::integer WHEN 0 THEN NULL WHEN 1 THEN 0.0::double precision ELSE 1.0 END,
    CASE (one->>1)::integer WHEN 0 THEN '' WHEN 1 THEN 'wrong' ELSE 'right' END, '{}'::jsonb, NULL::uuid,
    CASE WHEN one->5 IS NULL THEN jsonb_build_object('rating', one->1) ELSE jsonb_build_object('rating', one->1, 'more', one->5) END,
    CASE (one->>1)::integer WHEN 0 THEN '{}'::jsonb ELSE jsonb_build_object('kind', 'rating', 'outcome', CASE (one->>1)::integer WHEN 1 THEN 0.0 ELSE 1.0 END,
        'mode', 'imported', 'grade', one->1, 'at_ms', one->0) END,
    NULL::uuid
FROM study_past, jsonb_array_elements(study_past.numbers) AS one
"""


def make(_apps: Any, editor: Any) -> None:
    pasts = POSTGRESQL if editor.connection.vendor == "postgresql" else SQLITE
    with editor.connection.cursor() as cursor:  # not through the editor, which takes a % for a placeholder
        cursor.execute(f"CREATE VIEW study_log AS SELECT {COLUMNS} FROM study_review UNION ALL {pasts}")


def drop(_apps: Any, editor: Any) -> None:
    with editor.connection.cursor() as cursor:
        cursor.execute("DROP VIEW study_log")


class Migration(migrations.Migration):
    dependencies = [("study", "0008_reviews_of_a_card_by_sitting"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.CreateModel(
            name="Past",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                (
                    "learner",
                    models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                ("card_id", models.UUIDField()),
                ("deck_id", models.UUIDField()),
                ("base", models.BigIntegerField()),
                ("answers", models.PositiveIntegerField()),
                ("first_ms", models.BigIntegerField()),
                ("last_ms", models.BigIntegerField()),
                ("missed_day", models.IntegerField(blank=True, null=True)),
                ("numbers", models.JSONField(default=list)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["learner", "card_id"], name="past_card"),
                    models.Index(fields=["learner", "deck_id", "last_ms"], name="past_deck"),
                    models.Index(fields=["learner", "missed_day", "card_id"], condition=models.Q(missed_day__isnull=False), name="past_missed"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Logged",
            fields=[],
            options={"db_table": "study_log", "managed": False},
        ),
        migrations.RunPython(make, drop),
    ]
