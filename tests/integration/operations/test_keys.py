"""`lumenpay keys rotate` and `keys check`, and processes that refuse to start without a key in use (C6, C7)."""

from __future__ import annotations

import asyncio
import io
from datetime import timedelta

import asyncpg
import pytest
from cryptography.fernet import Fernet
from rich.console import Console

from control_plane.app import ControlPlane
from control_plane.services import open_services
from lumenpay.admins.second_factor import place_of
from lumenpay.admins.sign_up import make_admin
from lumenpay.bots.errors import SecretKeyMissingError
from lumenpay.bots.resealing import check_sealing_keys
from lumenpay.db.unscoped import unscoped_session
from lumenpay.kit.crypto import KeyRing, Secret
from lumenpay.kit.ids import new_uuid7
from lumenpay.models.accounts import AdminTotp
from lumenpay.models.webhooks import WebhookEndpoint
from lumenpay.webhooks.secrets import give_secret, open_secrets, rotate_secret
from operations.doctor import run_doctor
from operations.key_rotation import inspect_keys, rotate_keys

SHOP = ("501", "test_" + "k" * 40)


def ignore(_looked_at: int, _of: int) -> None:
    return


@pytest.fixture
def new_key() -> str:
    return Fernet.generate_key().decode()


@pytest.fixture
def both(new_key: str, secret_key: str) -> KeyRing:
    """The ring in the middle of a rotation: the new key seals, the old one still opens."""
    return KeyRing([new_key, secret_key])


@pytest.fixture
async def sql(database, superuser_url):
    connection = await asyncpg.connect(superuser_url)
    yield connection
    await connection.close()


async def test_after_a_rotation_the_old_key_may_go_and_a_second_one_finds_nothing_to_do(
    database, factory, both, new_key, ring
):
    """C6."""
    for shop in (SHOP, None):
        await factory.bot(shop=shop)
    rotation = await rotate_keys(database, both, advance=ignore)
    assert (rotation.resealed, rotation.left, rotation.removable) == (2, 0, ring.key_ids)
    assert (await rotate_keys(database, both, advance=ignore)).resealed == 0
    alone = KeyRing([new_key])
    await check_sealing_keys(database, alone)
    inspection = await inspect_keys(database, alone, advance=ignore)
    assert (inspection.rows_by_key, inspection.faults) == ({alone.key_ids[0]: 2}, [])


async def test_secrets_of_webhooks_move_to_the_newest_key_with_the_rest(database, factory, both, new_key, ring, clock):
    """C6."""
    tenant_id = await factory.tenant()
    endpoint = WebhookEndpoint(
        tenant_id=tenant_id, id=new_uuid7(), url="https://hooks.example.com/", description="",
        event_types=["payment.succeeded"], created_at=clock.now(),
    )  # fmt: skip
    shown = [give_secret(ring, endpoint), rotate_secret(ring, endpoint, until_at=clock.now() + timedelta(hours=1))]
    async with database.tenant(tenant_id) as session:
        session.add(endpoint)
    with pytest.raises(SecretKeyMissingError):
        await check_sealing_keys(database, KeyRing([new_key]))
    rotation = await rotate_keys(database, both, advance=ignore)
    assert (rotation.webhooks, rotation.unopened_webhooks, rotation.removable) == (1, [], ring.key_ids)
    alone = KeyRing([new_key])
    await check_sealing_keys(database, alone)
    assert (await inspect_keys(database, alone, advance=ignore)).webhook_faults == []
    async with database.tenant(tenant_id) as session:
        found = await session.get_one(WebhookEndpoint, (tenant_id, endpoint.id))
        assert open_secrets(alone, found, now=clock.now()) == shown[::-1]


async def test_a_bot_that_waits_for_its_deletion_is_rotated_and_one_without_secrets_counts_nowhere(
    database, factory, both, ring, sql
):
    """C6: the job that clears the webhook of a deleted bot needs its token."""
    await factory.bot(status="deleted")
    gone = await factory.bot(status="deleted")
    await sql.execute(
        "UPDATE bots SET token_sealed = NULL, token_key_id = NULL, webhook_sealed = NULL, webhook_key_id = NULL "
        "WHERE id = $1", gone.id,
    )  # fmt: skip
    rotation = await rotate_keys(database, both, advance=ignore)
    assert (rotation.resealed, rotation.left, rotation.removable) == (1, 0, ring.key_ids)


async def test_a_secret_that_does_not_open_is_named_stays_as_it_is_and_keeps_the_old_key(
    database, factory, both, ring, sql
):
    """C5, C6."""
    victim, other = await factory.bot(), await factory.bot()
    moved = await sql.fetchval("SELECT token_sealed FROM bots WHERE id = $1", other.id)
    await sql.execute("UPDATE bots SET token_sealed = $1 WHERE id = $2", moved, victim.id)
    before = await sql.fetchrow("SELECT * FROM bots WHERE id = $1", victim.id)
    rotation = await rotate_keys(database, both, advance=ignore)
    assert (rotation.resealed, [row.id for row in rotation.unopened]) == (1, [victim.id])
    assert (rotation.left, rotation.removable) == (1, [])
    assert await sql.fetchrow("SELECT * FROM bots WHERE id = $1", victim.id) == before
    inspection = await inspect_keys(database, both, advance=ignore)
    assert [(row.id, slot) for row, slot, _ in inspection.faults] == [(victim.id, "token")]
    assert inspection.rows_by_key == {both.key_ids[0]: 1, ring.key_ids[0]: 1}


async def test_a_row_that_somebody_holds_is_left_to_the_next_run(database, factory, both, sql):
    """C6."""
    held = await factory.bot()
    await factory.bot()
    async with sql.transaction():
        await sql.execute("SELECT 1 FROM bots WHERE id = $1 FOR UPDATE", held.id)
        rotation = await rotate_keys(database, both, advance=ignore)
    assert (rotation.resealed, rotation.left, rotation.removable) == (1, 1, [])
    assert (await rotate_keys(database, both, advance=ignore)).left == 0


@pytest.mark.parametrize(
    ("change", "slot"),
    [
        ("UPDATE bots SET webhook_key_hash = sha256('x')", "webhook"),
        ("UPDATE bots SET notice_key_hash = sha256('x')", "shop"),
        ("UPDATE bots SET shop_sealed = 'x'", "shop"),
        ("UPDATE bots SET token_key_id = 'abc'", "token"),
    ],
)
async def test_a_check_finds_what_would_not_open_or_not_be_found(database, factory, ring, sql, change, slot):
    """C7, M2."""
    await factory.bot(shop=SHOP)
    assert (await inspect_keys(database, ring, advance=ignore)).faults == []
    await sql.execute(change)
    assert [fault[1] for fault in (await inspect_keys(database, ring, advance=ignore)).faults] == [slot]


@pytest.mark.parametrize("column", ["token_key_id", "webhook_key_id", "shop_key_id"])
async def test_a_ring_without_a_key_in_use_is_refused_by_name(database, factory, ring, both, sql, column):
    """C7: also when one secret of one bot alone needs it."""
    await factory.bot(shop=SHOP)
    await factory.bot(shop=SHOP)
    await rotate_keys(database, both, advance=ignore)
    await sql.execute(f"UPDATE bots SET {column} = $1 WHERE id = (SELECT max(id::text)::uuid FROM bots)", *ring.key_ids)
    await check_sealing_keys(database, both)
    with pytest.raises(SecretKeyMissingError, match=ring.key_ids[0]):
        await check_sealing_keys(database, KeyRing([Fernet.generate_key().decode()]))


@pytest.mark.parametrize("is_right", [True, False])
async def test_the_api_starts_only_with_the_keys_in_use(make_settings, factory, secret_key, new_key, ring, is_right):
    """C7."""
    await factory.bot()
    services = open_services(make_settings(secret_keys=[new_key, secret_key] if is_right else [new_key]))
    app, said = ControlPlane(services), asyncio.Queue()
    incoming = asyncio.Queue()

    async def live() -> None:
        await app({"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}, incoming.get, said.put)

    living = asyncio.ensure_future(live())
    await incoming.put({"type": "lifespan.startup"})
    answer = await asyncio.wait_for(said.get(), 20)
    await incoming.put({"type": "lifespan.shutdown"})
    await asyncio.gather(living, return_exceptions=True)
    assert answer["type"] == ("lifespan.startup.complete" if is_right else "lifespan.startup.failed")
    assert is_right or ring.key_ids[0] in str(living.exception())
    assert secret_key not in str(answer)
    await services.database.close()


@pytest.mark.parametrize("is_right", [True, False])
async def test_the_doctor_says_which_key_is_missing(make_settings, factory, redis_url, ring, new_key, is_right):
    """C7."""
    await factory.bot()
    settings = make_settings(redis_url=redis_url) if is_right else make_settings(
        redis_url=redis_url, secret_keys=[new_key]
    )  # fmt: skip
    printed = io.StringIO()
    status = await asyncio.to_thread(run_doctor, settings, console=Console(file=printed, width=500))
    assert status == (0 if is_right else 1)
    assert (ring.key_ids[0] in printed.getvalue()) is not is_right


async def test_a_rotation_takes_the_authenticators_of_people_along(database, both, new_key, ring, clock):
    """C6, C7."""
    async with unscoped_session(database) as session:
        admin = await make_admin(session, email="a@b.test", password_hash="x", name="Ann", locale="en", now=clock.now())
        sealed = ring.seal(Secret("SECRET"), place_of(admin.id))
        row = {"secret_sealed": sealed.ciphertext, "key_id": sealed.key_id, "last_step": 0, "created_at": clock.now()}
        session.add(AdminTotp(admin_id=admin.id, **row))
    with pytest.raises(SecretKeyMissingError):
        await check_sealing_keys(database, KeyRing([new_key]))
    assert (await rotate_keys(database, both, advance=ignore)).authenticators == 1
    await check_sealing_keys(database, KeyRing([new_key]))
    async with unscoped_session(database) as session:
        moved = await session.get_one(AdminTotp, admin.id)
        assert KeyRing([new_key]).unseal(moved.secret_sealed, place_of(admin.id)).reveal() == "SECRET"
