"""The life of subscriptions by the product's own services on a real database: all get what is owed, and no more."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.support.life import Life
from tests.support.life_in_database import LivingDatabase, Product, living_database


class LifeOfTheProduct(Life):
    living: LivingDatabase

    def make_world(self) -> Product:
        return Product(self.living)


@pytest.mark.parametrize(
    ("lives", "length"),
    [
        pytest.param(20, 16, id="small"),
        pytest.param(150, 60, id="long", marks=[pytest.mark.long, pytest.mark.timeout(1800)]),
    ],
)
def test_whatever_happens_the_product_gives_what_is_owed_h5_h6(lives, length, postgres_urls, ring):
    chosen = settings(
        max_examples=lives, stateful_step_count=length, deadline=None, database=None,
        suppress_health_check=list(HealthCheck),
        # Making a failure short takes a real database minutes; the machine over the rules alone does that in seconds.
        phases=(Phase.generate,),
    )  # fmt: skip
    LifeOfTheProduct.steps = 0
    with living_database(postgres_urls.app, ring) as LifeOfTheProduct.living:
        run_state_machine_as_test(LifeOfTheProduct, settings=chosen)
    print(f"\n{LifeOfTheProduct.steps} steps in {lives} lives")
    assert LifeOfTheProduct.steps > lives * length // 2
