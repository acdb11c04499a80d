"""Files of the whole export about what is sold and paid, and about the project itself."""

from __future__ import annotations

from typing import Final

from lumenpay.exports.whole.files import WholeFile
from lumenpay.models.analytics import FunnelDay, MoneyDay, PeopleDay, SourceDay
from lumenpay.models.api_keys import ApiKey
from lumenpay.models.audit import AuditEvent
from lumenpay.models.autopays import Autopay, AutopayConsent, SubscriptionCharge
from lumenpay.models.bots import Bot
from lumenpay.models.channels import Channel
from lumenpay.models.extensions import Extension
from lumenpay.models.fiscal_receipts import FiscalReceipt, ReceiptSettings
from lumenpay.models.gifts import Gift
from lumenpay.models.invitations import Invitation
from lumenpay.models.ledger import LedgerEntry
from lumenpay.models.messages import TermsVersion
from lumenpay.models.pauses import SubscriptionPause
from lumenpay.models.payments import Payment
from lumenpay.models.plan_changes import PlanChange
from lumenpay.models.plans import Plan, PlanChannel
from lumenpay.models.promo_codes import PromoCode, PromoCodePlan, PromoCodeUse
from lumenpay.models.reconciliations import Reconciliation, ReconciliationFinding
from lumenpay.models.refunds import Refund
from lumenpay.models.subscriptions import Grant, Subscription, SubscriptionPeriod, SubscriptionReminder
from lumenpay.models.tenants import Impersonation, TenantMember
from lumenpay.models.webhooks import WebhookEndpoint

OF_TRADE: Final[tuple[WholeFile, ...]] = (
    WholeFile(
        "plans", Plan, "Тарифы", "Plans",
        columns="id bot_id title description price_minor currency stars period_unit period_count fixed_end_at position "
        "is_on_sale is_hidden is_recurring is_giftable is_trial access_code audience audience_plan_ids allows_changes "
        "capacity sale_starts_at sale_ends_at receipt_vat_code receipt_subject receipt_mode archived_at created_at",
    ),
    WholeFile(
        "plan_channels", PlanChannel, "Какие каналы открывает тариф", "Channels that a plan opens",
        columns="plan_id channel_id",
    ),
    WholeFile(
        "promo_codes", PromoCode,
        "Промокоды; discount_value — проценты, копейки (центы) или дни, смотря по discount_kind",
        "Promo codes; discount_value is percent, cents (kopecks) or days, by discount_kind",
        columns="id bot_id batch_id user_id code discount_kind discount_value currency max_uses max_uses_per_user "
        "uses_count is_first_purchase_only is_active valid_from_at valid_until_at created_at",
    ),
    WholeFile(
        "promo_code_plans", PromoCodePlan, "На какие тарифы действует промокод", "Plans that a promo code is good for",
        columns="promo_code_id plan_id",
    ),
    WholeFile(
        "promo_code_uses", PromoCodeUse, "Кто каким промокодом воспользовался", "Who used which promo code",
        columns="payment_id promo_code_id user_id status created_at",
    ),
    WholeFile(
        "payments", Payment, "Платежи", "Payments",
        columns="id bot_id user_id plan_id promo_code_id provider method shop_id status delivery_state amount_minor "
        "credit_minor refunded_minor list_price_minor currency period_unit period_count extra_days fixed_end_at source "
        "description provider_payment_id is_test terms_version saves_method is_gift is_autopay superseded_at "
        "checked_at check_result settled_at cancellation_reason quarantine_reason receipt_sent_at receipt_state "
        "created_at",
        withheld="idempotence_key key_first_sent_at request_body confirmation_url next_check_at checks_count "
        "chat_message_id delay_told_at",
    ),
    WholeFile(
        "refunds", Refund, "Возвраты", "Refunds",
        columns="id payment_id origin status amount_minor currency reason access requested_by provider_refund_id "
        "check_result cancellation_reason quarantine_reason settled_at told_at created_at",
        withheld="request_key idempotence_key key_first_sent_at request_body next_check_at checks_count",
    ),
    WholeFile(
        "ledger_entries", LedgerEntry, "Проводки: двойная запись по каждому платежу и возврату",
        "Ledger: double entry of each payment and refund",
        columns="id transaction_id payment_id kind refund_id account amount_minor currency created_at",
    ),
    WholeFile(
        "fiscal_receipts", FiscalReceipt, "Фискальные чеки", "Fiscal receipts",
        columns="id payment_id refund_id kind state attempts provider_receipt_id failure requested_by state_changed_at "
        "created_at", withheld="idempotence_key key_first_sent_at request_body next_step_at",
    ),
    WholeFile(
        "receipt_settings", ReceiptSettings, "Настройки чеков", "Settings of receipts",
        columns="bot_id is_on takes_phone vat_code tax_system_code subject mode changed_at",
    ),
    WholeFile(
        "reconciliations", Reconciliation, "Сверки с кассой", "Reconciliations with the gateway",
        columns="id bot_id provider shop_id status from_at until_at listed_count foreign_count ours_count "
        "repaired_count open_count problem requested_by created_at finished_at", withheld="stage cursor steps_count",
    ),
    WholeFile(
        "reconciliation_findings", ReconciliationFinding, "Что нашли сверки", "What reconciliations found",
        columns="id bot_id reconciliation_id provider kind state subject payment_id details found_at seen_at closed_at "
        "closed_by",
    ),
    WholeFile(
        "subscriptions", Subscription, "Подписки", "Subscriptions",
        columns="id bot_id user_id plan_id status starts_at ends_at access_ends_at paused_until_at expired_at "
        "created_at", withheld="next_reminder_at",
    ),
    WholeFile(
        "subscription_periods", SubscriptionPeriod, "Оплаченные периоды подписок", "Periods that were paid for",
        columns="id subscription_id payment_id during at_first created_at",
    ),
    WholeFile(
        "grants", Grant, "Какой платёж какую подписку открыл", "Which payment opened which subscription",
        columns="payment_id subscription_id granted_at",
    ),
    WholeFile(
        "subscription_pauses", SubscriptionPause, "Паузы подписок", "Pauses of subscriptions",
        columns="id subscription_id started_by started_at until_at told_at ended_at ended_by", withheld="next_step_at",
    ),
    WholeFile(
        "subscription_reminders", SubscriptionReminder, "Напоминания об окончании", "Reminders of an end",
        columns="subscription_id ends_at offset_seconds created_at",
    ),
    WholeFile(
        "plan_changes", PlanChange, "Переходы между тарифами", "Changes of plan",
        columns="payment_id subscription_id user_id from_plan_id to_plan_id kind credit_minor applied_credit_minor "
        "currency kept_seconds sources renews quoted_at created_at applied_at undone_at",
    ),
    WholeFile(
        "autopays", Autopay, "Автоплатежи, без данных карт", "Autopay, without data of cards",
        columns="subscription_id bot_id user_id consent_payment_id status method_title shop_id is_test noticed_end_at "
        "noticed_at last_failure last_failed_at off_reason off_at created_at", withheld="method_ref next_step_at",
    ),
    WholeFile(
        "autopay_consents", AutopayConsent, "Согласия на автоплатёж", "Consents to autopay",
        columns="payment_id user_id version locale text amount_minor currency period_unit period_count given_at",
    ),
    WholeFile(
        "autopay_charges", SubscriptionCharge, "Списания автоплатежей", "Charges of autopay",
        columns="id subscription_id ends_at payment_id attempts state created_at",
    ),
    WholeFile(
        "gifts", Gift, "Подарки", "Gifts",
        columns="id bot_id plan_id payment_id giver_id status expires_at reminders_count opened_at receiver_id "
        "claim_payment_id claimed_at closed_at created_at", withheld="next_step_at",
    ),
    WholeFile(
        "extensions", Extension, "Продления списком", "Days given to many at once",
        columns="id days filters status total_count done_count passed_count requested_by created_at finished_at",
        withheld="idempotence_key",
    ),
    WholeFile("terms", TermsVersion, "Тексты условий", "Texts of the terms", columns="version locale text created_at"),
    WholeFile(
        "bots", Bot, "Боты и магазины, без токенов и ключей", "Bots and shops, without tokens and keys",
        columns="id telegram_id username name status shop_id shop_status shop_fault shop_is_test health_code "
        "last_update_at shop_notice_at created_by created_at",
        withheld="former_telegram_id token_sealed token_key_id token_hint webhook_sealed webhook_key_id "
        "webhook_key_hash webhook_secret_hash webhook_set_at menu_digest menu_due_at health_changed_at "
        "health_told_code health_told_at shop_sealed shop_key_id shop_key_hint notice_key_hash shop_checked_at "
        "shop_recurring_refused_at shop_told_fault refused_chat_id refused_chat_title refused_chat_reason "
        "reconcile_at stars_reconcile_at refunds_swept_at",
    ),
    WholeFile(
        "channels", Channel, "Каналы и группы", "Channels and groups",
        columns="id bot_id chat_id kind title username status can_invite_users can_restrict_members entry_mode "
        "removes_strangers rights_checked_at created_at", withheld="next_check_at next_sweep_at",
    ),
    WholeFile(
        "team", TenantMember, "Команда проекта", "The team", columns="admin_id role created_at", named_by="admin_id",
    ),
    WholeFile(
        "invitations", Invitation, "Приглашения в команду", "Invitations to the team",
        columns="id email role locale invited_by created_at expires_at sent_at accepted_at revoked_at",
        withheld="token_hash",
    ),
    WholeFile(
        "api_keys", ApiKey, "Ключи API, без самих ключей", "API keys, without the keys themselves",
        columns="id name prefix scopes created_by created_at expires_at last_used_at revoked_at",
        withheld="secret_hash previous_hash previous_until_at",
    ),
    WholeFile(
        "webhooks", WebhookEndpoint, "Вебхуки, без секретов", "Webhooks, without their secrets",
        columns="id url description event_types disabled_because failing_since_at created_at",
        withheld="secret_sealed secret_key_id previous_sealed previous_key_id previous_until_at held_until_at",
    ),
    WholeFile(
        "audit_events", AuditEvent, "Журнал: кто что изменил", "The log: who changed what",
        columns="id created_at actor_kind actor_id action subject_id details",
    ),
    WholeFile(
        "staff_views", Impersonation, "Когда проект смотрели сотрудники платформы и зачем",
        "When staff of the platform looked at the project, and why",
        columns="id staff_name reason started_at ends_at ended_at", withheld="staff_id",
    ),
    WholeFile(
        "people_days", PeopleDay, "Аналитика: люди по дням", "Analytics: people by day",
        columns="day is_test cohort began returned churned_voluntary churned_failed_payment churned_not_renewed",
    ),
    WholeFile(
        "money_days", MoneyDay, "Аналитика: деньги по дням", "Analytics: money by day",
        columns="day is_test cohort currency revenue_minor refunded_minor payments first_payers mrr_new_minor "
        "mrr_expansion_minor mrr_contraction_minor mrr_churned_minor mrr_reactivated_minor mrr_people_gained "
        "mrr_people_lost",
    ),
    WholeFile(
        "source_days", SourceDay, "Аналитика: источники по дням", "Analytics: sources by day",
        columns="day is_test currency source promo_code_id revenue_minor refunded_minor payments first_payers",
    ),
    WholeFile(
        "funnel_days", FunnelDay, "Аналитика: воронка по дням", "Analytics: the funnel by day",
        columns="started_on is_test started saw_plan checked_out paid joined",
    ),
)  # fmt: skip
