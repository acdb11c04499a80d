"""The shared fixtures themselves: they start, they are clean, and they are the application's role."""

from sqlalchemy import text

from lumenpay.db.guard import check_database_role


async def test_the_database_is_migrated_and_its_role_is_a_plain_one(database):
    await check_database_role(database)


async def test_each_row_is_visible_only_inside_its_tenant(database, factory):
    alpha, beta = await factory.bot(), await factory.bot()
    for own in (alpha, beta):
        async with database.tenant(own.tenant_id) as session:
            assert list((await session.execute(text("SELECT id FROM bots"))).scalars()) == [own.id]


async def test_a_worker_reaches_the_sandboxes(worker_context, telegram_app, yookassa_app):
    assert worker_context.settings.telegram_api_url == telegram_app[0]
    assert worker_context.settings.yookassa_api_url.startswith(yookassa_app[0])
