"""What a row is found by is hashed with the key that sealed it, so that the older key can go (C6)."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from cryptography.fernet import Fernet

from lumenpay.bots.secrets import inspect_seals, keep_former_shops, renew_webhook, reseal, retire_shop, seal_shop
from lumenpay.kit.crypto import KeyRing, Secret
from lumenpay.models.bots import Bot

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()
BOTH, ALONE = KeyRing([NEW, OLD]), KeyRing([NEW])


def _bot_of_two_shops() -> Bot:
    bot = Bot(tenant_id=uuid4(), id=uuid4())
    renew_webhook(KeyRing([OLD]), bot)
    for shop_id in ("1", "2"):
        seal_shop(KeyRing([OLD]), bot, shop_id=shop_id, secret_key=Secret(f"test_{shop_id * 40}"))
    return bot


@pytest.mark.parametrize(
    "change",
    [
        lambda bot: seal_shop(BOTH, bot, shop_id="2", secret_key=Secret("test_" + "n" * 40)),
        lambda bot: seal_shop(BOTH, bot, shop_id="3", secret_key=Secret("test_" + "n" * 40)),
        lambda bot: retire_shop(BOTH, bot),
        lambda bot: keep_former_shops(BOTH, bot, []),
        lambda bot: renew_webhook(BOTH, bot),
        lambda _bot: None,
    ],
    ids=["the same shop again", "another shop", "no shop", "former shops forgotten", "another webhook", "nothing"],
)
def test_after_any_change_and_a_rotation_the_newest_key_alone_opens_and_finds_everything(
    change: Callable[[Bot], object],
) -> None:
    bot = _bot_of_two_shops()
    change(bot)
    reseal(BOTH, bot)
    seals = inspect_seals(ALONE, bot)
    assert [seal.slot for seal in seals] == ["webhook", "shop"]
    assert [seal.fault for seal in seals] == ["", ""]
