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


class PlatformInvoiceNotFoundError(NotFoundError):
    """Stripe has no such invoice of this tenant."""

    code = "platform_invoice_not_found"


class InvoiceNotRefundableError(ConflictError):
    """No card paid the invoice, or all of it went back."""

    code = "platform_invoice_not_refundable"


class RefundOnItsWayError(ConflictError):
    """Some of the invoice is going back; what is left is known when that has ended."""

    code = "platform_refund_on_its_way"


class PlatformRefundTooLargeError(ConflictError):
    """More than what is left of the invoice."""

    code = "refund_too_large"

    def __init__(self) -> None:
        """Name the field."""
        super().__init__(fields={"amount_minor": "more_than_left"})
