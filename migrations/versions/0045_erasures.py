"""People who are to be forgotten, who was, and what is known of them afterwards: that a trial was taken.

Revision ID: 0045
Revises: 0044
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.fairness import DueRows, name_fairly
from migrations.walls import give_to_dispatch, let_dispatch, protect

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
ERASURES, KEYS = "erasures", "person_keys"
ADDRESSES = "ix_account_events_addresses"
DUE, MARK, TRACES = "due_erasures(timestamptz, integer)", "mark_person(bigint)", "erase_traces(uuid, bigint)"


def upgrade() -> None:
    op.add_column("users", sa.Column("erasure_asked_at", MOMENT, nullable=True))
    op.add_column("users", sa.Column("erased_at", MOMENT, nullable=True))
    make_erasures()
    make_keys()
    # Where somebody logged in from is forgotten after its time; what happened stays.
    op.execute("GRANT UPDATE (address) ON account_events TO lumenpay_app")
    op.create_index(ADDRESSES, "account_events", ["created_at"], postgresql_where=sa.text("address <> ''"))
    name_fairly(DueRows("due_erasures", ERASURES, "next_step_at", where="t.next_step_at IS NOT NULL"))
    op.execute("GRANT lumenpay_dispatch TO CURRENT_USER")
    make_mark()
    make_traces()
    op.execute("REVOKE lumenpay_dispatch FROM CURRENT_USER")
    give_to_dispatch(DUE, MARK, TRACES)


def make_erasures() -> None:
    op.create_table(
        ERASURES,
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in ("tenant_id", "id", "user_id")),
        sa.Column("asked_by", sa.String(16), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=True),
        *(sa.Column(name, MOMENT, nullable=False) for name in ("asked_at", "due_at")),
        sa.Column("next_step_at", MOMENT, nullable=True),
        sa.Column("waits_for", sa.String(32), nullable=True),
        sa.Column("erased_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_erasures_tenant_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "user_id"], ["users.tenant_id", "users.id"], name=op.f("fk_erasures_tenant_id_user_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_erasures")),
        sa.UniqueConstraint("tenant_id", "user_id", name=op.f("uq_erasures_tenant_id_user_id")),
    )  # fmt: skip
    op.create_index(
        "ix_erasures_next_step_at", ERASURES, ["next_step_at"], postgresql_where=sa.text("next_step_at IS NOT NULL")
    )
    # What is kept of an erasure is the journal of them: nobody takes a line out or makes it another person's.
    protect(ERASURES, grants="SELECT, INSERT, UPDATE (next_step_at, waits_for, erased_at)")
    let_dispatch(ERASURES, grants="SELECT (tenant_id, id, next_step_at)")


def make_keys() -> None:
    op.create_table(
        KEYS,
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.LargeBinary(32), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_person_keys_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_person_keys")),
        sa.UniqueConstraint("tenant_id", name=op.f("uq_person_keys_tenant_id")),
    )  # fmt: skip
    # Written by the application, and read by nobody but the function that hashes with it.
    protect(KEYS, grants="INSERT, SELECT (tenant_id, id)", hidden=frozenset({"key"}))
    let_dispatch(KEYS, grants="SELECT")


def make_mark() -> None:
    # Telegram's own ids are positive, and so no mark is anybody's.
    op.execute(
        """
        CREATE FUNCTION mark_person(of_telegram_id bigint) RETURNS TABLE (mark bigint)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
          SELECT -1 - (('x' || encode(substr(
            sha256(k.key || sha256(k.key || convert_to(of_telegram_id::text, 'UTF8'))), 1, 8), 'hex'))::bit(64)::bigint
            & 9223372036854775807)
          FROM person_keys k WHERE k.tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid
        $$
        """
    )


def make_traces() -> None:
    op.execute("GRANT SELECT (erasure_asked_at, erased_at) ON users TO lumenpay_dispatch")
    let_dispatch("access_logs", grants="SELECT (tenant_id, user_id, telegram_id, channel_id), UPDATE (telegram_id)")
    op.execute(
        """
        CREATE FUNCTION erase_traces(of_user uuid, pseudonym bigint) RETURNS integer
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
        DECLARE own uuid := nullif(current_setting('app.tenant_id', true), '')::uuid; bot uuid; person bigint;
                changed integer;
        BEGIN
          SELECT u.bot_id, u.telegram_id INTO bot, person FROM users u
          WHERE u.tenant_id = own AND u.id = of_user AND u.erasure_asked_at IS NOT NULL AND u.erased_at IS NULL;
          IF NOT FOUND THEN RETURN 0; END IF;
          UPDATE access_logs l SET telegram_id = pseudonym
          WHERE l.tenant_id = own AND l.telegram_id = person AND (l.user_id = of_user OR l.user_id IS NULL
            AND l.channel_id IN (SELECT c.id FROM channels c WHERE c.tenant_id = own AND c.bot_id = bot));
          GET DIAGNOSTICS changed = ROW_COUNT;
          RETURN changed;
        END $$
        """
    )


def downgrade() -> None:
    op.execute("GRANT lumenpay_dispatch TO CURRENT_USER")
    for signature in (DUE, MARK, TRACES):
        op.execute(f"DROP FUNCTION {signature}")
    op.execute("REVOKE lumenpay_dispatch FROM CURRENT_USER")
    op.execute("DROP POLICY dispatching ON access_logs")
    op.execute(
        "REVOKE SELECT (tenant_id, user_id, telegram_id, channel_id), UPDATE (telegram_id) ON access_logs "
        "FROM lumenpay_dispatch"
    )
    op.drop_index(ADDRESSES, table_name="account_events")
    op.execute("REVOKE UPDATE (address) ON account_events FROM lumenpay_app")
    op.drop_table(KEYS)
    op.drop_table(ERASURES)
    op.drop_column("users", "erased_at")
    op.drop_column("users", "erasure_asked_at")
