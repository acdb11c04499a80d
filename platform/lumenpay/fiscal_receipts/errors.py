"""What can go wrong with fiscal receipts."""

from __future__ import annotations

from lumenpay.errors import ConflictError, NotFoundError


class ReceiptNotFoundError(NotFoundError):
    """No such fiscal receipt in this tenant."""

    code = "fiscal_receipt_not_found"


class ReceiptNotFailedError(ConflictError):
    """The receipt is registered, or on its way: there is nothing to try again."""

    code = "fiscal_receipt_not_failed"


class ReceiptContactMissingError(ConflictError):
    """Nobody knows where the receipt is to go: the payer has given no address."""

    code = "fiscal_receipt_contact_missing"


class ReceiptSettingsMissingError(ConflictError):
    """The bot's shop has no settings to make a receipt from."""

    code = "receipt_settings_missing"
