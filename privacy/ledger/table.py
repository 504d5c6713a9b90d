"""Putting a table into the ledger: each new row writes its leaf along, in the same statement.

operations = in_ledger("privacy_accessrecord", "access")
"""

from django.db.migrations.operations import RunSQL

#: ".before" is entries.BEFORE.
FUNCTION = """
CREATE OR REPLACE FUNCTION ledger_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO privacy_leaf (kind, at, commitment)
    VALUES (TG_ARGV[0] || CASE TG_OP WHEN 'UPDATE' THEN '.before' ELSE '' END, NEW.at, NEW.commitment);
    RETURN NULL;
END $$;
"""


def in_ledger(table: str, kind: str) -> list[RunSQL]:
    """Operations for a migration. The table has columns at, salt and commitment (models.Committed).

    Rows that are there already may be without a commitment until the sequencer makes it; new ones may not.
    """
    return [
        RunSQL(FUNCTION, RunSQL.noop),
        RunSQL(
            f"""
            ALTER TABLE {table} ADD CONSTRAINT {table}_committed
                CHECK (commitment IS NOT NULL AND octet_length(commitment) = 32) NOT VALID;
            CREATE TRIGGER ledger_entry AFTER INSERT ON {table}
                FOR EACH ROW EXECUTE FUNCTION ledger_entry('{kind}');
            CREATE TRIGGER ledger_entry_before AFTER UPDATE OF commitment ON {table} FOR EACH ROW
                WHEN (OLD.commitment IS NULL AND NEW.commitment IS NOT NULL)
                EXECUTE FUNCTION ledger_entry('{kind}');
            """,
            f"""
            DROP TRIGGER ledger_entry_before ON {table}; DROP TRIGGER ledger_entry ON {table};
            ALTER TABLE {table} DROP CONSTRAINT {table}_committed;
            """,
        ),
    ]
