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
from lumenpay.models.admins import Admin, AdminSession
from lumenpay.models.analytics import FunnelDay, MoneyDay, PeopleDay, SourceDay
from lumenpay.models.audit import AuditEvent
from lumenpay.models.base import Base
from lumenpay.models.bots import Bot
from lumenpay.models.broadcasts import ScheduledBroadcast
from lumenpay.models.channels import Channel
from lumenpay.models.exports import Export, ExportPart
from lumenpay.models.inbox import BotInbox, PaymentNotice, TelegramUpdate
from lumenpay.models.invitations import Invitation
from lumenpay.models.jobs import Job, ScheduledTick
from lumenpay.models.ledger import LedgerEntry
from lumenpay.models.letters import Letter
from lumenpay.models.messages import BotMessage
from lumenpay.models.payments import Payment
from lumenpay.models.plans import Plan, PlanChannel
from lumenpay.models.promo_codes import PromoCode, PromoCodePlan, PromoCodeUse
from lumenpay.models.subscriptions import Grant, Subscription, SubscriptionPeriod, SubscriptionReminder
from lumenpay.models.tenants import Tenant, TenantMember
from lumenpay.models.users import User, UserTag

__all__ = [
    "AccessLog",
    "AccountEvent",
    "Admin",
    "AdminIdentity",
    "AdminSession",
    "AdminTotp",
    "AuditEvent",
    "Base",
    "Bot",
    "BotInbox",
    "BotMessage",
    "Channel",
    "EntryLink",
    "Export",
    "ExportPart",
    "FunnelDay",
    "Grant",
    "Invitation",
    "Job",
    "LedgerEntry",
    "Letter",
    "LoginChallenge",
    "MailToken",
    "Membership",
    "MoneyDay",
    "OidcAttempt",
    "Payment",
    "PaymentNotice",
    "PeopleDay",
    "Plan",
    "PlanChannel",
    "PromoCode",
    "PromoCodePlan",
    "PromoCodeUse",
    "RecoveryCode",
    "ScheduledBroadcast",
    "ScheduledTick",
    "SignUp",
    "SourceDay",
    "Subscription",
    "SubscriptionPeriod",
    "SubscriptionReminder",
    "TelegramUpdate",
    "Tenant",
    "TenantMember",
    "User",
    "UserTag",
]
