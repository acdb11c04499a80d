"""Files of the whole export about people: who they are, where they are, and what they were told."""

from __future__ import annotations

from typing import Final

from lumenpay.exports.whole.files import WholeFile
from lumenpay.models.access import AccessLog, EntryLink, Membership
from lumenpay.models.broadcasts import BroadcastOptOut, BroadcastRecipient, ScheduledBroadcast
from lumenpay.models.campaigns import Campaign
from lumenpay.models.erasures import Erasure, ForgettingRule
from lumenpay.models.fiscal_receipts import ReceiptContact
from lumenpay.models.imports import Import, ImportRow
from lumenpay.models.messages import BotMessage
from lumenpay.models.pauses import Leaving, LeavingRules
from lumenpay.models.plans import PlanUnlock, TrialUse
from lumenpay.models.referrals import Referral, ReferralSettings
from lumenpay.models.sweeps import MembershipSweep
from lumenpay.models.users import User, UserTag
from lumenpay.models.win_backs import WinBack, WinBackOffer, WinBackOptOut, WinBackSeries, WinBackStep

OF_PEOPLE: Final[tuple[WholeFile, ...]] = (
    WholeFile(
        "subscribers", User, "Подписчики: кто они и когда появились", "Subscribers: who they are and since when",
        columns="id bot_id telegram_id first_name last_name username language_code locale time_zone source last_source "
        "is_whitelisted note met_at blocked_bot_at plan_seen_at erasure_asked_at erased_at created_at last_seen_at",
        withheld="dialog guesses_count guessing_since_at search_text",
    ),
    WholeFile("tags", UserTag, "Теги подписчиков", "Tags of subscribers", columns="user_id tag created_at"),
    WholeFile(
        "receipt_contacts", ReceiptContact, "Почта и телефоны, куда приходят чеки",
        "E-mail addresses and phones for receipts", columns="user_id kind value given_at",
    ),
    WholeFile(
        "memberships", Membership, "Кто должен быть в каком канале и кто в нём есть",
        "Who should be in which channel, and who is", columns="id channel_id telegram_id user_id wanted actual "
        "actual_seen_at joined_at created_at", withheld="declined_told_at",
    ),
    WholeFile(
        "access_log", AccessLog, "Журнал входов и выходов", "Every entry and exit",
        columns="id created_at action reason telegram_id user_id channel_id payment_id subscription_id",
    ),
    WholeFile(
        "entry_links", EntryLink, "Личные ссылки в каналы, без самих адресов",
        "Personal links into channels, without their addresses",
        columns="id channel_id user_id mode status expires_at opened_at created_at", withheld="url",
    ),
    WholeFile(
        "membership_sweeps", MembershipSweep, "Проверки каналов: кого нашли и кого убрали",
        "Checks of channels: who was found and removed",
        columns="id channel_id status looked_count inside_count mended_count to_remove_count created_at finished_at "
        "decided_at decided_by", withheld="last_telegram_id",
    ),
    WholeFile(
        "trials", TrialUse, "Кто брал пробный период", "Who took a trial",
        columns="telegram_id plan_id payment_id used_at created_at",
    ),
    WholeFile(
        "plan_unlocks", PlanUnlock, "Кто открыл тариф кодом доступа", "Who opened a plan by its access code",
        columns="plan_id user_id code created_at",
    ),
    WholeFile(
        "erasures", Erasure, "Кто просил удалить свои данные", "Who asked to be forgotten",
        columns="id user_id asked_by asked_by_id asked_at due_at waits_for erased_at", withheld="next_step_at",
    ),
    WholeFile(
        "forgetting_rule", ForgettingRule, "Когда забывать давно ушедших",
        "When people who are long gone are forgotten",
        columns="id months starts_at began_at changed_at", withheld="next_step_at looked_user_id",
    ),
    WholeFile(
        "imports", Import, "Импорты списков", "Imports of lists",
        columns="id bot_id plan_id kind file_name columns grace_days grace_ends_at status requested_by created_at "
        "started_at finished_at forgotten_at", withheld="file_digest idempotence_key",
    ),
    WholeFile(
        "import_lines", ImportRow, "Строки импортов и что с каждой стало", "Lines of imports, and what became of each",
        columns="import_id line telegram_id username name until_at note tag outcome problem is_done user_id",
        withheld="claim_token",
    ),
    WholeFile(
        "bot_messages", BotMessage, "Тексты ботов, которые вы изменили", "Texts of bots that you have changed",
        columns="id bot_id key locale text updated_at",
    ),
    WholeFile(
        "broadcasts", ScheduledBroadcast, "Рассылки: тексты, кому и сколько дошло",
        "Broadcasts: texts, to whom, and how many arrived",
        columns="id bot_id title text segment status category medium_kind medium buttons name_fallback plan_fallback "
        "paid_until_fallback scheduled_at readers_hour_at from_hour until_hour repeats repeats_since_at trigger "
        "delay_minutes tested_at started_at started_by finished_at last_sent_at paused_because total_count sent_count "
        "failed_count blocked_count uncertain_count skipped_count created_at",
        withheld="hours_kept_at idempotence_key rate_per_minute next_step_at",
    ),
    WholeFile(
        "broadcast_recipients", BroadcastRecipient, "Кому писали рассылками и дошло ли",
        "Whom broadcasts wrote to, and whether it arrived",
        columns="broadcast_id user_id state reason due_at changed_at", withheld="job_id lease_id message_id",
    ),
    WholeFile(
        "broadcast_opt_outs", BroadcastOptOut, "Кто отказался от рассылок", "Who wants no broadcasts",
        columns="user_id category created_at",
    ),
    WholeFile(
        "campaigns", Campaign, "Рекламные ссылки", "Campaign links",
        columns="id bot_id name source plan_id promo_code_id created_at archived_at",
    ),
    WholeFile(
        "referral_settings", ReferralSettings, "Условия приглашений", "Terms of invitations by subscribers",
        columns="bot_id is_on reward_kind reward_value welcome_kind welcome_value rewards_a_month changed_at",
    ),
    WholeFile(
        "referrals", Referral, "Кто кого пригласил и что за это получил", "Who invited whom, and the rewards",
        columns="invited_id inviter_id bot_id state reason reward_kind reward_value welcome_promo_code_id payment_id "
        "reward_payment_id reward_promo_code_id created_at bought_at rewarded_at taken_back_at",
    ),
    WholeFile(
        "leaving_rules", LeavingRules, "Что предлагается тем, кто отключает автоплатёж",
        "What is offered to those who turn autopay off",
        columns="plan_id pause_days pauses_a_year offer_kind offer_days offer_promo_code_id",
    ),
    WholeFile(
        "leavings", Leaving, "Почему отключали автоплатёж", "Why autopay was turned off",
        columns="id subscription_id user_id plan_id created_at reason offer_kind offer_days offer_promo_code_id "
        "outcome answered_at",
    ),
    WholeFile(
        "win_back_series", WinBackSeries, "Возврат ушедших: часы", "Win-back: its hours",
        columns="id is_on from_hour until_hour changed_at",
    ),
    WholeFile(
        "win_back_steps", WinBackStep, "Возврат ушедших: шаги", "Win-back: its steps",
        columns="number after_days discount_kind discount_value valid_days plan_ids",
    ),
    WholeFile(
        "win_backs", WinBack, "Возврат ушедших: кто на каком шаге", "Win-back: who is at which step",
        columns="id bot_id subscription_id user_id plan_id ended_at steps_taken next_step_at stopped_at "
        "stopped_because",
    ),
    WholeFile(
        "win_back_offers", WinBackOffer, "Возврат ушедших: сделанные предложения", "Win-back: offers made",
        columns="id win_back_id user_id step promo_code_id valid_until_at created_at sent_at",
    ),
    WholeFile(
        "win_back_opt_outs", WinBackOptOut, "Кто не хочет таких предложений", "Who wants no such offers",
        columns="user_id created_at",
    ),
)  # fmt: skip
