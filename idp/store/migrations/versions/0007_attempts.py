"""PostgreSQL counts an attempt in one call: locks, counts and writes, which were six messages."""

from alembic import op

revision = "0007"
down_revision = "0006"

# Each statement of a volatile function sees what was committed before it, so the counts are those under the lock.
_FUNCTION = """
CREATE FUNCTION record_attempt(given_keys text[], limits bigint[], since bigint, moment bigint)
RETURNS bigint[] LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    lock bigint;
    made bigint;
    ids bigint[] := '{}';
BEGIN
    FOR lock IN SELECT hashtextextended(k, 0) FROM unnest(given_keys) AS k ORDER BY 1 LOOP
        PERFORM pg_advisory_xact_lock(lock);
    END LOOP;
    FOR n IN 1 .. cardinality(given_keys) LOOP
        IF (SELECT count(*) FROM failures f WHERE f.key = given_keys[n] AND f.at > since) >= limits[n] THEN
            RETURN NULL;
        END IF;
    END LOOP;
    FOR n IN 1 .. cardinality(given_keys) LOOP
        INSERT INTO failures (key, at) VALUES (given_keys[n], moment) RETURNING id INTO made;
        ids := ids || made;
    END LOOP;
    RETURN ids;
END $$
"""


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(_FUNCTION)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION record_attempt")
