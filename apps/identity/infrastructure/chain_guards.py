"""The chain of consents as the database itself keeps it: functions and triggers of PostgreSQL.

Every act of consent, and every destruction of one, gets a link: a number without gaps, the hash of the
content, the hash of the link before, and the hash over them all. The links are written at COMMIT by a
deferred constraint trigger, one writer after another under an advisory lock, so that the lock is held for
the commit alone; two unique constraints stand behind it. The functions that write run with the rights of
the tables' owner: the application's role may not write links.

Canonical texts are netstrings (length in bytes, colon, text, comma), so that no two contents have one text;
instants count microseconds since 1970. :mod:`apps.identity.domain.consent_chain` says the same in Python.
"""

CREATE_QUESTIONS = """
CREATE FUNCTION identity_consents_of(person uuid) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
    SELECT hashtextextended('consents of ' || person::text, 0)
$$;
COMMENT ON FUNCTION identity_consents_of(uuid) IS
    'The advisory lock of a person''s consents: who uses one shares it, who withdraws one has it alone.';

-- One call, two snapshots: what is read is what holds after the wait.
CREATE FUNCTION identity_missing_consent(person uuid, asked text, moment timestamptz)
RETURNS TABLE (version text, title text, body text, sha256 text, agreed boolean)
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(identity_consents_of(person));
    RETURN QUERY
        SELECT document.version::text, document.title::text, document.text, document.sha256::text, (
            SELECT act.document_id = document.id AND act.status = 'granted'
            FROM identity_consent AS act
            WHERE act.user_id = person AND act.purpose = document.purpose
            ORDER BY act.at DESC, act.id DESC
            LIMIT 1
        )
        FROM identity_consentdocument AS document
        WHERE document.purpose = asked AND document.effective_from <= moment
        ORDER BY document.effective_from DESC, document.id DESC
        LIMIT 1;
END $$;

CREATE FUNCTION identity_consent_standings(person uuid, asked text[], alone boolean)
RETURNS TABLE (
    document bigint, purpose text, version text, sha256 text, effective_from timestamptz,
    act_document bigint, act_status text, act_at timestamptz
)
LANGUAGE plpgsql AS $$
BEGIN
    IF alone THEN
        PERFORM pg_advisory_xact_lock(identity_consents_of(person));
    ELSE
        PERFORM pg_advisory_xact_lock_shared(identity_consents_of(person));
    END IF;
    RETURN QUERY
        SELECT each.id, each.purpose::text, each.version::text, each.sha256::text, each.effective_from,
            latest.document_id, latest.status::text, latest.at
        FROM identity_consentdocument AS each
        LEFT JOIN LATERAL (
            SELECT act.document_id, act.status, act.at FROM identity_consent AS act
            WHERE act.user_id = person AND act.purpose = each.purpose
            ORDER BY act.at DESC, act.id DESC
            LIMIT 1
        ) AS latest ON true
        WHERE each.purpose = ANY (asked)
        ORDER BY each.purpose, each.effective_from DESC;
END $$;
"""
DROP_QUESTIONS = """
DROP FUNCTION identity_consent_standings(uuid, text[], boolean);
DROP FUNCTION identity_missing_consent(uuid, text, timestamptz);
DROP FUNCTION identity_consents_of(uuid);
"""

CREATE_CHAIN = """
CREATE FUNCTION identity_canonical(VARIADIC parts text[]) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
    SELECT convert_to(string_agg(octet_length(part) || ':' || part || ',', '' ORDER BY place), 'UTF8')
    FROM unnest(parts) WITH ORDINALITY AS each (part, place)
$$;
CREATE FUNCTION identity_micros(moment timestamptz) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT (extract(epoch FROM moment) * 1000000)::bigint::text
$$;
CREATE FUNCTION identity_content_hash(act identity_consent) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT encode(sha256(identity_canonical(
        'consent/1', act.uuid::text, act.id::text, act.user_id::text, act.document_id::text, act.purpose,
        act.version, act.sha256, act.status, identity_micros(act.at), act.channel, act.evidence
    )), 'hex')
$$;
CREATE FUNCTION identity_content_hash(gone identity_consentdestruction) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT encode(sha256(identity_canonical(
        'destruction/1', gone.id::text, gone.consent::text, gone.purpose, identity_micros(gone.act_at),
        identity_micros(gone.withdrawn_at), identity_micros(gone.destroyed_at)
    )), 'hex')
$$;
CREATE FUNCTION identity_append_link(of_kind text, of_subject uuid, content text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    head record;
    number bigint;
    before text;
    moment timestamptz;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('chain of consents', 0));
    SELECT link.seq, link.hash INTO head FROM identity_consentlink AS link ORDER BY link.seq DESC LIMIT 1;
    number := coalesce(head.seq, 0) + 1;
    before := coalesce(head.hash, repeat('0', 64));
    moment := clock_timestamp();
    INSERT INTO identity_consentlink (seq, kind, subject, content_hash, previous_hash, hash, chained_at)
    VALUES (number, of_kind, of_subject, content, before, encode(sha256(identity_canonical(
        'link/1', number::text, of_kind, of_subject::text, content, before, identity_micros(moment)
    )), 'hex'), moment);
END $$;
CREATE FUNCTION identity_chain() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- At COMMIT other deferred checks may still wait for rows that others hold: first they, then the lock.
    -- Once: what this runs comes back here for the other acts of the transaction.
    IF current_setting('identity.chaining', true) IS DISTINCT FROM 'yes' THEN
        PERFORM set_config('identity.chaining', 'yes', true);
        SET CONSTRAINTS ALL IMMEDIATE;
    END IF;
    IF TG_TABLE_NAME = 'identity_consent' THEN
        PERFORM identity_append_link('act', NEW.uuid, identity_content_hash(NEW));
    ELSE
        PERFORM identity_append_link('destruction', NEW.id, identity_content_hash(NEW));
    END IF;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION identity_append_link(text, uuid, text), identity_chain() FROM PUBLIC;
CREATE CONSTRAINT TRIGGER identity_consent_is_chained AFTER INSERT ON identity_consent
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION identity_chain();
CREATE CONSTRAINT TRIGGER identity_consentdestruction_is_chained AFTER INSERT ON identity_consentdestruction
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION identity_chain();
"""
DROP_CHAIN = """
DROP TRIGGER identity_consentdestruction_is_chained ON identity_consentdestruction;
DROP TRIGGER identity_consent_is_chained ON identity_consent;
DROP FUNCTION identity_chain();
DROP FUNCTION identity_append_link(text, uuid, text);
DROP FUNCTION identity_content_hash(identity_consentdestruction);
DROP FUNCTION identity_content_hash(identity_consent);
DROP FUNCTION identity_micros(timestamptz);
DROP FUNCTION identity_canonical(text[]);
"""

# Three years after a withdrawal are the limitation of actions (Civil Code of Russia, art. 196).
CREATE_DESTRUCTION = """
CREATE FUNCTION kernel_refuse_change_but_destruction() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    ended timestamptz;
BEGIN
    IF TG_OP = 'DELETE' THEN
        -- Neither the moment that the act tells nor the one at which it was chained may be within the term.
        SELECT withdrawal.at INTO ended
        FROM identity_consent AS withdrawal
        JOIN identity_consentlink AS link ON link.subject = withdrawal.uuid
        WHERE withdrawal.user_id = OLD.user_id AND withdrawal.purpose = OLD.purpose
            AND withdrawal.status = 'withdrawn'
            AND (withdrawal.at, withdrawal.id) >= (OLD.at, OLD.id)
            AND withdrawal.at < now() - interval '3 years'
            AND link.chained_at < now() - interval '3 years'
        ORDER BY withdrawal.at, withdrawal.id
        LIMIT 1;
        -- A withdrawal goes last, or what it ended would seem to stand again.
        IF ended IS NOT NULL AND NOT (OLD.status = 'withdrawn' AND EXISTS (
            SELECT FROM identity_consent AS act
            WHERE act.user_id = OLD.user_id AND act.purpose = OLD.purpose
                AND (act.at, act.id) < (OLD.at, OLD.id)
        )) THEN
            INSERT INTO identity_consentdestruction (id, consent, purpose, act_at, withdrawn_at, destroyed_at)
            VALUES (gen_random_uuid(), OLD.uuid, OLD.purpose, OLD.at, ended, now());
            RETURN OLD;
        END IF;
    END IF;
    RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE FUNCTION identity_destroy_consents(most integer) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    due record;
    gone bigint;
    destroyed bigint := 0;
BEGIN
    FOR due IN
        SELECT withdrawal.id, withdrawal.user_id, withdrawal.purpose, withdrawal.at
        FROM identity_consent AS withdrawal
        JOIN identity_consentlink AS link ON link.subject = withdrawal.uuid
        WHERE withdrawal.status = 'withdrawn'
            AND withdrawal.at < now() - interval '3 years'
            AND link.chained_at < now() - interval '3 years'
        ORDER BY withdrawal.at, withdrawal.id
        LIMIT most
    LOOP
        DELETE FROM identity_consent AS act
        WHERE act.user_id = due.user_id AND act.purpose = due.purpose AND act.status <> 'withdrawn'
            AND (act.at, act.id) < (due.at, due.id);
        GET DIAGNOSTICS gone = ROW_COUNT;
        destroyed := destroyed + gone;
        DELETE FROM identity_consent AS act WHERE act.id = due.id AND NOT EXISTS (
            SELECT FROM identity_consent AS earlier
            WHERE earlier.user_id = due.user_id AND earlier.purpose = due.purpose
                AND (earlier.at, earlier.id) < (due.at, due.id)
        );
        GET DIAGNOSTICS gone = ROW_COUNT;
        destroyed := destroyed + gone;
        EXIT WHEN destroyed >= most;
    END LOOP;
    RETURN destroyed;
END $$;
COMMENT ON FUNCTION identity_destroy_consents(integer) IS
    'Destroys the oldest acts whose term after the withdrawal is over, and no others; returns how many.';
REVOKE ALL ON FUNCTION identity_destroy_consents(integer), kernel_refuse_change_but_destruction() FROM PUBLIC;
DROP TRIGGER identity_consent_rows_stay ON identity_consent;
CREATE TRIGGER identity_consent_rows_stay BEFORE UPDATE OR DELETE ON identity_consent
    FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change_but_destruction();
"""
DROP_DESTRUCTION = """
DROP TRIGGER identity_consent_rows_stay ON identity_consent;
CREATE TRIGGER identity_consent_rows_stay BEFORE UPDATE OR DELETE ON identity_consent
    FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change();
DROP FUNCTION identity_destroy_consents(integer);
DROP FUNCTION kernel_refuse_change_but_destruction();
"""

CHAIN_WHAT_THERE_IS = """
DO $$
DECLARE
    act identity_consent;
BEGIN
    FOR act IN SELECT * FROM identity_consent ORDER BY id LOOP
        PERFORM identity_append_link('act', act.uuid, identity_content_hash(act));
    END LOOP;
END $$;
"""
