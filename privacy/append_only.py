"""Tables to which rows are only added: a trigger refuses every other change, whoever asks.

operations = append_only("people_rolegrant", may_fill_once=("revoked_at", "revoked_by_id"))
"""

from collections.abc import Sequence

from django.db.migrations.operations import RunSQL

#: A table's rows may only be added, filled once, sealed anew, erased, or deleted after a time; see append_only().
FUNCTION = """
CREATE OR REPLACE FUNCTION is_erased(was jsonb, is_now jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT is_now = was OR is_now IN ('null', '"(지움)"') OR (
        jsonb_typeof(was) = 'array' AND jsonb_typeof(is_now) = 'array'
        AND jsonb_array_length(was) = jsonb_array_length(is_now)
        AND NOT EXISTS (
            SELECT FROM jsonb_array_elements(is_now) WITH ORDINALITY AS one(value, n)
            WHERE value NOT IN (was -> (n::int - 1), '"(지움)"')
        )
    )
$$;
CREATE OR REPLACE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    fillable text[] := TG_ARGV[0]::text[];
    sealed text[] := coalesce(TG_ARGV[3], '{}')::text[];
    erasable text[] := coalesce(TG_ARGV[4], '{}')::text[];
    blankable text[] := coalesce(TG_ARGV[5], '{}')::text[];
    old_row jsonb;
    new_row jsonb;
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    old_row := to_jsonb(OLD);
    IF TG_OP = 'DELETE' THEN
        IF TG_ARGV[1] <> '' AND (old_row ->> TG_ARGV[1])::timestamptz < now() - TG_ARGV[2]::interval THEN
            RETURN OLD;
        END IF;
        RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    new_row := to_jsonb(NEW);
    IF cardinality(sealed) > 0 AND old_row - sealed = new_row - sealed THEN
        RETURN NEW;
    END IF;
    IF cardinality(blankable) > 0 AND old_row - blankable = new_row - blankable
       AND (SELECT bool_and(new_row ->> name = '(지움)') FROM unnest(blankable) AS name) THEN
        RETURN NEW;
    END IF;
    IF cardinality(erasable) > 0 AND old_row ->> 'salt' IS NOT NULL AND new_row ->> 'salt' IS NULL
       AND old_row - erasable - 'salt'::text = new_row - erasable - 'salt'::text
       AND (SELECT bool_and(is_erased(old_row -> name, new_row -> name)) FROM unnest(erasable) AS name) THEN
        RETURN NEW;
    END IF;
    IF old_row - fillable IS DISTINCT FROM new_row - fillable
       OR (cardinality(fillable) > 0 AND old_row -> fillable[1] <> 'null'::jsonb)
       OR cardinality(fillable) = 0 THEN
        RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
"""


def append_only(
    table: str,
    may_fill_once: Sequence[str] = (),
    may_delete_after: tuple[str, str] | None = None,
    sealed: Sequence[str] = (),
    erasable: Sequence[str] = (),
    blankable: Sequence[str] = (),
) -> list[RunSQL]:
    """Operations for a migration that make `table` append-only.

    `may_fill_once`: columns that one update may fill together; the first being null tells that it did not happen.
    `may_delete_after`: (column with a time, interval such as "2 years"): older rows may be deleted.
    `sealed`: columns of sealed words, which may be sealed with another key (reseal.py) or erased (null).
    `erasable`: columns that an update may blank ("(지움)", null, or such elements of an array) if it also destroys the
    row's salt: its commitment, which stays, then fits nothing any more (ledger/expiry.py; erasure_is_said() sees that
    the same transaction says so in the ledger).
    `blankable`: columns of words that name somebody; all of them together may become "(지움)", and nothing else.
    """
    fillable = "{" + ",".join(may_fill_once) + "}"
    column, interval = may_delete_after or ("", "0")
    arguments = (
        f"'{fillable}', '{column}', '{interval}', '{{{','.join(sealed)}}}', '{{{','.join(erasable)}}}',"
        f" '{{{','.join(blankable)}}}'"
    )
    return [
        RunSQL(FUNCTION, RunSQL.noop),
        RunSQL(
            f"""
            CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table}
                FOR EACH ROW EXECUTE FUNCTION append_only({arguments});
            CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON {table}
                FOR EACH STATEMENT EXECUTE FUNCTION append_only({arguments});
            """,
            f"DROP TRIGGER append_only ON {table}; DROP TRIGGER IF EXISTS append_only_truncate ON {table};",
        ),
    ]


#: A row whose salt is destroyed without an entry that says on which ground is refused, when its transaction ends.
ERASURE_IS_SAID = """
CREATE OR REPLACE FUNCTION erasure_is_said() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM privacy_erasure WHERE erased = OLD.commitment) THEN
        RAISE EXCEPTION '% is append-only: nothing says why it was erased', TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
"""


def erasure_is_said(table: str) -> list[RunSQL]:
    """Operations for a migration, of a table with `erasable` columns."""
    return [
        RunSQL(ERASURE_IS_SAID, RunSQL.noop),
        RunSQL(
            f"""
            CREATE CONSTRAINT TRIGGER erasure_is_said AFTER UPDATE ON {table}
                DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
                WHEN (OLD.salt IS NOT NULL AND NEW.salt IS NULL) EXECUTE FUNCTION erasure_is_said();
            """,
            f"DROP TRIGGER erasure_is_said ON {table};",
        ),
    ]


def never_deleted(*tables: str) -> list[RunSQL]:
    """Operations for a migration: rows that change as they must, but never go."""
    found = [
        RunSQL(
            """
            CREATE OR REPLACE FUNCTION never_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION '% keeps its rows', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
            END $$;
            """,
            RunSQL.noop,
        )
    ]
    for table in tables:
        found.append(
            RunSQL(
                f"CREATE TRIGGER never_deleted BEFORE DELETE ON {table}"
                " FOR EACH ROW EXECUTE FUNCTION never_deleted()",
                f"DROP TRIGGER never_deleted ON {table}",
            )
        )
    return found


def own_tables(*functions: str) -> list[RunSQL]:
    """Operations for a migration: functions find the tables of the portal, not temporary ones of a session."""
    return [
        RunSQL(
            f"ALTER FUNCTION {function}() SET search_path = pg_catalog, public, pg_temp",
            f"ALTER FUNCTION {function}() RESET search_path",
        )
        for function in functions
    ]
