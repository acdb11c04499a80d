"""Pure rules of sources: what a deep link stands for, and what each one brought."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from uuid import UUID

from lumenpay.analytics.facts import NO_CODE, CodeName, SourceFact
from lumenpay.analytics.figures import CodeFigures, SourceFigures, SourceKind
from lumenpay.models.promo_codes import PersonalKind
from lumenpay.users.rules import BY_ACCESS_CODE, BY_CLAIM, BY_GIFT, BY_IMPORT, BY_INVITATION, name_source

LONGEST_LIST = 200
_KINDS = {
    BY_INVITATION: SourceKind.INVITATION, BY_CLAIM: SourceKind.CLAIM, BY_GIFT: SourceKind.GIFT,
    BY_ACCESS_CODE: SourceKind.ACCESS_CODE, BY_IMPORT: SourceKind.IMPORT,
}  # fmt: skip


def classify_source(source: str) -> SourceKind:
    """Return what a /start payload stands for."""
    if not source:
        return SourceKind.DIRECT
    if source in _KINDS:
        return _KINDS[source]
    if source.startswith("plan_"):
        return SourceKind.PLAN_LINK
    return SourceKind.PROMO_LINK if source.startswith("promo_") else SourceKind.CAMPAIGN


def tell_sources(facts: Iterable[SourceFact]) -> list[SourceFigures]:
    """Return what each source brought, the most of a currency first; the long tail is one row a currency."""
    apart: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for fact in facts:
        # Days that were closed before have the sources of then.
        _add(apart[fact.currency, name_source(fact.source)], fact)
    ranked = sorted(apart, key=lambda key: (key[0], -apart[key][0], key[1]))
    shown = [
        SourceFigures(classify_source(source), source, currency, *apart[currency, source])
        for currency, source in ranked[:LONGEST_LIST]
    ]
    rest: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for currency, source in ranked[LONGEST_LIST:]:
        rest[currency] = [a + b for a, b in zip(rest[currency], apart[currency, source], strict=True)]
    return shown + [SourceFigures(SourceKind.REST, "", currency, *sums) for currency, sums in rest.items()]


def tell_codes(facts: Iterable[SourceFact], names: Mapping[UUID, CodeName]) -> list[CodeFigures]:
    """Return what was paid with each promo code and without any, the most of a currency first.

    Codes of which each is one person's are one row a kind: there may be thousands, each used once.
    """
    apart: dict[tuple[str, UUID, str], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for fact in facts:
        name = names.get(fact.promo_code_id)
        personal = name.personal if name is not None else None
        _add(apart[fact.currency, NO_CODE if personal else fact.promo_code_id, personal or ""], fact)
    told = []
    for currency, code, kind in sorted(apart, key=lambda key: (key[0], -apart[key][0], *key[1:])):
        name = names.get(code)
        told.append(
            CodeFigures(
                None if code == NO_CODE else code, name.code if name else None,
                PersonalKind(kind) if kind else None, currency, *apart[currency, code, kind],
            )
        )  # fmt: skip
    return told


def _add(sums: list[int], fact: SourceFact) -> None:
    sums[0] += fact.revenue_minor - fact.refunded_minor
    sums[1] += fact.refunded_minor
    sums[2] += fact.payments
    sums[3] += fact.first_payers
