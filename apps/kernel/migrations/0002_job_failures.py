from django.db import migrations, models

FREE_QUEUEING_LOCK = """
CREATE FUNCTION kernel_free_queueing_lock() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.queueing_lock := regexp_replace(NEW.queueing_lock, ' #[0-9]+$', '') || ' #' || NEW.id;
    RETURN NEW;
END;
$$;
COMMENT ON FUNCTION kernel_free_queueing_lock() IS
    'A job that waits again after a run must not collide with one that was enqueued meanwhile.';
CREATE TRIGGER kernel_free_queueing_lock BEFORE UPDATE OF status ON procrastinate_jobs
    FOR EACH ROW WHEN (NEW.status = 'todo' AND OLD.status <> 'todo' AND NEW.queueing_lock IS NOT NULL)
    EXECUTE FUNCTION kernel_free_queueing_lock();
"""
INDEX_FAILED = "CREATE INDEX kernel_failed_jobs ON procrastinate_jobs (id) WHERE status = 'failed';"
KEEP_QUEUEING_LOCK = """
DROP TRIGGER kernel_free_queueing_lock ON procrastinate_jobs;
DROP FUNCTION kernel_free_queueing_lock();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("kernel", "0001_initial"),
        ("procrastinate", "0041_post_retry_failed_job"),
    ]

    operations = [
        migrations.CreateModel(
            name="JobFailure",
            fields=[
                ("job_id", models.BigIntegerField(primary_key=True, serialize=False, verbose_name="job")),
                ("task_name", models.CharField(max_length=128, verbose_name="what")),
                ("queueing_lock", models.TextField(db_index=True, null=True)),
                ("kind", models.CharField(max_length=20, verbose_name="reason")),
                ("code", models.CharField(max_length=100)),
                ("error", models.CharField(max_length=200, verbose_name="kind of error")),
                ("place", models.CharField(max_length=200, verbose_name="place in the program")),
                ("runs", models.PositiveIntegerField(verbose_name="tries")),
                ("runs_by_kind", models.JSONField()),
                ("first_failed_at", models.DateTimeField(verbose_name="first failed")),
                ("last_failed_at", models.DateTimeField(verbose_name="last failed")),
                ("given_up_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "job that needs attention",
                "verbose_name_plural": "Needs attention",
            },
        ),
        migrations.RunSQL(FREE_QUEUEING_LOCK, KEEP_QUEUEING_LOCK),
        migrations.RunSQL(INDEX_FAILED, "DROP INDEX kernel_failed_jobs;"),
    ]
