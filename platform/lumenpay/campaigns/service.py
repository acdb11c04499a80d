"""Making, changing and archiving campaigns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from lumenpay.audit.service import Actor, record
from lumenpay.campaigns.errors import CampaignInvalidError, CampaignNotFoundError, CampaignSourceTakenError
from lumenpay.campaigns.rules import find_source_problem
from lumenpay.db.counting import list_page
from lumenpay.db.narrowing import equal
from lumenpay.db.session import TenantSession
from lumenpay.kit.ids import new_uuid7
from lumenpay.kit.paging import CountedPage, PageRequest
from lumenpay.models.campaigns import Campaign
from lumenpay.models.ids import BotId, PlanId, PromoCodeId
from lumenpay.plans.repository import get_plan
from lumenpay.promo_codes.service import get_promo_code


@dataclass(frozen=True, slots=True)
class CampaignTerms:
    """What a campaign is called, and what its link leads to."""

    name: str
    plan_id: UUID | None = None
    promo_code_id: UUID | None = None


async def create_campaign(
    session: TenantSession, *, bot_id: UUID, source: str, terms: CampaignTerms, actor: Actor, now: datetime
) -> Campaign:
    """Store a campaign of a bot. People who came with its source before are counted too.

    Raises:
        CampaignInvalidError: The source cannot be one, or plan or promo code are another bot's.
        CampaignSourceTakenError: The bot has one with this source, archived ones included.
        PlanNotFoundError: Unknown to this tenant.
        PromoCodeNotFoundError: Unknown to this tenant.
    """
    problem = find_source_problem(source)
    if problem:
        raise CampaignInvalidError(fields={"source": problem})
    campaign = Campaign(
        tenant_id=session.tenant_id, id=new_uuid7(), bot_id=BotId(bot_id), source=source, created_at=now
    )  # fmt: skip
    await _apply(session, campaign, terms)
    try:
        async with session.begin_nested():
            session.add(campaign)
    except IntegrityError as error:
        raise CampaignSourceTakenError(fields={"source": "taken"}) from error
    details = {"name": campaign.name, "source": source}
    record(session, actor=actor, action="campaign.created", subject_id=campaign.id, now=now, details=details)
    return campaign


async def change_campaign(
    session: TenantSession, campaign_id: UUID, *, terms: CampaignTerms, actor: Actor, now: datetime
) -> Campaign:
    """Store another name, and what the link leads to from now on; its source stays.

    Raises:
        CampaignNotFoundError: Unknown to this tenant.
        CampaignInvalidError: Plan or promo code are another bot's.
        PlanNotFoundError: Unknown to this tenant.
        PromoCodeNotFoundError: Unknown to this tenant.
    """
    campaign = await get_campaign(session, campaign_id)
    await _apply(session, campaign, terms)
    details = {"name": campaign.name}
    record(session, actor=actor, action="campaign.changed", subject_id=campaign.id, now=now, details=details)
    await session.flush()
    return campaign


async def archive_campaign(
    session: TenantSession, campaign_id: UUID, *, is_archived: bool, actor: Actor, now: datetime
) -> Campaign:
    """Leave a campaign out of the list, or bring it back; the link works and counts all the same. Safe to repeat.

    Raises:
        CampaignNotFoundError: Unknown to this tenant.
    """
    campaign = await get_campaign(session, campaign_id)
    if (campaign.archived_at is not None) != is_archived:
        campaign.archived_at = now if is_archived else None
        action = "campaign.archived" if is_archived else "campaign.restored"
        record(session, actor=actor, action=action, subject_id=campaign.id, now=now)
    await session.flush()
    return campaign


async def get_campaign(session: TenantSession, campaign_id: UUID) -> Campaign:
    """Return a campaign.

    Raises:
        CampaignNotFoundError: Unknown to this tenant.
    """
    campaign = await session.get(Campaign, (session.tenant_id, campaign_id))
    if campaign is None:
        raise CampaignNotFoundError
    return campaign


async def find_by_source(session: TenantSession, *, bot_id: UUID, source: str) -> Campaign | None:
    """Return the campaign that a payload of /start is of; archived ones still work."""
    query = select(Campaign).where(
        Campaign.tenant_id == session.tenant_id, Campaign.bot_id == bot_id, Campaign.source == source
    )
    return (await session.execute(query)).scalar_one_or_none()


async def list_campaigns(
    session: TenantSession, page: PageRequest, *, bot_id: UUID | None = None, is_archived: bool = False
) -> CountedPage[Campaign]:
    """Return campaigns, newest first.

    Raises:
        PageTooDeepError: The page lies beyond what is counted.
    """
    where = [
        Campaign.tenant_id == session.tenant_id,
        Campaign.archived_at.is_not(None) if is_archived else Campaign.archived_at.is_(None),
        *equal({Campaign.bot_id: bot_id}),
    ]
    return await list_page(session, Campaign, where, page, order=(Campaign.id.desc(),), is_narrowed=True)


async def list_names(session: TenantSession, *, limit: int = 1_000) -> list[Campaign]:
    """Return the campaigns that say what sources are called, archived ones included, the newest first."""
    query = select(Campaign).where(Campaign.tenant_id == session.tenant_id).order_by(Campaign.id.desc()).limit(limit)
    return list((await session.execute(query)).scalars())


async def _apply(session: TenantSession, campaign: Campaign, terms: CampaignTerms) -> None:
    problems: dict[str, str] = {}
    if terms.plan_id is not None and (await get_plan(session, terms.plan_id)).bot_id != campaign.bot_id:
        problems["plan_id"] = "wrong_bot"
    if terms.promo_code_id is not None:
        code = await get_promo_code(session, terms.promo_code_id)
        if code.bot_id != campaign.bot_id or code.user_id is not None:
            problems["promo_code_id"] = "wrong_bot"
    if problems:
        raise CampaignInvalidError(fields=problems)
    campaign.name = terms.name
    campaign.plan_id = PlanId(terms.plan_id) if terms.plan_id is not None else None
    campaign.promo_code_id = PromoCodeId(terms.promo_code_id) if terms.promo_code_id is not None else None
