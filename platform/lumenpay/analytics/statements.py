"""The SQL that adds up some local days of one tenant from what was paid and what periods it opened.

Bound: `tenant_id`, `zone`, `first_day`, and the moments `from_at` (included) and `until_at` (not included).
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Date, DateTime, String, TextClause, Uuid, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import TypeEngine

# Only people for whom something begins or ends on these days can move a figure: their whole past tells how. Where
# access was taken away before a period began, nothing is left of that period.
_SPANS: Final = """
    WITH changed AS (
      SELECT p.user_id FROM subscription_periods sp
      JOIN payments p ON p.tenant_id = sp.tenant_id AND p.id = sp.payment_id
      WHERE sp.tenant_id = :tenant_id AND lower(sp.during) >= :from_at AND lower(sp.during) < :until_at
      UNION
      SELECT p.user_id FROM subscription_periods sp
      JOIN payments p ON p.tenant_id = sp.tenant_id AND p.id = sp.payment_id
      WHERE sp.tenant_id = :tenant_id AND upper(sp.during) >= :from_at AND upper(sp.during) < :until_at
      UNION
      SELECT s.user_id FROM subscriptions s
      WHERE s.tenant_id = :tenant_id AND s.expired_at >= :from_at AND s.expired_at < :until_at
    ), spans AS MATERIALIZED (
      SELECT p.user_id, p.is_test, p.currency, p.settled_at, lower(sp.during) AS starts_at,
             CASE WHEN s.status = 'expired' THEN least(upper(sp.during), greatest(s.expired_at, lower(sp.during)))
                  ELSE upper(sp.during) END AS ends_at,
             CASE WHEN p.period_unit = 'lifetime' THEN 0 ELSE round(
               (p.amount_minor + p.credit_minor) * 30.0 / greatest(1, p.extra_days + p.period_count * CASE p.period_unit
                 WHEN 'minute' THEN 1 / 1440.0 WHEN 'hour' THEN 1 / 24.0 WHEN 'day' THEN 1 WHEN 'week' THEN 7
                 WHEN 'month' THEN 30 ELSE 360 END)) END AS mrr
      FROM changed c
      JOIN payments p ON p.tenant_id = :tenant_id AND p.user_id = c.user_id AND p.status = 'succeeded'
      JOIN subscription_periods sp
        ON sp.tenant_id = p.tenant_id AND sp.payment_id = p.id AND NOT isempty(sp.during)
      JOIN subscriptions s ON s.tenant_id = sp.tenant_id AND s.id = sp.subscription_id
    ), cohorts AS (
      SELECT user_id, is_test,
             CAST(date_trunc('month', coalesce(min(settled_at), min(starts_at)) AT TIME ZONE :zone) AS date) AS cohort
      FROM spans GROUP BY 1, 2
    ), edges AS (
      SELECT user_id, is_test, currency, CAST(starts_at AT TIME ZONE :zone AS date) AS day, mrr, 1 AS n
      FROM spans WHERE starts_at < :until_at
      UNION ALL
      SELECT user_id, is_test, currency, CAST(ends_at AT TIME ZONE :zone AS date), -mrr, -1
      FROM spans WHERE ends_at < :until_at
    )
"""
_PEOPLE: Final = """
    , people AS (
      SELECT user_id, is_test, day, sum(n) AS change, sum(sum(n)) OVER past AS after,
             sum(count(*) FILTER (WHERE n > 0)) OVER past - count(*) FILTER (WHERE n > 0) AS begun_before
      FROM edges GROUP BY 1, 2, 3 WINDOW past AS (PARTITION BY user_id, is_test ORDER BY day)
    ), moves AS MATERIALIZED (
      SELECT user_id, is_test, day, begun_before = 0 AS began,
             begun_before > 0 AND after > 0 AND after = change AS returned,
             after = 0 AND (change < 0 OR begun_before = 0) AS churned
      FROM people WHERE day >= :first_day
    ), lapses AS (
      SELECT m.user_id, m.is_test, m.day, max(s.starts_at) AS started_at, max(s.ends_at) AS ended_at
      FROM moves m JOIN spans s ON s.user_id = m.user_id AND s.is_test = m.is_test
      WHERE m.churned AND s.ends_at < :until_at AND CAST(s.ends_at AT TIME ZONE :zone AS date) <= m.day
      GROUP BY 1, 2, 3
    ), reasons AS (
      SELECT l.user_id, l.is_test, l.day,
        EXISTS (
          SELECT FROM payments f WHERE f.tenant_id = :tenant_id AND f.user_id = l.user_id AND f.is_test = l.is_test
            AND f.created_at >= l.ended_at - interval '7 days'
            AND f.created_at < CAST(l.day + 1 AS timestamp) AT TIME ZONE :zone
            AND f.status = 'canceled' AND f.cancellation_reason = ANY (:declines)) AS failed,
        EXISTS (
          SELECT FROM users u WHERE u.tenant_id = :tenant_id AND u.id = l.user_id AND u.blocked_bot_at <= l.ended_at
            AND u.met_at IS NOT NULL)
        OR EXISTS (
          SELECT FROM access_logs a WHERE a.tenant_id = :tenant_id AND a.user_id = l.user_id AND a.action = 'left'
            AND a.created_at > l.started_at AND a.created_at < l.ended_at) AS own_will
      FROM lapses l
    )
"""
_MONEY: Final = """
    , money AS (
      SELECT user_id, is_test, currency, day, sum(mrr) AS change, sum(sum(mrr)) OVER past AS after,
             sum(count(*) FILTER (WHERE n > 0 AND mrr > 0)) OVER past
             - count(*) FILTER (WHERE n > 0 AND mrr > 0) AS paid_before
      FROM edges GROUP BY 1, 2, 3, 4 WINDOW past AS (PARTITION BY user_id, is_test, currency ORDER BY day)
    ), shifts AS (
      SELECT user_id, is_test, currency, day, change, after, paid_before, after - change AS before
      FROM money WHERE day >= :first_day AND change <> 0
    )
"""
_MOVEMENT: Final = """
    SELECT m.day, m.is_test, c.cohort, NULL AS currency,
           ARRAY[count(*) FILTER (WHERE m.began), count(*) FILTER (WHERE m.returned),
                 count(*) FILTER (WHERE m.churned AND r.own_will AND NOT r.failed),
                 count(*) FILTER (WHERE m.churned AND r.failed),
                 count(*) FILTER (WHERE m.churned AND NOT r.own_will AND NOT r.failed)] AS figures
    FROM moves m JOIN cohorts c ON c.user_id = m.user_id AND c.is_test = m.is_test
    LEFT JOIN reasons r ON r.user_id = m.user_id AND r.is_test = m.is_test AND r.day = m.day
    WHERE m.began OR m.returned OR m.churned GROUP BY 1, 2, 3
    UNION ALL
    SELECT s.day, s.is_test, c.cohort, s.currency,
           CAST(ARRAY[coalesce(sum(s.change) FILTER (WHERE s.before = 0 AND s.paid_before = 0), 0),
                 coalesce(sum(s.change) FILTER (WHERE s.before > 0 AND s.change > 0), 0),
                 coalesce(sum(s.change) FILTER (WHERE s.after > 0 AND s.change < 0), 0),
                 coalesce(sum(s.change) FILTER (WHERE s.after = 0), 0),
                 coalesce(sum(s.change) FILTER (WHERE s.before = 0 AND s.paid_before > 0), 0),
                 count(*) FILTER (WHERE s.before = 0), count(*) FILTER (WHERE s.after = 0)] AS bigint[])
    FROM shifts s JOIN cohorts c ON c.user_id = s.user_id AND c.is_test = s.is_test GROUP BY 1, 2, 3, 4
"""
# A refund counts on the day on which it came about, so that a day that is over stays as it was.
_REVENUE: Final = """
    WITH moved AS MATERIALIZED (
      SELECT p.id, p.settled_at AS at, p.amount_minor AS revenue, 0 AS refunded, 1 AS payments
      FROM payments p
      WHERE p.tenant_id = :tenant_id AND p.status = 'succeeded' AND p.amount_minor > 0
        AND p.settled_at >= :from_at AND p.settled_at < :until_at
      UNION ALL
      SELECT r.payment_id, r.settled_at, 0, r.amount_minor, 0
      FROM refunds r
      WHERE r.tenant_id = :tenant_id AND r.status = 'succeeded'
        AND r.settled_at >= :from_at AND r.settled_at < :until_at
    ), paid AS MATERIALIZED (
      SELECT p.user_id, p.is_test, p.currency, m.revenue, m.refunded, m.payments,
             coalesce(p.promo_code_id, :no_code) AS promo_code_id,
             CAST(m.at AT TIME ZONE :zone AS date) AS day, u.source,
             CAST(date_trunc('month', f.first_at AT TIME ZONE :zone) AS date) AS cohort,
             CASE WHEN m.payments = 1 AND p.settled_at = f.first_paid_at THEN p.user_id END AS first_payer
      FROM moved m
      JOIN payments p ON p.tenant_id = :tenant_id AND p.id = m.id
      JOIN users u ON u.tenant_id = p.tenant_id AND u.id = p.user_id
      CROSS JOIN LATERAL (
        SELECT min(f.settled_at) AS first_at,
               min(f.settled_at) FILTER (WHERE f.currency = p.currency AND f.amount_minor > 0) AS first_paid_at
        FROM payments f WHERE f.tenant_id = :tenant_id AND f.user_id = p.user_id AND f.is_test = p.is_test
          AND f.status = 'succeeded') f
    )
    SELECT day, is_test, cohort, currency, NULL AS source, NULL AS promo_code_id,
           CAST(sum(revenue) AS bigint) AS revenue, CAST(sum(refunded) AS bigint) AS refunded,
           sum(payments) AS payments, count(DISTINCT first_payer) AS first_payers
    FROM paid GROUP BY 1, 2, 3, 4
    UNION ALL
    SELECT day, is_test, NULL, currency, source, promo_code_id, CAST(sum(revenue) AS bigint),
           CAST(sum(refunded) AS bigint), sum(payments), count(DISTINCT first_payer)
    FROM paid GROUP BY 1, 2, 4, 5, 6
"""
# A step is counted on the day of the person's start; it is taken from the day on which it was made for the first time.
# Whom a list brought starts when the bot first meets them, and what the list gave them is no order of theirs.
_FUNNEL: Final = """
    WITH modes AS (SELECT false AS is_test UNION ALL SELECT true),
    steps AS (
      SELECT u.created_at AS started_at, m.is_test, 1 AS step FROM users u CROSS JOIN modes m
      WHERE u.tenant_id = :tenant_id AND u.created_at >= :from_at AND u.created_at < :until_at
        AND u.source <> 'import'
      UNION ALL
      SELECT u.met_at, m.is_test, 1 FROM users u CROSS JOIN modes m
      WHERE u.tenant_id = :tenant_id AND u.met_at >= :from_at AND u.met_at < :until_at AND u.source = 'import'
      UNION ALL
      SELECT CASE u.source WHEN 'import' THEN u.met_at ELSE u.created_at END, m.is_test, 2
      FROM users u CROSS JOIN modes m
      WHERE u.tenant_id = :tenant_id AND u.plan_seen_at >= :from_at AND u.plan_seen_at < :until_at
      UNION ALL
      SELECT CASE u.source WHEN 'import' THEN u.met_at ELSE u.created_at END, o.is_test, 3 FROM (
        SELECT p.user_id, p.is_test FROM payments p
        WHERE p.tenant_id = :tenant_id AND p.created_at >= :from_at AND p.created_at < :until_at
          AND p.provider <> 'import'
          AND NOT EXISTS (SELECT FROM payments e WHERE e.tenant_id = :tenant_id AND e.user_id = p.user_id
                            AND e.is_test = p.is_test AND e.provider <> 'import'
                            AND e.created_at < :from_at)
        GROUP BY 1, 2) o
      JOIN users u ON u.tenant_id = :tenant_id AND u.id = o.user_id
      UNION ALL
      SELECT CASE u.source WHEN 'import' THEN u.met_at ELSE u.created_at END, o.is_test, 4 FROM (
        SELECT p.user_id, p.is_test FROM payments p
        WHERE p.tenant_id = :tenant_id AND p.status = 'succeeded' AND p.settled_at >= :from_at
          AND p.settled_at < :until_at AND p.provider <> 'import'
          AND NOT EXISTS (SELECT FROM payments e WHERE e.tenant_id = :tenant_id AND e.user_id = p.user_id
                            AND e.is_test = p.is_test AND e.provider <> 'import'
                            AND e.status = 'succeeded' AND e.settled_at < :from_at)
        GROUP BY 1, 2) o
      JOIN users u ON u.tenant_id = :tenant_id AND u.id = o.user_id
      UNION ALL
      SELECT CASE u.source WHEN 'import' THEN u.met_at ELSE u.created_at END, o.is_test, 5 FROM (
        SELECT a.user_id, f.is_test FROM access_logs a
        CROSS JOIN LATERAL (
          SELECT p.is_test, min(p.settled_at) AS paid_at FROM payments p
          WHERE p.tenant_id = :tenant_id AND p.user_id = a.user_id AND p.status = 'succeeded'
            AND p.provider <> 'import'
          GROUP BY 1) f
        WHERE a.tenant_id = :tenant_id AND a.created_at >= :from_at AND a.created_at < :until_at
          AND a.user_id IS NOT NULL AND a.action IN ('joined', 'request_approved') AND a.created_at >= f.paid_at
          AND NOT EXISTS (SELECT FROM access_logs e WHERE e.tenant_id = :tenant_id AND e.user_id = a.user_id
                            AND e.action IN ('joined', 'request_approved')
                            AND e.created_at >= f.paid_at AND e.created_at < :from_at)
        GROUP BY 1, 2) o
      JOIN users u ON u.tenant_id = :tenant_id AND u.id = o.user_id
    )
    SELECT CAST(started_at AT TIME ZONE :zone AS date) AS started_on, is_test,
           count(*) FILTER (WHERE step = 1) AS started, count(*) FILTER (WHERE step = 2) AS saw_plan,
           count(*) FILTER (WHERE step = 3) AS checked_out, count(*) FILTER (WHERE step = 4) AS paid,
           count(*) FILTER (WHERE step = 5) AS joined
    FROM steps WHERE started_at IS NOT NULL GROUP BY 1, 2
"""
_FIRST: Final = """
    SELECT least((SELECT min(created_at) FROM users WHERE tenant_id = :tenant_id),
                 (SELECT min(settled_at) FROM payments WHERE tenant_id = :tenant_id AND status = 'succeeded'))
"""


def _bind(statement: str, *names: str) -> TextClause:
    kinds: dict[str, TypeEngine[Any]] = {
        "tenant_id": Uuid(), "no_code": Uuid(), "first_day": Date(), "from_at": DateTime(timezone=True),
        "until_at": DateTime(timezone=True), "zone": String(), "declines": ARRAY(String()),
    }  # fmt: skip
    return text(statement).bindparams(*(bindparam(name, type_=kinds[name]) for name in names))


MOVEMENT: Final = _bind(
    _SPANS + _PEOPLE + _MONEY + _MOVEMENT, "tenant_id", "zone", "first_day", "from_at", "until_at", "declines"
)
"""Rows with a currency are of money, the others of people; `figures` in the order of the fields of the facts."""
REVENUE: Final = _bind(_REVENUE, "tenant_id", "zone", "from_at", "until_at", "no_code")
"""Rows with a cohort, and the same sums again by source and promo code."""
FUNNEL: Final = _bind(_FUNNEL, "tenant_id", "zone", "from_at", "until_at")
FIRST_MOMENT: Final = _bind(_FIRST, "tenant_id")
