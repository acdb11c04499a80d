"""How people prove who they are: sign-ups that wait for the letter's link, second factors, other services' accounts."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, SmallInteger, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lumenpay.kit.ids import new_uuid7
from lumenpay.models.base import Base
from lumenpay.models.ids import AdminId


class SignUp(Base):
    """Somebody who wants an account; it is made when the address is proved, so an unproved one never exists."""

    __tablename__ = "sign_ups"
    __table_args__ = (Index(None, "email"), Index(None, "expires_at"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_uuid7)
    email: Mapped[str] = mapped_column(String(320))
    password_hash: Mapped[str] = mapped_column(String(256))
    name: Mapped[str] = mapped_column(String(128))
    locale: Mapped[str] = mapped_column(String(8))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class TokenPurpose(StrEnum):
    """What a link in a letter is good for."""

    SIGN_UP = "sign_up"
    RESET_PASSWORD = "reset_password"  # noqa: S105 - a name
    CHANGE_EMAIL = "change_email"


class MailToken(Base):
    """A link that was mailed: only the SHA-256 of its token is stored, and it works once."""

    __tablename__ = "mail_tokens"
    __table_args__ = (Index(None, "admin_id"), Index(None, "sign_up_id"), Index(None, "expires_at"))

    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    purpose: Mapped[TokenPurpose] = mapped_column(String(16))
    address: Mapped[str] = mapped_column(String(320))
    """The mailbox that the link went to, and that it proves."""
    admin_id: Mapped[AdminId | None] = mapped_column(ForeignKey("admins.id", ondelete="CASCADE"))
    sign_up_id: Mapped[UUID | None] = mapped_column(ForeignKey("sign_ups.id", ondelete="CASCADE"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class AdminIdentity(Base):
    """A person's account with another service, which can be used to log in."""

    __tablename__ = "admin_identities"
    __table_args__ = (UniqueConstraint("provider", "subject"), Index(None, "admin_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_uuid7)
    admin_id: Mapped[AdminId] = mapped_column(ForeignKey("admins.id", ondelete="CASCADE"))
    provider: Mapped[str] = mapped_column(String(16))
    subject: Mapped[str] = mapped_column(String(255))
    """What the service knows the person by: Telegram's `id`, Google's `sub`."""
    provider_sub: Mapped[str] = mapped_column(String(255), default="", server_default="")
    """The claim `sub`, which with Telegram is not the user's id."""
    display_name: Mapped[str] = mapped_column(String(255), default="", server_default="")
    created_at: Mapped[datetime]


class AdminTotp(Base):
    """A person's authenticator: its sealed secret, and the last time step that was used."""

    __tablename__ = "admin_totp"
    __table_args__ = (Index(None, "key_id"),)

    admin_id: Mapped[AdminId] = mapped_column(ForeignKey("admins.id", ondelete="CASCADE"), primary_key=True)
    secret_sealed: Mapped[str] = mapped_column(String(512))
    key_id: Mapped[str] = mapped_column(String(16))
    last_step: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    """No code of this step or an earlier one counts any more."""
    confirmed_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class RecoveryCode(Base):
    """One way in without the authenticator, good for one time; only its hash is stored."""

    __tablename__ = "recovery_codes"

    admin_id: Mapped[AdminId] = mapped_column(ForeignKey("admins.id", ondelete="CASCADE"), primary_key=True)
    code_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class LoginChallenge(Base):
    """A login whose first step was right and whose second is awaited."""

    __tablename__ = "login_challenges"
    __table_args__ = (Index(None, "admin_id"), Index(None, "expires_at"))

    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    admin_id: Mapped[AdminId] = mapped_column(ForeignKey("admins.id", ondelete="CASCADE"))
    tries: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class OidcAttempt(Base):
    """A way to another service and back, bound to one browser; nothing here can be replayed."""

    __tablename__ = "oidc_attempts"
    __table_args__ = (Index(None, "admin_id"), Index(None, "expires_at"))

    state_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    browser_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    provider: Mapped[str] = mapped_column(String(16))
    admin_id: Mapped[AdminId | None] = mapped_column(ForeignKey("admins.id", ondelete="CASCADE"))
    """Who links the account; nobody when it is a login."""
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class AccountEvent(Base):
    """Something that happened to a person's account: what they see on the security page.

    Never changed, but for the address, which is forgotten after its time.
    """

    __tablename__ = "account_events"
    __table_args__ = (
        Index(None, "admin_id", "created_at"),
        Index("ix_account_events_addresses", "created_at", postgresql_where=text("address <> ''")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_uuid7)
    admin_id: Mapped[AdminId] = mapped_column(ForeignKey("admins.id", ondelete="CASCADE"))
    action: Mapped[str] = mapped_column(String(64))
    address: Mapped[str] = mapped_column(String(64), default="", server_default="")
    created_at: Mapped[datetime]
