"""Proved addresses, letters, second factors, accounts of other services, fresh proofs, invitations.

Revision ID: 0012
Revises: 0011
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.walls import READ_WRITE, grant, protect

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
HASH = sa.LargeBinary(32)
TABLES = {
    "sign_ups": frozenset({"password_hash"}),
    "mail_tokens": frozenset({"token_hash"}),
    "admin_identities": frozenset[str](),
    "admin_totp": frozenset({"secret_sealed"}),
    "recovery_codes": frozenset({"code_hash"}),
    "login_challenges": frozenset({"token_hash"}),
    "oidc_attempts": frozenset({"state_hash", "browser_hash"}),
    "letters": frozenset[str](),
}


def upgrade() -> None:
    op.alter_column("admins", "email", existing_type=sa.String(320), nullable=True)
    op.alter_column("admins", "password_hash", existing_type=sa.String(256), nullable=True)
    op.add_column("admin_sessions", sa.Column("address", sa.String(64), server_default="", nullable=False))
    op.add_column("admin_sessions", sa.Column("proved_at", MOMENT, nullable=True))
    op.execute("GRANT SELECT (address, proved_at) ON admin_sessions TO lumenpay_staff")
    make_proofs()
    make_second_factors()
    make_others()
    for table, hidden in TABLES.items():
        grant(table, grants=READ_WRITE, hidden=hidden)
    grant("account_events", grants="SELECT, INSERT")
    op.create_table(
        "invitations",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(320), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("locale", sa.String(8), nullable=False),
        sa.Column("token_hash", HASH, nullable=True),
        sa.Column("invited_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("sent_at", MOMENT, nullable=True),
        sa.Column("accepted_at", MOMENT, nullable=True),
        sa.Column("revoked_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_invitations_tenant_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["invited_by"], ["admins.id"], name=op.f("fk_invitations_invited_by"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_invitations")),
    )
    op.create_index(op.f("ix_invitations_tenant_id_created_at"), "invitations", ["tenant_id", "created_at"])
    protect("invitations", grants=READ_WRITE, hidden=frozenset({"token_hash"}))


def owner(table: str, *, nullable: bool = False) -> tuple[sa.Column[object], sa.ForeignKeyConstraint]:
    key = sa.ForeignKeyConstraint(["admin_id"], ["admins.id"], name=op.f(f"fk_{table}_admin_id"), ondelete="CASCADE")
    return sa.Column("admin_id", sa.Uuid(), nullable=nullable), key


def index(table: str, *columns: str) -> None:
    op.create_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table, list(columns))


def make_proofs() -> None:
    op.create_table(
        "sign_ups",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(320), nullable=False),
        sa.Column("password_hash", sa.String(256), nullable=False),
        sa.Column("name", sa.String(128), nullable=False),
        sa.Column("locale", sa.String(8), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_ups")),
    )
    index("sign_ups", "email")
    index("sign_ups", "expires_at")
    op.create_table(
        "mail_tokens",
        sa.Column("token_hash", HASH, nullable=False),
        sa.Column("purpose", sa.String(16), nullable=False),
        sa.Column("address", sa.String(320), nullable=False),
        *owner("mail_tokens", nullable=True),
        sa.Column("sign_up_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["sign_up_id"], ["sign_ups.id"], name=op.f("fk_mail_tokens_sign_up_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_mail_tokens")),
    )
    for column in ("admin_id", "sign_up_id", "expires_at"):
        index("mail_tokens", column)
    op.create_table(
        "letters",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("address", sa.String(320), nullable=False),
        sa.Column("locale", sa.String(8), nullable=False),
        *owner("letters", nullable=True),
        sa.Column("sign_up_id", sa.Uuid(), nullable=True),
        sa.Column("status", sa.String(32), server_default="ready", nullable=False),
        sa.Column("run_at", MOMENT, nullable=False),
        sa.Column("attempts", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("last_error", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["sign_up_id"], ["sign_ups.id"], name=op.f("fk_letters_sign_up_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letters")),
    )
    op.create_index("ix_letters_ready", "letters", ["run_at"], postgresql_where=sa.text("status = 'ready'"))
    index("letters", "admin_id")
    index("letters", "sign_up_id")
    index("letters", "created_at")


def make_second_factors() -> None:
    op.create_table(
        "admin_totp",
        *owner("admin_totp"),
        sa.Column("secret_sealed", sa.String(512), nullable=False),
        sa.Column("key_id", sa.String(16), nullable=False),
        sa.Column("last_step", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("confirmed_at", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("admin_id", name=op.f("pk_admin_totp")),
    )
    index("admin_totp", "key_id")
    op.create_table(
        "recovery_codes",
        *owner("recovery_codes"),
        sa.Column("code_hash", HASH, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("admin_id", "code_hash", name=op.f("pk_recovery_codes")),
    )
    op.create_table(
        "login_challenges",
        sa.Column("token_hash", HASH, nullable=False),
        *owner("login_challenges"),
        sa.Column("tries", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_login_challenges")),
    )
    index("login_challenges", "admin_id")
    index("login_challenges", "expires_at")


def make_others() -> None:
    op.create_table(
        "admin_identities",
        sa.Column("id", sa.Uuid(), nullable=False),
        *owner("admin_identities"),
        sa.Column("provider", sa.String(16), nullable=False),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("provider_sub", sa.String(255), server_default="", nullable=False),
        sa.Column("display_name", sa.String(255), server_default="", nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_admin_identities")),
        sa.UniqueConstraint("provider", "subject", name=op.f("uq_admin_identities_provider_subject")),
    )
    index("admin_identities", "admin_id")
    op.create_table(
        "oidc_attempts",
        sa.Column("state_hash", HASH, nullable=False),
        sa.Column("browser_hash", HASH, nullable=False),
        sa.Column("provider", sa.String(16), nullable=False),
        *owner("oidc_attempts", nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("state_hash", name=op.f("pk_oidc_attempts")),
    )
    index("oidc_attempts", "admin_id")
    index("oidc_attempts", "expires_at")
    op.create_table(
        "account_events",
        sa.Column("id", sa.Uuid(), nullable=False),
        *owner("account_events"),
        sa.Column("action", sa.String(64), nullable=False),
        sa.Column("address", sa.String(64), server_default="", nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_events")),
    )
    index("account_events", "admin_id", "created_at")


def downgrade() -> None:
    for table in ("invitations", "account_events", "letters", "mail_tokens"):
        op.drop_table(table)
    for table in TABLES.keys() - {"letters", "mail_tokens"}:
        op.drop_table(table)
    op.drop_column("admin_sessions", "proved_at")
    op.drop_column("admin_sessions", "address")
    # The schema before knew no person without an address and a password.
    op.execute("DELETE FROM admins WHERE email IS NULL OR password_hash IS NULL")
    op.alter_column("admins", "password_hash", existing_type=sa.String(256), nullable=False)
    op.alter_column("admins", "email", existing_type=sa.String(320), nullable=False)
