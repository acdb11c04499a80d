"""What can go wrong between a tenant and the platform's bill."""

from __future__ import annotations

from lumenpay.errors import ConflictError, ErrorKind, LumenError, NotFoundError, UnavailableError
from lumenpay.tenants.errors import TenantSuspendedError


class SalesPausedError(TenantSuspendedError):
    """The platform is not paid: nothing is sold until it is. To a subscriber it is the same as a suspension."""

    code = "sales_paused"


class BillingOffError(ConflictError):
    """This installation bills nobody."""

    code = "billing_off"


class PlatformPlanNotFoundError(NotFoundError):
    """No plan of this code is sold."""

    code = "platform_plan_not_found"


class AlreadySubscribedError(ConflictError):
    """The tenant has a subscription; it is changed in Stripe's customer portal."""

    code = "already_subscribed"


class NeverBilledError(ConflictError):
    """Stripe does not know the tenant yet: there is nothing to look at in the customer portal."""

    code = "never_billed"


class StripeUnavailableError(UnavailableError):
    """Stripe gave no usable answer; the same question may be asked again."""

    code = "stripe_unavailable"


class StripeRefusedError(LumenError):
    """Stripe refused the question for good: the keys, the price or the settings of the account are wrong."""

    code = "stripe_refused"
    kind = ErrorKind.CONFLICT
