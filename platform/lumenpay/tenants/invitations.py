"""Invitations: a role that waits for whoever reads the letter.

The token carries its tenant, so that nobody has to look it up across tenants; only its hash is kept.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.dialects.postgresql import insert

from lumenpay.audit.service import Actor, record
from lumenpay.db.session import TenantSession
from lumenpay.errors import NotFoundError
from lumenpay.jobs.catalogue import SendInvitation
from lumenpay.jobs.outbox import enqueue
from lumenpay.kit.crypto import Secret, hash_token
from lumenpay.kit.ids import new_uuid7
from lumenpay.kit.paging import Page, PageRequest
from lumenpay.models.admins import Admin
from lumenpay.models.ids import AdminId, InvitationId, TenantId
from lumenpay.models.invitations import Invitation
from lumenpay.models.tenants import Role, Tenant, TenantMember
from lumenpay.tenants.errors import InvitationInvalidError, MemberAlreadyError, TooManyInvitationsError

LIFETIME = timedelta(days=7)
MAX_OPEN = 50


@dataclass(frozen=True, slots=True)
class InvitationView:
    """What an invitation says to whoever holds its token."""

    invitation: Invitation
    tenant_name: str
    inviter_name: str


def read_tenant_id(token: str) -> TenantId:
    """Return the tenant that a token is of.

    Raises:
        InvitationInvalidError: Not a token of ours.
    """
    try:
        return TenantId(UUID(hex=token.partition(".")[0]))
    except ValueError as error:
        raise InvitationInvalidError(fields={"token": "invalid"}) from error


async def invite(
    session: TenantSession, *, email: str, role: Role, locale: str, inviter: AdminId, now: datetime
) -> Invitation:
    """Store an invitation and have its letter sent; an open one to the same address is taken back.

    Args:
        email: As accounts store it.

    Raises:
        MemberAlreadyError: An account with this address works here already.
        TooManyInvitationsError: Too many wait.
    """
    await session.execute(select(Tenant.id).where(Tenant.id == session.tenant_id).with_for_update(key_share=True))
    mine = select(TenantMember.admin_id).join(Admin, Admin.id == TenantMember.admin_id)
    same = mine.where(TenantMember.tenant_id == session.tenant_id, Admin.email == email)
    if (await session.execute(same)).first() is not None:
        raise MemberAlreadyError(fields={"email": "member"})
    waiting = list((await session.execute(select(Invitation).where(*_open(session, now)))).scalars())
    for known in waiting:
        if known.email == email:
            known.revoked_at = now
    if len([known for known in waiting if known.revoked_at is None]) >= MAX_OPEN:
        raise TooManyInvitationsError
    invitation = Invitation(
        tenant_id=session.tenant_id, id=InvitationId(new_uuid7()), email=email, role=role, locale=locale,
        invited_by=inviter, created_at=now, expires_at=now + LIFETIME,
    )  # fmt: skip
    session.add(invitation)
    await session.flush()
    await enqueue(session, SendInvitation(invitation.id), now=now, dedupe_key=str(invitation.id))
    actor, details = Actor("admin", inviter), {"role": role.value}
    record(session, actor=actor, action="invitation.made", subject_id=invitation.id, now=now, details=details)
    return invitation


def _open(session: TenantSession, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        Invitation.tenant_id == session.tenant_id, Invitation.accepted_at.is_(None), Invitation.revoked_at.is_(None),
        Invitation.expires_at > now,
    )  # fmt: skip


async def list_invitations(session: TenantSession, page: PageRequest, *, now: datetime) -> Page[Invitation]:
    """Return the invitations that wait, newest first."""
    where = _open(session, now)
    total = (await session.execute(select(func.count()).select_from(Invitation).where(*where))).scalar_one()
    newest = select(Invitation).where(*where).order_by(Invitation.created_at.desc(), Invitation.id)
    rows = await session.execute(newest.limit(page.size).offset(page.offset))
    return Page(list(rows.scalars()), total)


async def _get_open(session: TenantSession, invitation_id: UUID, *, now: datetime) -> Invitation:
    wanted = select(Invitation).where(*_open(session, now), Invitation.id == invitation_id).with_for_update()
    found = (await session.execute(wanted)).scalar_one_or_none()
    if found is None:
        raise NotFoundError
    return found


async def revoke(session: TenantSession, invitation_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Take an invitation back at once.

    Raises:
        NotFoundError: None of this tenant waits under this id.
    """
    found = await _get_open(session, invitation_id, now=now)
    found.revoked_at = now
    record(session, actor=actor, action="invitation.revoked", subject_id=found.id, now=now)


async def resend(session: TenantSession, invitation_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Have the letter sent once more; the week begins anew, and the link of the letter before works no more.

    Raises:
        NotFoundError: None of this tenant waits under this id.
    """
    found = await _get_open(session, invitation_id, now=now)
    found.expires_at = now + LIFETIME
    await enqueue(session, SendInvitation(found.id), now=now, dedupe_key=str(found.id))
    record(session, actor=actor, action="invitation.sent_again", subject_id=found.id, now=now)


async def renew_token(
    session: TenantSession, invitation_id: UUID, *, now: datetime
) -> tuple[InvitationView, Secret] | None:
    """Return what the letter says, with a fresh token; nothing when the invitation does not wait any more."""
    try:
        found = await _get_open(session, invitation_id, now=now)
    except NotFoundError:
        return None
    token = Secret(f"{session.tenant_id.hex}.{secrets.token_urlsafe(32)}")
    found.token_hash, found.sent_at = hash_token(token.reveal()), now
    return await _view(session, found), token


async def get_by_token(session: TenantSession, token: str, *, now: datetime) -> InvitationView:
    """Return what a token stands for, locked until the transaction ends.

    Raises:
        InvitationInvalidError: Accepted, taken back or run out, or never one.
    """
    wanted = select(Invitation).where(*_open(session, now), Invitation.token_hash == hash_token(token))
    found = (await session.execute(wanted.with_for_update())).scalar_one_or_none()
    if found is None or not compare_digest(found.token_hash or b"", hash_token(token)):
        raise InvitationInvalidError(fields={"token": "invalid"})
    return await _view(session, found)


async def _view(session: TenantSession, invitation: Invitation) -> InvitationView:
    tenant = await session.get_one(Tenant, session.tenant_id)
    inviter = await session.get(Admin, invitation.invited_by) if invitation.invited_by else None
    return InvitationView(invitation, tenant.name, inviter.name if inviter else tenant.name)


async def accept(session: TenantSession, token: str, *, admin_id: AdminId, now: datetime) -> tuple[Tenant, Role]:
    """Let a person work for the tenant, with the role of the invitation; it is used up by that.

    Raises:
        InvitationInvalidError: Accepted, taken back or run out, or never one.
        MemberAlreadyError: The person works here already.
    """
    invitation = (await get_by_token(session, token, now=now)).invitation
    member = {"tenant_id": session.tenant_id, "admin_id": admin_id, "role": invitation.role, "created_at": now}
    joined = await session.execute(
        insert(TenantMember).values(**member).on_conflict_do_nothing().returning(TenantMember.admin_id)
    )
    if joined.scalar_one_or_none() is None:
        raise MemberAlreadyError
    invitation.accepted_at = now
    actor, details = Actor("admin", admin_id), {"role": invitation.role, "invitation_id": str(invitation.id)}
    record(session, actor=actor, action="member.joined", subject_id=admin_id, now=now, details=details)
    await session.flush()
    return await session.get_one(Tenant, session.tenant_id), Role(invitation.role)
