"""Writing to an owner from a job: by mail, or by a bot of the tenant's in the chat that they have with it."""

from __future__ import annotations

from lumenpay.admins.letters import LetterKind
from lumenpay.bots.health import BotNotice
from lumenpay.bots.health_words import FaultWords
from lumenpay.jobs.errors import JobRefused
from lumenpay.letters.errors import LetterRefusedError
from lumenpay.letters.rendering import LetterText, render_letter
from lumenpay.messages.rules import escape
from lumenpay.models.users import User
from lumenpay.tenants.owners import Way
from tenants_worker.context import JobContext
from tenants_worker.tasks.telling import tell_user


async def tell_how_it_is(
    ctx: JobContext, way: Way, notice: BotNotice, words: FaultWords | None, *, well: LetterKind, path: str
) -> None:  # fmt: skip
    """Tell an owner what is wrong with a bot of theirs, or that nothing is any more.

    Args:
        words: Nothing where all is well again.
        well: The letter that says so.
        path: The page of the tenant's where one sees to it.

    Raises:
        JobRefused: The mail server does not take the address.
        JobPostponed: The bot cannot write now.
    """
    place = {"bot": f"@{notice.bot.username}", "link": f"{ctx.worker.settings.public_url}/t/{ctx.tenant_id}/{path}"}
    if words is None:
        text = render_letter(well, locale=notice.locale, **place)
    else:
        text = render_letter(LetterKind.BOT_UNWELL, locale=notice.locale, what=words.what, todo=words.todo, **place)
    await tell_owner_by(ctx, way, text, user=notice.user, address=notice.address)


async def tell_owner_by(ctx: JobContext, way: Way, text: LetterText, *, user: User | None, address: str | None) -> None:
    """Send an owner a letter, or the same words in the chat; nothing where they cannot be reached this way.

    Raises:
        JobRefused: The mail server does not take the address.
        JobPostponed: The bot cannot write now.
    """
    if way is Way.TELEGRAM and user is not None:
        await tell_user(ctx, user=user, html=f"<b>{escape(text.subject)}</b>\n\n{escape(text.plain.strip())}")
    elif way is Way.MAIL and address is not None:
        try:
            await ctx.worker.mailer.send(text, to=address)
        except LetterRefusedError as error:
            raise JobRefused("the mail server refuses the address") from error
