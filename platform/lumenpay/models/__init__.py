"""Tables: one file per noun, columns and constraints, no decisions. Importing this package registers all of them."""

from lumenpay.models.access import AccessLog, EntryLink, Membership
from lumenpay.models.accounts import (
    AccountEvent,
    AdminIdentity,
    AdminTotp,
    LoginChallenge,
    MailToken,
    OidcAttempt,
    RecoveryCode,
    SignUp,
)
from lumenpay.models.admins import Admin, AdminSession, StaffMember
from lumenpay.models.analytics import FunnelDay, MoneyDay, PeopleDay, SourceDay
from lumenpay.models.api_keys import ApiKey
from lumenpay.models.audit import AuditEvent, AuditLink, PlatformEvent
from lumenpay.models.autopays import Autopay, AutopayConsent, SubscriptionCharge
from lumenpay.models.base import Base
from lumenpay.models.billing import PlatformPlan, PlatformRefund, PlatformSubscription, StripeEvent
from lumenpay.models.bots import Bot
from lumenpay.models.broadcasts import BroadcastOptOut, BroadcastRecipient, ScheduledBroadcast
from lumenpay.models.campaigns import Campaign
from lumenpay.models.channels import Channel
from lumenpay.models.erasures import Erasure, ForgettingRule, PersonKey
from lumenpay.models.exports import Export, ExportPart
from lumenpay.models.extensions import Extension, ExtensionItem
from lumenpay.models.features import PlatformFeature, TenantFeature
from lumenpay.models.fiscal_receipts import FiscalReceipt, ReceiptContact, ReceiptSettings
from lumenpay.models.gifts import Gift, GiftLink
from lumenpay.models.idempotence import IdempotentRequest
from lumenpay.models.imports import Import, ImportRow
from lumenpay.models.inbox import BotInbox, PaymentNotice, TelegramUpdate
from lumenpay.models.invariants import InvariantResult
from lumenpay.models.invitations import Invitation
from lumenpay.models.jobs import Job, ScheduledTick
from lumenpay.models.ledger import LedgerEntry
from lumenpay.models.letters import Letter
from lumenpay.models.messages import BotMessage, TermsVersion
from lumenpay.models.pauses import Leaving, LeavingRules, SubscriptionPause
from lumenpay.models.payments import Payment
from lumenpay.models.plan_changes import PlanChange
from lumenpay.models.plans import Plan, PlanChannel
from lumenpay.models.promo_codes import PromoCode, PromoCodeBatch, PromoCodePlan, PromoCodeUse
from lumenpay.models.reconciliations import Reconciliation, ReconciliationFinding, ReconciliationSighting
from lumenpay.models.referrals import Referral, ReferralSettings
from lumenpay.models.refunds import Refund
from lumenpay.models.subscriptions import Grant, Subscription, SubscriptionPeriod, SubscriptionReminder
from lumenpay.models.sweeps import MembershipSweep, SweptMember
from lumenpay.models.tenants import Impersonation, Tenant, TenantMember
from lumenpay.models.test_drives import TestDrive
from lumenpay.models.users import User, UserTag
from lumenpay.models.webhooks import WebhookDelivery, WebhookEndpoint, WebhookEvent
from lumenpay.models.win_backs import WinBack, WinBackOffer, WinBackOptOut, WinBackSeries, WinBackStep

__all__ = [
    "AccessLog",
    "AccountEvent",
    "Admin",
    "AdminIdentity",
    "AdminSession",
    "AdminTotp",
    "ApiKey",
    "AuditEvent",
    "AuditLink",
    "Autopay",
    "AutopayConsent",
    "Base",
    "Bot",
    "BotInbox",
    "BotMessage",
    "BroadcastOptOut",
    "BroadcastRecipient",
    "Campaign",
    "Channel",
    "EntryLink",
    "Erasure",
    "Export",
    "ExportPart",
    "Extension",
    "ExtensionItem",
    "FiscalReceipt",
    "ForgettingRule",
    "FunnelDay",
    "Gift",
    "GiftLink",
    "Grant",
    "IdempotentRequest",
    "Impersonation",
    "Import",
    "ImportRow",
    "InvariantResult",
    "Invitation",
    "Job",
    "Leaving",
    "LeavingRules",
    "LedgerEntry",
    "Letter",
    "LoginChallenge",
    "MailToken",
    "Membership",
    "MembershipSweep",
    "MoneyDay",
    "OidcAttempt",
    "Payment",
    "PaymentNotice",
    "PeopleDay",
    "PersonKey",
    "Plan",
    "PlanChange",
    "PlanChannel",
    "PlatformEvent",
    "PlatformFeature",
    "PlatformPlan",
    "PlatformRefund",
    "PlatformSubscription",
    "PromoCode",
    "PromoCodeBatch",
    "PromoCodePlan",
    "PromoCodeUse",
    "ReceiptContact",
    "ReceiptSettings",
    "Reconciliation",
    "ReconciliationFinding",
    "ReconciliationSighting",
    "RecoveryCode",
    "Referral",
    "ReferralSettings",
    "Refund",
    "ScheduledBroadcast",
    "ScheduledTick",
    "SignUp",
    "SourceDay",
    "StaffMember",
    "StripeEvent",
    "Subscription",
    "SubscriptionCharge",
    "SubscriptionPause",
    "SubscriptionPeriod",
    "SubscriptionReminder",
    "SweptMember",
    "TelegramUpdate",
    "Tenant",
    "TenantFeature",
    "TenantMember",
    "TermsVersion",
    "TestDrive",
    "User",
    "UserTag",
    "WebhookDelivery",
    "WebhookEndpoint",
    "WebhookEvent",
    "WinBack",
    "WinBackOffer",
    "WinBackOptOut",
    "WinBackSeries",
    "WinBackStep",
]
