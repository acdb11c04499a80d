"""A person asks the bot to forget them: two questions, what ends is named, and whoever comes back is new (fault O1)."""

from __future__ import annotations

from lumenpay.models.erasures import Erasure
from lumenpay.models.users import User
from tenants_worker.tasks import erasures
from tests.support.chat import Phone
from tests.support.desk import Desk
from tests.support.market import Market
from tests.support.stall import Stall


async def erasures_of(market: Market, stall: Stall) -> list[Erasure]:
    return await market.rows(stall.tenant_id, Erasure)


async def forget(market: Market) -> None:
    await market.skip(minutes=1)
    await market.work()
    await erasures.forget_due(market.worker, market.now())


async def test_two_questions_say_what_ends_and_the_second_answer_counts_o1(
    market: Market, stall: Stall, phone: Phone
) -> None:
    await phone.write("/start")
    anna = await phone.user()
    await stall.bought(anna)
    await phone.write("/forget")
    assert "Доступ закончится сразу" in await phone.screen()
    assert "Club, 30 days" in await phone.screen()
    assert await phone.captions() == ["Продолжить удаление", "Оставить всё как есть"]
    await phone.press("Продолжить удаление")
    assert (await phone.screen(), await erasures_of(market, stall)) == ("Точно удалить? Отменить это нельзя.", [])
    await phone.press("Удалить навсегда")
    assert (await phone.screen()).startswith("Принято.")
    (row,) = await erasures_of(market, stall)
    assert (row.asked_by, row.asked_by_id, row.user_id) == ("user", anna.id, anna.id)

    await phone.write("/buy")
    assert (await phone.screen()).startswith("Ваши данные удаляются")
    await forget(market)
    await phone.write("/start")
    again = await phone.user()
    assert (again.id != anna.id, again.erasure_asked_at) == (True, None)
    people = await market.rows(stall.tenant_id, User)
    assert {person.id: person.erased_at is not None for person in people} == {anna.id: True, again.id: False}


async def test_who_thinks_better_of_it_stays_as_they_are_o1(market: Market, stall: Stall, phone: Phone) -> None:
    await phone.write("/start")
    await phone.write("/forget")
    assert "закончится" not in await phone.screen()
    await phone.press("Продолжить удаление")
    await phone.press("Оставить всё как есть")
    assert await erasures_of(market, stall) == []
    assert (await phone.user()).erasure_asked_at is None


async def test_a_button_pressed_while_being_forgotten_is_answered_o1(stall: Stall, phone: Phone) -> None:
    await phone.write("/start")
    menu = (await phone.captions())[0]
    await phone.write("/forget")
    await phone.press("Продолжить удаление")
    await phone.press("Удалить навсегда")
    note = await phone.press(menu)
    assert "Ваши данные удаляются" in str(note)


async def test_the_list_names_a_person_until_they_are_forgotten_and_whoever_asked_o1(
    market: Market, stall: Stall, phone: Phone, desk: Desk
) -> None:
    await phone.write("/start")
    anna = await phone.user()
    boris = await stall.buyer()
    await phone.write("/forget")
    await phone.press("Продолжить удаление")
    await phone.press("Удалить навсегда")
    await desk.post(f"/users/{boris.id}/erasure", ends_access=True)

    (by_team,) = (await desk.get("/erasures", asked_by="admin"))["items"]
    assert (by_team["person"]["telegram_id"], by_team["asked_by_name"]) == (boris.telegram_id, "owner")
    (by_herself,) = (await desk.get("/erasures", asked_by="user"))["items"]
    assert (by_herself["person"]["telegram_id"], by_herself["asked_by_name"]) == (anna.telegram_id, "")

    await forget(market)
    listed = await desk.get("/erasures", is_open="false")
    assert {row["user_id"]: row["person"] for row in listed["items"]} == {str(anna.id): None, str(boris.id): None}
    assert (await desk.get("/erasures", is_open="true"))["items"] == []
