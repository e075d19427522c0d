from django.db import migrations, models

SEARCH = """
ALTER TABLE feedback_service ADD COLUMN search tsvector GENERATED ALWAYS AS (
    setweight(to_tsvector('indonesian', name_id || ' ' || keywords), 'A') ||
    setweight(to_tsvector('english', name_en), 'A') ||
    setweight(to_tsvector('indonesian', "group" || ' ' || description || ' ' || product), 'B') ||
    setweight(to_tsvector('indonesian', requirements || ' ' || procedure), 'C')
) STORED;
"""
NO_SEARCH = "ALTER TABLE feedback_service DROP COLUMN search;"


class Migration(migrations.Migration):
    """Answered cases by their answer, for the feeds; services are found word by word."""

    dependencies = [("feedback", "0015_hidden_merged")]
    operations = [
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                fields=["-answered_at", "-id"],
                condition=models.Q(published_at__isnull=False, answered_at__isnull=False),
                name="case_answered",
            ),
        ),
        migrations.RunSQL(SEARCH, NO_SEARCH),
    ]
