"""A row of every table for a tenant of the cast; whatever is not unique over the platform has equal values in both."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy.dialects.postgresql import Range

from lumenpay.kit.ids import new_uuid7
from lumenpay.models.access import AccessAction, AccessLog, EntryLink, Membership, WantedPlace
from lumenpay.models.analytics import FunnelDay, MoneyDay, PeopleDay, SourceDay
from lumenpay.models.api_keys import ApiKey
from lumenpay.models.audit import AuditEvent
from lumenpay.models.autopays import Autopay, AutopayConsent, SubscriptionCharge
from lumenpay.models.bots import Bot, ShopStatus
from lumenpay.models.broadcasts import (
    BroadcastCategory,
    BroadcastOptOut,
    BroadcastRecipient,
    RecipientState,
    ScheduledBroadcast,
)
from lumenpay.models.channels import Channel, ChannelKind, EntryMode
from lumenpay.models.erasures import PersonKey
from lumenpay.models.exports import Export, ExportFormat, ExportKind, ExportPart, ExportStatus
from lumenpay.models.extensions import Extension, ExtensionItem, ExtensionStatus
from lumenpay.models.fiscal_receipts import (
    ContactKind,
    FiscalReceipt,
    PaymentMode,
    PaymentSubject,
    ReceiptContact,
    ReceiptKind,
    ReceiptSettings,
    ReceiptState,
)
from lumenpay.models.idempotence import IdempotentRequest
from lumenpay.models.imports import Import, ImportKind, ImportOutcome, ImportRow, ImportStatus
from lumenpay.models.invitations import Invitation
from lumenpay.models.jobs import Job, JobStatus
from lumenpay.models.ledger import LedgerAccount, LedgerEntry
from lumenpay.models.messages import BotMessage, TermsVersion
from lumenpay.models.payments import DeliveryState, Payment, PaymentStatus
from lumenpay.models.plans import PeriodUnit, Plan, PlanChannel, PlanUnlock, TrialUse
from lumenpay.models.promo_codes import DiscountKind, PromoCode, PromoCodeBatch, PromoCodePlan, PromoCodeUse
from lumenpay.models.reconciliations import (
    FindingKind,
    FindingState,
    Reconciliation,
    ReconciliationFinding,
    ReconciliationSighting,
    ReconciliationStatus,
)
from lumenpay.models.refunds import AccessAfterRefund, Refund, RefundOrigin, RefundStatus
from lumenpay.models.subscriptions import Grant, Subscription, SubscriptionPeriod, SubscriptionReminder
from lumenpay.models.sweeps import MembershipSweep, SweepStatus, SweptMember
from lumenpay.models.tenants import Impersonation, Role, Tenant, TenantMember
from lumenpay.models.test_drives import TestDrive
from lumenpay.models.users import User, UserTag
from lumenpay.models.webhooks import WebhookDelivery, WebhookDeliveryStatus, WebhookEndpoint, WebhookEvent
from lumenpay.test_drives.rules import new_drive_tenant_id
from tests.isolation.offer_rows import offers_of

if TYPE_CHECKING:
    from tests.isolation.cast import Side


def rows_of(side: Side, now: datetime, *, shop_id: str) -> list[list[Any]]:
    """Return rows of every table in the order in which they need one another."""
    ids, mark, at = side.ids, side.mark, {"created_at": now}
    tenant = {"tenant_id": ids["tenant_id"]}
    bot, user, plan = ({**tenant, name: ids[name]} for name in ("bot_id", "user_id", "plan_id"))
    paid, subscribed = ({**tenant, name: ids[name]} for name in ("payment_id", "subscription_id"))
    month = now + timedelta(days=30)
    day = {**tenant, "day": now.date() - timedelta(days=40), "is_test": False}
    return [
        [Tenant(id=ids["tenant_id"], name=f"{mark} tenant", **at)],
        [TenantMember(**tenant, admin_id=person.admin_id, role=role, **at) for role, person in side.people.items()],
        [Bot(**tenant, id=ids["bot_id"], username=f"{mark}_bot", name=mark, shop_status=ShopStatus.ACTIVE, **at)],
        [
            Channel(
                **bot, id=ids["channel_id"], chat_id=-1_001_234_567, kind=ChannelKind.CHANNEL, title=f"{mark} club",
                can_invite_users=True, can_restrict_members=True, **at,
            ),
            User(**bot, id=ids["user_id"], telegram_id=4242, first_name=mark, source=mark, last_seen_at=now, **at),
            Plan(
                **bot, id=ids["plan_id"], title=f"{mark} month", description=mark, price_minor=50_000, currency="RUB",
                period_unit=PeriodUnit.MONTH, period_count=1, **at,
            ),
            PromoCodeBatch(**bot, id=ids["batch_id"], idempotence_key=f"{mark}-batch", request={"mark": mark}, **at),
            BotMessage(**bot, id=ids["message_id"], key="welcome", locale="ru", text=f"{mark} welcome", updated_at=now),
            ScheduledBroadcast(**bot, id=ids["broadcast_id"], title=mark, text=mark, segment={}, **at),
            Job(
                **bot, id=ids["job_id"], queue="housekeeping", kind="bots.check_health", last_error=f"{mark} failed",
                payload={"bot_id": str(ids["bot_id"])}, status=JobStatus.DEAD, run_at=now, finished_at=now, **at,
            ),
            PeopleDay(**day, cohort=day["day"].replace(day=1), began=1),
            MoneyDay(**day, cohort=day["day"].replace(day=1), currency="RUB"),
            SourceDay(**day, currency="RUB", source=mark, promo_code_id=ids["promo_code_id"]),
            FunnelDay(**tenant, started_on=day["day"], is_test=False, started=1),
            TestDrive(
                **bot, id=ids["drive_id"], admin_id=new_uuid7(), drive_tenant_id=new_drive_tenant_id(), locale="ru",
                shop_id=f"{ids['drive_id'].int}", ends_at=month, next_step_at=month, **drive_numbers(side), **at,
            ),
            AuditEvent(
                **tenant, id=new_uuid7(), actor_kind="admin", actor_id=ids["actor_id"], subject_id=ids["subject_id"],
                action="bot.connected", details={"mark": mark}, **at,
            ),
            Impersonation(
                **tenant, id=ids["impersonation_id"], staff_id=ids["actor_id"], staff_name=mark, reason=f"{mark} asked",
                started_at=now, ends_at=now + timedelta(minutes=20),
            ),
            ApiKey(
                **tenant, id=ids["api_key_id"], name=mark, prefix="lpk_1234abcd", secret_hash=b"s" * 32,
                scopes=["payments:read"], **at,
            ),
            WebhookEndpoint(
                **tenant, id=ids["webhook_endpoint_id"], url=f"https://{mark}.example.com/hook", description=mark,
                event_types=["payment.succeeded"], **at,
            ),
            WebhookEvent(
                **tenant, id=ids["webhook_event_id"], type="payment.succeeded", body=b'{"mark":"%s"}' % mark.encode(),
                **at,
            ),
            IdempotentRequest(
                **tenant, caller_id=ids["api_key_id"], key="the-same", request_hash=b"r" * 32, lease_id=new_uuid7(),
                leased_until=now, status=200, body=mark.encode(), **at,
            ),
            Invitation(
                **tenant, id=ids["invitation_id"], email="new@example.com", role=Role.ANALYST, locale="ru",
                token_hash=b"t" * 32, expires_at=month, **at,
            ),
        ],
        [
            WebhookDelivery(
                **tenant, id=ids["webhook_delivery_id"], endpoint_id=ids["webhook_endpoint_id"],
                event_id=ids["webhook_event_id"], status=WebhookDeliveryStatus.DEAD, failure="timeout", **at,
            ),
            Export(
                **tenant, id=ids["export_id"], kind=ExportKind.PAYMENTS, format=ExportFormat.CSV, filters={},
                columns=["id"], time_zone="UTC", locale="en", status=ExportStatus.DONE, size_bytes=len(mark),
                expires_at=now + timedelta(days=1), **at,
            ),
            Export(
                **tenant, id=ids["whole_export_id"], kind=ExportKind.WHOLE, format=ExportFormat.CSV, filters={},
                columns=[], time_zone="UTC", locale="en", status=ExportStatus.DONE, size_bytes=0,
                expires_at=now + timedelta(days=1), **at,
            ),
            UserTag(**user, tag="vip", **at),
            TermsVersion(**tenant, version="0" * 16, locale="ru", text=f"{mark} terms", **at),
            PersonKey(**tenant, id=new_uuid7(), key=mark.encode()),
            BroadcastRecipient(
                **user, broadcast_id=ids["broadcast_id"], state=RecipientState.UNCERTAIN, reason=mark, changed_at=now
            ),
            BroadcastOptOut(**user, category=BroadcastCategory.EVENTS, **at),
            ReceiptSettings(
                **bot, is_on=True, vat_code=11, subject=PaymentSubject.SERVICE, mode=PaymentMode.FULL_PAYMENT,
                changed_at=now,
            ),
            ReceiptContact(**user, kind=ContactKind.EMAIL, value=f"{mark}@example.org", given_at=now),
            Extension(
                **tenant, id=ids["extension_id"], days=7, filters={"search": mark}, status=ExtensionStatus.DONE,
                idempotence_key=f"{mark}-extension", total_count=1, done_count=1, **at,
            ),
        ],
        [
            PromoCode(
                **bot, id=ids["promo_code_id"], batch_id=ids["batch_id"], code="SPRING",
                discount_kind=DiscountKind.PERCENT, discount_value=10, **at,
            ),
        ],
        [
            Import(
                **plan, id=ids["import_id"], bot_id=ids["bot_id"], kind=ImportKind.CSV, file_name=f"{mark}.csv",
                file_digest="0" * 64, grace_days=7, idempotence_key=f"{mark}-import", status=ImportStatus.CHECKED, **at,
            ),
            ExtensionItem(**tenant, extension_id=ids["extension_id"], subscription_id=ids["subscription_id"]),
            ExportPart(**tenant, export_id=ids["export_id"], is_file=True, position=0, body=mark.encode()),
            PlanChannel(**plan, channel_id=ids["channel_id"]),
            PlanUnlock(**plan, user_id=ids["user_id"], code=mark.upper(), **at),
            TrialUse(**plan, telegram_id=4242, payment_id=ids["payment_id"], **at),
            PromoCodePlan(**plan, promo_code_id=ids["promo_code_id"]),
            Subscription(
                **plan, id=ids["subscription_id"], bot_id=ids["bot_id"], user_id=ids["user_id"], starts_at=now,
                ends_at=month, access_ends_at=month, **at,
            ),
            Payment(
                **plan, id=ids["payment_id"], bot_id=ids["bot_id"], user_id=ids["user_id"], provider="yookassa",
                promo_code_id=ids["promo_code_id"], status=PaymentStatus.SUCCEEDED, delivery_state=DeliveryState.PAID,
                amount_minor=45_000, list_price_minor=50_000, currency="RUB", period_unit=PeriodUnit.MONTH,
                period_count=1, description=mark, idempotence_key="key", provider_payment_id="2d1f-gateway",
                shop_id=shop_id, settled_at=now, **at,
            ),
            Membership(
                **user,
                id=ids["membership_id"],
                channel_id=ids["channel_id"],
                telegram_id=4242,
                wanted=WantedPlace.INSIDE,
                **at,
            ),
            EntryLink(
                **user, id=ids["link_id"], channel_id=ids["channel_id"], mode=EntryMode.JOIN_REQUEST,
                url=f"https://t.me/+{mark}", **at,
            ),
        ],
        [
            ImportRow(
                **tenant, import_id=ids["import_id"], line=2, username=mark.lower(), name=mark, note=mark,
                outcome=ImportOutcome.CLAIM, is_done=True, claim_token=f"{mark}-claim",
            ),
            Reconciliation(
                **bot, id=ids["reconciliation_id"], shop_id="100", status=ReconciliationStatus.DONE, from_at=now,
                until_at=now, problem=mark, finished_at=now, **at,
            ),
            MembershipSweep(
                **tenant, id=ids["sweep_id"], channel_id=ids["channel_id"], status=SweepStatus.BRAKED,
                to_remove_count=1, **at,
            ),
        ],
        [
            ReconciliationFinding(
                **bot, id=ids["finding_id"], reconciliation_id=ids["reconciliation_id"], kind=FindingKind.MISMATCH,
                state=FindingState.OPEN, subject="2d1f-gateway", payment_id=ids["payment_id"],
                details={"reason": mark}, found_at=now, seen_at=now,
            ),
            ReconciliationSighting(**paid, reconciliation_id=ids["reconciliation_id"]),
            SweptMember(**tenant, sweep_id=ids["sweep_id"], membership_id=ids["membership_id"]),
        ],
        [
            Refund(
                **paid, id=ids["refund_id"], origin=RefundOrigin.PORTAL, status=RefundStatus.PENDING,
                amount_minor=1_000, currency="RUB", reason=mark, access=AccessAfterRefund.KEEP,
                request_key="refund-key", idempotence_key="refund", provider_refund_id="2d1f-refund", **at,
            ),
            FiscalReceipt(
                **paid, id=ids["receipt_id"], kind=ReceiptKind.PAYMENT, state=ReceiptState.FAILED, attempts=1,
                idempotence_key="receipt", failure=f"refused:{mark}", state_changed_at=now, **at,
            ),
            PromoCodeUse(**paid, promo_code_id=ids["promo_code_id"], user_id=ids["user_id"], **at),
            SubscriptionPeriod(
                **paid, id=new_uuid7(), subscription_id=ids["subscription_id"], during=Range(now, month), **at
            ),
            Grant(**paid, subscription_id=ids["subscription_id"], granted_at=now),
            SubscriptionReminder(**subscribed, ends_at=month, offset_seconds=3600, **at),
            AutopayConsent(
                **paid, user_id=ids["user_id"], version="1", locale="ru", text=mark, amount_minor=50_000,
                currency="RUB", period_unit=PeriodUnit.MONTH, period_count=1, given_at=now,
            ),
            Autopay(
                **subscribed, bot_id=ids["bot_id"], user_id=ids["user_id"], consent_payment_id=ids["payment_id"],
                method_ref=f"{mark}-method", method_title=mark, shop_id="100", **at,
            ),
            SubscriptionCharge(
                **subscribed, id=new_uuid7(), ends_at=month, payment_id=ids["payment_id"], attempts=1, **at
            ),
            *_ledger(side, now),
            AccessLog(
                **user, id=new_uuid7(), action=AccessAction.GRANTED, reason=mark, telegram_id=4242,
                channel_id=ids["channel_id"], payment_id=ids["payment_id"], subscription_id=ids["subscription_id"],
                **at,
            ),
        ],
        *offers_of(side, now),
    ]  # fmt: skip


def drive_numbers(side: Side) -> dict[str, int]:
    """Return the ids that a side's test drive has in the sandbox."""
    first = 4_000_000_000_000_000 + side.ids["drive_id"].int % 10**12
    names = ("telegram_bot_id", "telegram_user_id", "telegram_owner_id")
    return {name: first + number for number, name in enumerate(names)}


def _ledger(side: Side, now: datetime) -> list[LedgerEntry]:
    transaction_id = new_uuid7()
    return [
        LedgerEntry(
            tenant_id=side.tenant_id, id=new_uuid7(), transaction_id=transaction_id, kind="payment", account=account,
            payment_id=side.ids["payment_id"], amount_minor=amount, currency="RUB", created_at=now,
        )
        for account, amount in ((LedgerAccount.GATEWAY, 45_000), (LedgerAccount.REVENUE, -45_000))
    ]  # fmt: skip
