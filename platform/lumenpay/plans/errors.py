"""What can go wrong with plans."""

from datetime import datetime

from lumenpay.errors import ConflictError, LumenError, NotFoundError
from lumenpay.plans.sale_rules import PlanRefusal


class PlanNotFoundError(NotFoundError):
    """No such plan in this tenant."""

    code = "plan_not_found"


class PlanInvalidError(LumenError):
    """A plan like this cannot be sold; the fields say why."""

    code = "plan_invalid"


class PlanNotOnSaleError(ConflictError):
    """The plan is archived or not on sale now."""

    code = "plan_not_on_sale"


class PlanRefusedError(ConflictError):
    """This person cannot take the plan now.

    Attributes:
        refusal: Why not.
        ends_at: When the reason ends: what the person has of it, or the wait after too many orders.
    """

    code = "plan_refused"

    def __init__(self, refusal: PlanRefusal, *, ends_at: datetime | None = None) -> None:
        """Keep the reason."""
        super().__init__(refusal.value)
        self.refusal, self.ends_at = refusal, ends_at


class ChannelNotReadyError(ConflictError):
    """The bot lacks rights in a channel of the plan, so nobody could be let in."""

    code = "channel_not_ready"
