"""People who had access before the bot: who pays stays, who does not goes after the grace, and nobody gets it twice."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from lumenpay.audit.service import SYSTEM
from lumenpay.imports.repository import count_outcomes
from lumenpay.imports.service import ImportFile, check_file, start_import
from lumenpay.models.imports import ImportOutcome, ImportRow
from sandbox.telegram.state.members import Member
from tests.stories.conftest import Opened
from tests.stories.diary import Diary
from tests.stories.people import bring, of, said
from tests.stories.story import LET_IN, LINK_MADE, OUT, PURCHASE, RECEIPT, REMINDER, TAKEN_OUT, Story

GRACE_DAYS = 14
OPENED = [LINK_MADE, "sendMessage oleg ✅ Вам открыт доступ по т"]
KNOWN = "✅ Узнал вас: доступ по тарифу"
REFUSED = "Эта ссылка не работает: её уже использовали"
CREATED, EXTENDED, ALREADY = ImportOutcome.CREATED, ImportOutcome.EXTENDED, ImportOutcome.ALREADY
CLAIM, REPEATED = ImportOutcome.CLAIM, ImportOutcome.REPEATED


async def was_inside(story: Story, diary: Diary, name: str, **person: str) -> Story:
    """Somebody who came in before the bot was there, so that it never heard of it."""
    one = await bring(story, diary, name, **person)
    one.market.world.channels[story.stall.chat_id].members[one.buyer.id] = Member(one.buyer.id, "member")
    return one


async def check(story: Story, text: str, key: str) -> UUID:
    async with story.market.tenant(story.stall.tenant_id) as session:
        file = ImportFile("people.csv", text.encode(), story.stall.plan_id, GRACE_DAYS, key)
        return (await check_file(session, file, actor=SYSTEM, now=story.market.now())).id


async def look_first(story: Story, diary: Diary, text: str) -> UUID:
    """Have a list looked at, by two clicks; two days pass, and nobody has got or lost anything."""
    before = await diary.books()
    import_id = await check(story, text, "june")
    assert await check(story, text, "june") == import_id
    await diary.goes_on(story, ({"days": 2}, []))
    of_look = ("imports", "import_rows", "audit_events", "audit_links")
    assert await diary.books() | dict.fromkeys(of_look) == before | dict.fromkeys(of_look)
    return import_id


async def carry_out(story: Story, import_id: UUID) -> dict[ImportOutcome, int]:
    """Start an import by two clicks; return what came of its lines."""
    for _ in range(2):
        async with story.market.tenant(story.stall.tenant_id) as session:
            await start_import(session, import_id, actor=SYSTEM, now=story.market.now())
        await story.wait(minutes=1)
    async with story.market.tenant(story.stall.tenant_id) as session:
        return (await count_outcomes(session, import_id)).outcomes


async def follow_claim(story: Story, import_id: UUID, username: str) -> None:
    """Follow the claim link of a line of an import."""
    stall = story.stall
    [row] = await stall.market.rows(
        stall.tenant_id, ImportRow, ImportRow.import_id == import_id, ImportRow.username == username
    )
    await story.buyer.write(f"/start claim_{row.claim_token}")
    await story.market.work()


async def test_the_list_of_june_to_its_last_end_and_once_more_e21(opened: Opened) -> None:
    story, diary = await opened()
    await story.buyer.write("/start")
    await story.buy()
    await story.enter()
    vera, gleb, egor = [await was_inside(story, diary, name) for name in ("vera", "gleb", "egor")]
    nina = await was_inside(story, diary, "nina", username="nina_nova")
    oleg = await bring(story, diary, "oleg", username="Oleg_O")
    everybody = (story, vera, gleb, egor, nina, oleg)

    async def inside() -> list[str]:
        return [diary.names[one.buyer.id] for one in everybody if await one.is_inside()]

    ago, in_40, in_51, in_60 = [(story.market.now() + timedelta(days=days)).isoformat() for days in (-30, 40, 51, 60)]
    text = (
        "telegram_id,username,ends_at,tag\n"
        f"{story.buyer.id},,{in_51},\n{vera.buyer.id},,{in_40},vip\n{gleb.buyer.id},,{ago},\n"
        f",nina_before,,\n,egor_before,{in_60},\n,@oleg_o,{in_60},\n{vera.buyer.id},,{in_60},\n"
    )
    await diary.news()
    june = await look_first(story, diary, text)
    # Whoever is inside needs no link, and hears nothing: some of them never wrote to the bot.
    assert await carry_out(story, june) == {CREATED: 2, EXTENDED: 1, CLAIM: 3, REPEATED: 1}
    await diary.tells()
    assert await inside() == ["buyer", "vera", "gleb", "egor", "nina"]
    await oleg.buyer.write("/start")
    await story.market.work()
    await diary.tells(said("oleg", KNOWN), *OPENED)
    await oleg.enter()
    await diary.tells(*of("oleg", LET_IN))
    # Day 7: Nina has another name by now, and the link makes her known; it is good for her alone.
    await diary.goes_on(story, ({"days": 5}, []))
    await follow_claim(nina, june, "nina_before")
    await diary.tells(said("nina", KNOWN))
    mallory = await bring(story, diary, "mallory")
    await follow_claim(mallory, june, "nina_before")
    await diary.tells(said("mallory", REFUSED))
    # The grace of both ends on day 16. Gleb never wrote to the bot: it finds that out once, and he hears nothing.
    await diary.goes_on(
        story,
        ({"days": 6, "hours": 1}, [*of("nina", REMINDER), *of("gleb", REMINDER)]),
        ({"days": 2}, of("nina", REMINDER)),
    )
    await nina.buy()
    await diary.tells(*of("nina", *PURCHASE, *RECEIPT))
    assert await inside() == ["buyer", "vera", "gleb", "egor", "nina", "oleg"]
    await diary.goes_on(story, ({"days": 1, "hours": 1}, of("gleb", TAKEN_OUT)))
    assert await inside() == ["buyer", "vera", "egor", "nina", "oleg"]
    # The same list once more gives nobody a second grace, though there is a new link for whom it does not know.
    again = await check(story, text, "june again")
    assert await carry_out(story, again) == {ALREADY: 4, CLAIM: 2, REPEATED: 1}
    await diary.tells()
    await diary.goes_on(
        story,
        ({"days": 22}, of("vera", REMINDER)),  # day 38
        ({"days": 4}, of("vera", TAKEN_OUT)),
        ({"days": 2}, of("nina", REMINDER)),  # two days before the end of what she bought
        ({"days": 3}, of("nina", *OUT)),
        ({"days": 2}, [REMINDER]),  # day 49
        ({"days": 2}, OUT),
    )
    assert await inside() == ["egor", "oleg"]
    await follow_claim(nina, again, "nina_before")
    await diary.tells(said("nina", REFUSED))
    await diary.goes_on(story, ({"days": 8}, of("oleg", REMINDER)), ({"days": 3}, of("oleg", *OUT)))
    # Nobody knows who of those inside Egor is: the bot takes out nobody whom it has not met. His time is over, too.
    await follow_claim(egor, june, "egor_before")
    await diary.tells(said("egor", REFUSED))
    assert await inside() == ["egor"]
    books = await diary.rest(story, days=3)
    assert (books["charges"], books["states"]) == (["990.00", "990.00"], {"expired": 5})
    names = ("payments", "grants", "subscription_periods", "entry_links", "ledger_entries", "user_tags")
    assert [books[name] for name in names] == [7, 7, 7, 2, 4, 1]
