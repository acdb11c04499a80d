"""Walks over every chain and names the first row of each that is not what it was."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field

from sqlalchemy.ext.asyncio import AsyncSession

from lumenpay.audit.repository import list_unchained, read_chains, read_platform_chain
from lumenpay.audit.rules import PLATFORM, Break, ChainReader, Head, Link

_SHOWN = 20


@dataclass
class Verdict:
    """What a walk over the chains found."""

    links: int = 0
    heads: dict[str, Head] = field(default_factory=dict)
    breaks: list[Break] = field(default_factory=list)
    """The first broken row of each chain."""


async def verify_chains(session: AsyncSession, known: Mapping[str, Head]) -> Verdict:
    """Check every chain that the session sees, and that the heads seen before are still part of them."""
    verdict = Verdict()
    for links in (read_platform_chain(session), read_chains(session)):
        await _verify(links, known, verdict)
    for chain in known.keys() - verdict.heads.keys():
        verdict.breaks.append(Break(chain, 1, "", "the chain is gone"))
    for tenant_id, event_id in await list_unchained(session, limit=_SHOWN):
        verdict.breaks.append(Break(str(tenant_id), 0, str(event_id), "the event has no place in the chain"))
    return verdict


async def _verify(links: AsyncIterator[Link], known: Mapping[str, Head], verdict: Verdict) -> None:
    readers: dict[str, ChainReader] = {}
    broken: set[str] = set()
    async for link in links:
        reader = readers.setdefault(link.chain, ChainReader(link.chain, known.get(link.chain)))
        verdict.links += 1
        found = None if link.chain in broken else reader.read(link)
        if found is not None:
            broken.add(link.chain)
            verdict.breaks.append(found)
    for chain, reader in readers.items():
        verdict.heads[chain] = reader.head
        cut = None if chain in broken else reader.finish()
        if cut is not None:
            verdict.breaks.append(cut)


__all__ = ["PLATFORM", "Verdict", "verify_chains"]
