"""What can go wrong with plans."""

from lumenpay.errors import ConflictError, LumenError, NotFoundError


class PlanNotFoundError(NotFoundError):
    """No such plan in this tenant."""

    code = "plan_not_found"


class PlanInvalidError(LumenError):
    """A plan like this cannot be sold; the fields say why."""

    code = "plan_invalid"


class PlanNotOnSaleError(ConflictError):
    """The plan is archived or not on sale now."""

    code = "plan_not_on_sale"


class ChannelNotReadyError(ConflictError):
    """The bot lacks rights in a channel of the plan, so nobody could be let in."""

    code = "channel_not_ready"
