"""The fault plan of one sandbox server: rules that say which calls and deliveries go wrong, and how.

A rule is JSON: `{"match": {...}, "effect": {...}}`. All keys of `match` are optional: `on` ("call" or "delivery"),
`method` or `path` (a glob over the method, the path or the kind of update), `bot` or `shop` (whose), `probability`
(0 to 1), `skip` (matches to let pass first) and `count` (how often the rule fires before it is spent).
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any, Literal

Point = Literal["call", "delivery"]

EFFECTS: dict[Point, frozenset[str]] = {
    "call": frozenset({"rate", "latency", "status", "html", "drop_before", "drop_after"}),
    "delivery": frozenset({"latency", "duplicate", "reorder", "never"}),
}
MATCH_KEYS = frozenset({"on", "method", "path", "bot", "shop", "probability", "skip", "count"})


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens to one call or delivery.

    `kind` is rate (429 with `retry_after` seconds), latency (wait `seconds`), status (`status`, `description`,
    `parameters`), html (a proxy's page with `status`), drop_before (the connection closes, nothing is done), drop_after
    (it is done, then the connection closes), duplicate, reorder (held back `seconds`) or never.
    """

    kind: str
    seconds: float = 0.0
    retry_after: int = 1
    status: int = 500
    description: str = "Internal Server Error"
    parameters: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class FaultRule:
    """One rule of the plan and how often it has matched and fired."""

    id: int
    on: Point
    pattern: str
    subject: str | None
    probability: float
    skip: int
    count: int | None
    fault: Fault
    matched: int = 0
    fired: int = 0

    def as_json(self) -> dict[str, Any]:
        """The rule as the control API shows it."""
        return {
            "id": self.id,
            "match": {
                "on": self.on,
                "method": self.pattern,
                "subject": self.subject,
                "probability": self.probability,
                "skip": self.skip,
                "count": self.count,
            },
            "effect": {"kind": self.fault.kind, "seconds": self.fault.seconds, "status": self.fault.status},
            "matched": self.matched,
            "fired": self.fired,
        }


class FaultPlan:
    """The rules of one server, tried in the order in which they were added. The same seed gives the same faults."""

    def __init__(self, seed: int = 0) -> None:
        self._seed = seed
        self._random = random.Random(seed)  # noqa: S311 - repeatable faults, not secrets
        self._rules: dict[int, FaultRule] = {}
        self._last_id = 0

    def add(self, rule: dict[str, Any]) -> FaultRule:
        """The rule is part of the plan.

        Raises:
            ValueError: The rule says something the plan does not know.
        """
        self._last_id += 1
        parsed = _read_rule(self._last_id, rule)
        self._rules[parsed.id] = parsed
        return parsed

    def remove(self, rule_id: int) -> bool:
        """The rule is gone; False when there was none."""
        return self._rules.pop(rule_id, None) is not None

    def clear(self, seed: int | None = None) -> None:
        """No rule is left and the random sequence starts again."""
        self._seed = self._seed if seed is None else seed
        self._random.seed(self._seed)
        self._rules.clear()

    def rules(self) -> list[FaultRule]:
        """Every rule, spent ones included."""
        return list(self._rules.values())

    def draw(self, on: Point, name: str, subject: str | int | None = None) -> list[Fault]:
        """The faults that strike now: any number of latencies first, then at most one other."""
        if not self._rules:
            return []
        faults: list[Fault] = []
        for rule in self._rules.values():
            if not self._fires(rule, on, name, None if subject is None else str(subject)):
                continue
            if rule.fault.kind != "latency":
                return [*faults, rule.fault]
            faults.append(rule.fault)
        return faults

    def _fires(self, rule: FaultRule, on: Point, name: str, subject: str | None) -> bool:
        if rule.on != on or (rule.count is not None and rule.fired >= rule.count):
            return False
        if rule.subject is not None and rule.subject != subject:
            return False
        if not fnmatchcase(name.lower(), rule.pattern):
            return False
        rule.matched += 1
        if rule.matched <= rule.skip or self._random.random() >= rule.probability:
            return False
        rule.fired += 1
        return True


def _read_rule(rule_id: int, rule: dict[str, Any]) -> FaultRule:
    match, effect = rule.get("match", {}), rule.get("effect")
    if not isinstance(match, dict) or not isinstance(effect, dict) or "kind" not in effect:
        message = 'a fault is {"match": {...}, "effect": {"kind": ...}}'
        raise ValueError(message)
    kind = effect["kind"]
    on: Point = match.get("on") or ("call" if kind in EFFECTS["call"] else "delivery")
    unknown = sorted(set(match) - MATCH_KEYS)
    if unknown or on not in EFFECTS or kind not in EFFECTS[on]:
        message = f"unknown in this fault: {', '.join(unknown) or f'{kind} on {on}'}"
        raise ValueError(message)
    subject = match.get("bot", match.get("shop"))
    try:
        defaults: dict[str, Any] = {"status": 502} if kind == "html" else {}
        fault = Fault(**defaults | effect)
    except TypeError as error:
        message = f"unknown in this fault: {error}"
        raise ValueError(message) from error
    return FaultRule(
        id=rule_id,
        on=on,
        pattern=str(match.get("method", match.get("path", "*"))).lower(),
        subject=None if subject is None else str(subject),
        probability=float(match.get("probability", 1.0)),
        skip=int(match.get("skip", 0)),
        count=None if match.get("count") is None else int(match["count"]),
        fault=fault,
    )
