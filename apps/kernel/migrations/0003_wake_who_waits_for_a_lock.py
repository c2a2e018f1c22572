from django.db import migrations

WAKE = """
CREATE FUNCTION kernel_wake_who_waits_for_a_lock() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    payload text := json_build_object('type', 'job_inserted', 'job_id', OLD.id)::text;
BEGIN
    PERFORM pg_notify('procrastinate_queue_v1#' || OLD.queue_name, payload);
    PERFORM pg_notify('procrastinate_any_queue_v1', payload);
    RETURN NULL;
END;
$$;
COMMENT ON FUNCTION kernel_wake_who_waits_for_a_lock() IS
    'When a job with a lock ends, the next one of the lock may begin: workers look at once, not when they poll.';
CREATE TRIGGER kernel_wake_after_end AFTER UPDATE OF status ON procrastinate_jobs
    FOR EACH ROW WHEN (OLD.lock IS NOT NULL AND OLD.status = 'doing' AND NEW.status <> 'doing')
    EXECUTE FUNCTION kernel_wake_who_waits_for_a_lock();
CREATE TRIGGER kernel_wake_after_deletion AFTER DELETE ON procrastinate_jobs
    FOR EACH ROW WHEN (OLD.lock IS NOT NULL)
    EXECUTE FUNCTION kernel_wake_who_waits_for_a_lock();
"""
LET_SLEEP = """
DROP TRIGGER kernel_wake_after_deletion ON procrastinate_jobs;
DROP TRIGGER kernel_wake_after_end ON procrastinate_jobs;
DROP FUNCTION kernel_wake_who_waits_for_a_lock();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("kernel", "0002_job_failures"),
        ("procrastinate", "0041_post_retry_failed_job"),
    ]

    operations = [migrations.RunSQL(WAKE, LET_SLEEP)]
