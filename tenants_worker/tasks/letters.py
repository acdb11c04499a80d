"""Letters to people: those that accounts wait for, and invitations."""

from __future__ import annotations

import asyncio
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from lumenpay.admins.housekeeping import purge_accounts
from lumenpay.admins.letter_sending import claim_letters, compose_letter, finish_letter, put_letter_off
from lumenpay.admins.letters import LetterKind
from lumenpay.errors import LumenError
from lumenpay.jobs.catalogue import SendInvitation
from lumenpay.jobs.errors import JobRefused
from lumenpay.kit.logs import get_logger
from lumenpay.kit.redaction import describe_error
from lumenpay.letters.errors import LetterRefusedError
from lumenpay.letters.rendering import render_letter
from lumenpay.models.letters import Letter, LetterStatus
from lumenpay.tenants.invitations import renew_token
from tenants_worker.context import JobContext, WorkerContext

PAGE = 20
_ROLES = {
    "ru": {"owner": "владелец", "manager": "менеджер", "support": "поддержка", "analyst": "аналитик"},
    "en": {"owner": "owner", "manager": "manager", "support": "support", "analyst": "analyst"},
}
_log = get_logger(__name__)


async def send_due(ctx: WorkerContext, now: datetime) -> None:
    """Send the letters that wait, a page at a time; one that fails comes back later."""
    while letters := await claim_letters(ctx.database, limit=PAGE, now=now):
        await asyncio.gather(*(_send(ctx, letter) for letter in letters))
        if len(letters) < PAGE:
            return


async def _send(ctx: WorkerContext, letter: Letter) -> None:
    now = ctx.clock.now()
    try:
        text = await compose_letter(ctx.database, letter, public_url=ctx.settings.public_url, now=now)
        if text is not None:
            await ctx.mailer.send(text, to=letter.address)
        await finish_letter(ctx.database, letter, status=LetterStatus.SENT, now=now)
    except LetterRefusedError as error:
        _log.warning("letter_refused", letter_id=str(letter.id), kind=letter.kind)
        await finish_letter(ctx.database, letter, status=LetterStatus.DEAD, error=describe_error(error), now=now)
    except (LumenError, SQLAlchemyError) as error:
        status = await put_letter_off(ctx.database, letter, error=describe_error(error), now=now)
        log = _log.error if status is LetterStatus.DEAD else _log.info
        log("letter_not_sent", letter_id=str(letter.id), kind=letter.kind, error=describe_error(error))


async def send_invitation(ctx: JobContext, job: SendInvitation) -> None:
    """Send an invitation's letter; one that does not wait any more is let be."""
    now = ctx.worker.clock.now()
    async with ctx.unit() as session:
        found = await renew_token(session, job.invitation_id, now=now)
        if found is None:
            return
        view, token = found
    invitation = view.invitation
    text = render_letter(
        LetterKind.INVITATION, locale=invitation.locale, tenant=view.tenant_name, inviter=view.inviter_name,
        role=_ROLES[invitation.locale][invitation.role],
        link=f"{ctx.worker.settings.public_url}/invitation#token={token.reveal()}",
    )  # fmt: skip
    try:
        await ctx.worker.mailer.send(text, to=invitation.email)
    except LetterRefusedError as error:
        raise JobRefused("the mail server refuses the address") from error


async def purge(ctx: WorkerContext, now: datetime) -> None:
    """Remove what has run out of accounts."""
    await purge_accounts(ctx.database, now=now)
