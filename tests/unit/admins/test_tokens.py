"""Access tokens of API clients live through a rotation of the keys that sign them (fault C6)."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from cryptography.fernet import Fernet

from lumenpay.admins.errors import NotSignedInError
from lumenpay.admins.tokens import issue_token, read_token
from lumenpay.kit.crypto import KeyRing

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()
NOW = datetime(2026, 5, 1, tzinfo=UTC)


def test_a_token_is_read_while_the_key_that_signed_it_is_in_the_ring_and_no_longer():
    session_id = uuid4()
    token = issue_token(KeyRing([OLD]), session_id=session_id, now=NOW)
    assert read_token(KeyRing([NEW, OLD]), token, now=NOW) == session_id
    with pytest.raises(NotSignedInError):
        read_token(KeyRing([NEW]), token, now=NOW)


def test_a_new_token_is_signed_with_the_newest_key_so_that_the_old_one_can_go():
    session_id = uuid4()
    token = issue_token(KeyRing([NEW, OLD]), session_id=session_id, now=NOW)
    assert read_token(KeyRing([NEW]), token, now=NOW) == session_id
