"""Which secret keys stored secrets are sealed with, and which bots wait to be re-sealed.

Revision ID: 0005
Revises: 0004
"""

from __future__ import annotations

from alembic import op

from migrations.walls import give_to_dispatch

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

COLUMNS = ("token_key_id", "webhook_key_id", "shop_key_id")
SIGNATURES = ("list_sealing_keys()", "list_bots_sealed_otherwise(text, uuid, uuid, integer)")


def upgrade() -> None:
    op.execute(f"GRANT SELECT ({', '.join(COLUMNS)}) ON bots TO lumenpay_dispatch")
    for column in COLUMNS:
        op.execute(f"CREATE INDEX ix_bots_{column} ON bots ({column})")
    # Jumps from id to id along the three indexes: the cost grows with the keys, not with the bots, and every process
    # may ask at its start. `least` passes over what is NULL.
    smallest = ", ".join(f"(SELECT min(b.{column}) FROM bots b WHERE b.{column} > {{after}})" for column in COLUMNS)
    op.execute(
        f"""
        CREATE FUNCTION list_sealing_keys() RETURNS TABLE (key_id text)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
          WITH RECURSIVE walk (found) AS (
            SELECT least({smallest.format(after="''")})
            UNION ALL
            SELECT least({smallest.format(after="w.found")}) FROM walk w WHERE w.found IS NOT NULL
          )
          SELECT w.found FROM walk w WHERE w.found IS NOT NULL
        $$
        """
    )
    op.execute(
        f"""
        CREATE FUNCTION list_bots_sealed_otherwise(newest text, after_tenant uuid, after_bot uuid, max_rows integer)
        RETURNS TABLE (tenant_id uuid, id uuid)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
          SELECT b.tenant_id, b.id FROM bots b
          WHERE (b.tenant_id, b.id) > (after_tenant, after_bot)
            AND ({" OR ".join(f"b.{column} <> newest" for column in COLUMNS)})
          ORDER BY b.tenant_id, b.id LIMIT max_rows
        $$
        """
    )
    give_to_dispatch(*SIGNATURES)


def downgrade() -> None:
    op.execute("GRANT lumenpay_dispatch TO CURRENT_USER")
    for signature in SIGNATURES:
        op.execute(f"DROP FUNCTION {signature}")
    op.execute("REVOKE lumenpay_dispatch FROM CURRENT_USER")
    for column in COLUMNS:
        op.execute(f"DROP INDEX ix_bots_{column}")
    op.execute(f"REVOKE SELECT ({', '.join(COLUMNS)}) ON bots FROM lumenpay_dispatch")
