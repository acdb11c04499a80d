"""Secrets: sealed to their place, never shown, and taken out of whatever leaves the process."""

from __future__ import annotations

import json
import pickle
from uuid import uuid4

import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st

from lumenpay.kit.crypto import KeyRing, Place, SealBrokenError, Secret
from lumenpay.kit.redaction import redact_text, redact_value
from lumenpay.kit.text import cut_utf16, utf16_length

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()
TOKEN = "7000000001:AAExampleExampleExampleExampleExamp"


@given(value=st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
def test_a_secret_opens_where_it_was_sealed_with_old_keys_too(value):
    place = Place(uuid4(), "bots.token", uuid4())
    sealed = KeyRing([OLD]).seal(Secret(value), place)
    assert KeyRing([NEW, OLD]).unseal(sealed.ciphertext, place).reveal() == value


@pytest.mark.parametrize("moved", ["tenant_id", "column", "row_id"])
def test_a_ciphertext_that_was_moved_does_not_open_c5(moved):
    place = Place(uuid4(), "bots.token", uuid4())
    elsewhere = {"tenant_id": place.tenant_id, "column": place.column, "row_id": place.row_id}
    elsewhere[moved] = "bots.shop" if moved == "column" else uuid4()
    sealed = KeyRing([NEW]).seal(Secret("x"), place)
    with pytest.raises(SealBrokenError):
        KeyRing([NEW]).unseal(sealed.ciphertext, Place(**elsewhere))


def test_a_wrong_key_and_no_key_open_nothing_c7():
    place = Place(uuid4(), "bots.token", uuid4())
    sealed = KeyRing([OLD]).seal(Secret("x"), place)
    with pytest.raises(SealBrokenError):
        KeyRing([NEW]).unseal(sealed.ciphertext, place)
    with pytest.raises(ValueError, match="at least one"):
        KeyRing([])


def test_a_secret_shows_itself_nowhere_c1():
    secret = Secret(TOKEN)
    shown = [repr(secret), str(secret), f"{secret}", f"{secret:>40}", repr({"a": [secret]}), repr([secret])]
    assert not [text for text in shown if "Example" in text]
    with pytest.raises(TypeError):
        json.dumps(secret)
    with pytest.raises(TypeError):
        pickle.dumps(secret)


@pytest.mark.parametrize(
    "text",
    [
        f"GET https://api.telegram.org/bot{TOKEN}/getMe",
        f"token {TOKEN} refused",
        "key test_AAExampleExampleExampleExample",
        "key live_AAExampleExampleExampleExample",
        "Authorization: Basic RXhhbXBsZUV4YW1wbGU=",
        "postgresql+asyncpg://lumenpay_app:Example@127.0.0.1/db",
        "POST /tg/ExampleExampleExampleExample 200",
        "POST /webhooks/yookassa/ExampleExampleExampleExample 200",
        "whsec_ExampleExampleExample",
        "whsec_Exam/Example+Example/Example=",
        "lpk_1234abcd_ExampleExampleExample-Example0a1b2c3d",
    ],
)
def test_a_credential_in_a_text_is_masked_c1(text):
    assert "Example" not in redact_text(text)
    assert "RXhhbXBsZ" not in redact_text(text)


def test_fields_are_masked_by_their_names_however_deep_and_others_stay():
    fields = {"shop": {"secret_key": "x", "shop_id": "100001"}, "list": [{"password": "y"}], "has_token": True, "n": 5}
    assert redact_value(fields) == {
        "shop": {"secret_key": "••••", "shop_id": "100001"}, "list": [{"password": "••••"}], "has_token": True, "n": 5,
    }  # fmt: skip


@given(text=st.text(), limit=st.integers(1, 64))
def test_a_cut_text_fits_in_utf16_units_and_can_be_written_e24(text, limit):
    cut = cut_utf16(text, limit)
    assert utf16_length(cut) <= limit
    assert len(cut.encode("utf-16-le")) == utf16_length(cut) * 2
    if utf16_length(text) <= limit and "\ufffd" not in cut:
        assert cut == text
