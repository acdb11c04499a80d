"""What each request of the API may contain."""

from sandbox.yookassa.errors import not_supported
from sandbox.yookassa.fields import (
    Check,
    amount_value,
    boolean,
    empty,
    integer,
    list_of,
    metadata,
    positive,
    shape,
    text,
)

CURRENCIES = frozenset(["RUB", "EUR", "USD", "KZT", "BYN", "UAH", "UZS", "TRY", "INR", "MDL", "AZN", "AMD"])
METHOD_TYPES = frozenset(
    [
        "bank_card",
        "cash",
        "sberbank",
        "tinkoff_bank",
        "yoo_money",
        "mobile_balance",
        "b2b_sberbank",
        "sbp",
        "sber_loan",
        "electronic_certificate",
        "sber_bnpl",
        "alfa_pay",
    ]
)
CONFIRMATION_TYPES = frozenset(["redirect", "external", "qr", "embedded", "mobile_application"])
_MEASURES = frozenset(
    [
        "piece",
        "gram",
        "kilogram",
        "ton",
        "centimeter",
        "decimeter",
        "meter",
        "square_centimeter",
        "square_decimeter",
        "square_meter",
        "milliliter",
        "liter",
        "cubic_meter",
        "kilowatt_hour",
        "gigacalorie",
        "day",
        "hour",
        "minute",
        "second",
        "kilobyte",
        "megabyte",
        "gigabyte",
        "terabyte",
        "another",
    ]
)
_PAYMENT_MODES = frozenset(
    ["full_prepayment", "partial_prepayment", "advance", "full_payment", "partial_payment", "credit", "credit_payment"]
)
_PAYMENT_SUBJECTS = frozenset(
    [
        "commodity",
        "excise",
        "job",
        "service",
        "gambling_bet",
        "gambling_prize",
        "lottery",
        "lottery_prize",
        "intellectual_activity",
        "payment",
        "agent_commission",
        "property_right",
        "non_operating_gain",
        "insurance_premium",
        "sales_tax",
        "resort_fee",
        "composite",
        "another",
        "fine",
        "tax",
        "lien",
        "cost",
        "pension_insurance_without_payouts",
        "pension_insurance_with_payouts",
        "health_insurance_without_payouts",
        "health_insurance_with_payouts",
        "health_insurance",
        "casino",
        "agent_withdrawals",
        "non_marked_excise",
        "marked_excise",
        "marked",
        "non_marked",
    ]
)


def _not_offered(value: object, path: str) -> None:
    del value
    raise not_supported(f"{path} is not available to this shop", path)


AMOUNT = shape({"value": amount_value, "currency": text(choices=CURRENCIES)}, required=frozenset({"value", "currency"}))
_URL = text(longest=2048, shortest=1, pattern=r"[A-Za-z][A-Za-z0-9+.-]*://\S+")
_CUSTOMER = shape(
    {
        "full_name": text(longest=256),
        "inn": text(pattern=r"\d{10}|\d{12}"),
        "email": text(longest=254, pattern=r"[^@\s]+@[^@\s]+\.[^@\s]+"),
        "phone": text(pattern=r"[0-9]{4,15}"),
    }
)
_ITEM_FIELDS: dict[str, Check] = {
    "description": text(longest=128, shortest=1),
    "amount": AMOUNT,
    "vat_code": integer(1, 12),
    "quantity": positive,
    "measure": text(choices=_MEASURES),
    "payment_subject": text(choices=_PAYMENT_SUBJECTS),
    "payment_mode": text(choices=_PAYMENT_MODES),
    "country_of_origin_code": text(pattern=r"[A-Z]{2}"),
    "customs_declaration_number": text(longest=32, shortest=1),
    "excise": text(pattern=r"\d{1,10}(\.\d{1,2})?"),
    "product_code": text(longest=96),
    "planned_status": integer(1, 6),
    "mark_quantity": _not_offered,
    "mark_code_info": _not_offered,
    "mark_mode": _not_offered,
    "payment_subject_industry_details": empty,
}
_ITEM_REQUIRED = frozenset({"description", "quantity", "amount", "vat_code"})
_RECEIPT_EXTRAS: dict[str, Check] = {
    "internet": boolean,
    "tax_system_code": integer(1, 6),
    "timezone": integer(1, 11),
    "receipt_industry_details": empty,
    "receipt_operational_details": _not_offered,
}
RECEIPT_DATA = shape(
    {
        "customer": _CUSTOMER,
        "items": list_of(shape(_ITEM_FIELDS, required=_ITEM_REQUIRED), longest=100, shortest=1),
        **_RECEIPT_EXTRAS,
        # Deprecated places of the customer's contacts, still sent by client libraries.
        "email": text(longest=254, pattern=r"[^@\s]+@[^@\s]+\.[^@\s]+"),
        "phone": text(pattern=r"[0-9]{4,15}"),
    },
    required=frozenset({"items"}),
)
_CONFIRMATION = shape(
    {
        "type": text(choices=CONFIRMATION_TYPES),
        "locale": text(choices=frozenset({"ru_RU", "en_US"})),
        "enforce": boolean,
        "return_url": _URL,
    },
    required=frozenset({"type"}),
)
_METHOD_DATA = shape(
    {"type": text(choices=METHOD_TYPES), "card": _not_offered, "phone": text(pattern=r"[0-9]{4,15}")},
    required=frozenset({"type"}),
)
PAYMENT = shape(
    {
        "amount": AMOUNT,
        "description": text(longest=128),
        "receipt": RECEIPT_DATA,
        "recipient": shape({"gateway_id": text(), "account_id": text()}, required=frozenset({"gateway_id"})),
        "payment_token": _not_offered,
        "payment_method_id": text(shortest=1, longest=64),
        "payment_method_data": _METHOD_DATA,
        "confirmation": _CONFIRMATION,
        "save_payment_method": boolean,
        "capture": boolean,
        "client_ip": text(longest=45, pattern=r"[0-9A-Fa-f:.]+"),
        "metadata": metadata,
        "airline": _not_offered,
        "transfers": empty,
        "deal": _not_offered,
        "merchant_customer_id": text(longest=200),
        "payment_order": _not_offered,
        "receiver": _not_offered,
        "statements": empty,
    },
    required=frozenset({"amount"}),
)
CAPTURE = shape(
    {"amount": AMOUNT, "receipt": RECEIPT_DATA, "airline": _not_offered, "transfers": empty, "deal": _not_offered}
)
CANCEL = shape({})
REFUND = shape(
    {
        "payment_id": text(longest=36, shortest=36),
        "amount": AMOUNT,
        "description": text(longest=250),
        "receipt": RECEIPT_DATA,
        "sources": empty,
        "deal": _not_offered,
        "refund_method_data": _not_offered,
        "metadata": metadata,
    },
    required=frozenset({"payment_id", "amount"}),
)
_SETTLEMENT = shape(
    {"type": text(choices=frozenset({"cashless", "prepayment", "postpayment", "consideration"})), "amount": AMOUNT},
    required=frozenset({"type", "amount"}),
)
RECEIPT = shape(
    {
        "type": text(choices=frozenset({"payment", "refund"})),
        "payment_id": text(longest=36, shortest=36),
        "refund_id": text(longest=36, shortest=36),
        "customer": _CUSTOMER,
        "items": list_of(
            shape(
                {
                    **_ITEM_FIELDS,
                    "additional_payment_subject_props": text(longest=64),
                    "supplier": _not_offered,
                    "agent_type": _not_offered,
                },
                required=_ITEM_REQUIRED,
            ),
            longest=100,
            shortest=1,
        ),
        **_RECEIPT_EXTRAS,
        "send": boolean,
        "additional_user_props": _not_offered,
        "settlements": list_of(_SETTLEMENT, longest=100, shortest=1),
        "on_behalf_of": _not_offered,
    },
    required=frozenset({"customer", "type", "send", "settlements", "items"}),
)
