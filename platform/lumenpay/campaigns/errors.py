"""What can go wrong with campaigns."""

from __future__ import annotations

from lumenpay.errors import ConflictError, LumenError, NotFoundError


class CampaignNotFoundError(NotFoundError):
    """No such campaign in this tenant."""

    code = "campaign_not_found"


class CampaignSourceTakenError(ConflictError):
    """The bot has a campaign with this source already."""

    code = "campaign_source_taken"


class CampaignInvalidError(LumenError):
    """A campaign like this makes no sense; the fields say why."""

    code = "campaign_invalid"
