"""The people of a stall's tenant, and the letters that they get."""

from __future__ import annotations

import email
from dataclasses import replace
from email import policy
from pathlib import Path

import pytest

from lumenpay.kit.crypto import Secret
from lumenpay.kit.ids import new_uuid7
from lumenpay.letters.mailer import Mailer
from lumenpay.models.accounts import AdminIdentity
from lumenpay.models.admins import Admin
from lumenpay.models.ids import AdminId
from lumenpay.models.tenants import Role, TenantMember
from tests.support.market import Market
from tests.support.stall import Stall


class Owners:
    """The people of a tenant, and their mail."""

    def __init__(self, stall: Stall, folder: Path) -> None:
        self.stall, self.folder = stall, folder

    async def add(self, role: Role, *, telegram_id: int | None = None, locale: str = "ru") -> Admin:
        admin = Admin(
            id=AdminId(new_uuid7()), email=f"{role}-{new_uuid7().hex[-8:]}@example.org", name="Alice", locale=locale,
            created_at=self.stall.market.now(),
        )  # fmt: skip
        at, tenant_id = {"created_at": admin.created_at}, self.stall.tenant_id
        async with self.stall.market.tenant(tenant_id) as session:
            session.add(admin)
            await session.flush()
            session.add(TenantMember(tenant_id=tenant_id, admin_id=admin.id, role=role, **at))
            if telegram_id is not None:
                session.add(AdminIdentity(admin_id=admin.id, provider="telegram", subject=str(telegram_id), **at))
        return admin

    def letters(self) -> list[tuple[str, str, str]]:
        """Return to whom, about what and what was written, in order."""
        read = [
            email.message_from_bytes(path.read_bytes(), policy=policy.default) for path in sorted(self.folder.glob("*"))
        ]  # fmt: skip
        bodies = [message.get_body(("plain",)) for message in read]
        return [
            (str(message["To"]), str(message["Subject"]), " ".join(body.get_content().split()) if body else "")
            for message, body in zip(read, bodies, strict=True)
        ]


@pytest.fixture
def owners(market: Market, stall: Stall, tmp_path: Path) -> Owners:
    mailer = Mailer(Secret(f"file://{tmp_path}/mail"), sender="LumenPay <no-reply@example.org>")
    market.worker = replace(market.worker, mailer=mailer)
    return Owners(stall, tmp_path / "mail")
