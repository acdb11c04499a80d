"""What guards an account: a fresh proof, password, address, second factor, and what happened to it."""

from __future__ import annotations

from fastapi import APIRouter, Response

from control_plane.auth.schemas import (
    LETTER_SENT,
    AdminOut,
    CodeIn,
    EmailIn,
    EventOut,
    LetterLinkIn,
    LetterOut,
    PasswordIn,
    ProfileIn,
    ProofIn,
    TokenIn,
    TokenPasswordIn,
    admin_out,
    secret,
    set_session,
)
from control_plane.dependencies import IdentityDep, PageDep, ServicesDep, VisitorDep
from control_plane.errors import documented
from control_plane.schemas import Output, PageOut
from lumenpay.admins import proofs, second_factor, sign_up
from lumenpay.admins import service as admins
from lumenpay.admins.events import list_events as read_events
from lumenpay.admins.letters import LetterKind
from lumenpay.admins.limits import Attempt
from lumenpay.admins.rules import normalize_email
from lumenpay.kit.crypto import hash_token
from lumenpay.models.accounts import TokenPurpose

router = APIRouter(prefix="/auth", tags=["auth"])


class SecondFactorOut(Output):
    """Whether a login takes a second step, and how many recovery codes are left."""

    is_on: bool
    recovery_codes_left: int


class TotpOut(Output):
    """A new authenticator: shown once, and counts once it is confirmed with a code."""

    secret: str
    uri: str


class RecoveryCodesOut(Output):
    """Codes that each let in once without the authenticator; shown once."""

    recovery_codes: list[str]


@router.put("/me")
async def change_profile(
    body: ProfileIn, identity: IdentityDep, services: ServicesDep, visitor: VisitorDep
) -> AdminOut:
    """Store the person's language, and their name where it is sent."""
    admin = await admins.change_profile(
        services.database, identity.admin_id, name=body.name, locale=body.locale, visitor=visitor, now=identity.now
    )
    return admin_out(admin)


@router.get("/events")
async def list_events(identity: IdentityDep, services: ServicesDep, page: PageDep) -> PageOut[EventOut]:
    """List what happened to the account, newest first."""
    found = await read_events(services.database, identity.admin_id, page=page)
    items = [EventOut.model_validate(item) for item in found.items]
    return PageOut(items=items, total=found.total, page=page.page, size=page.size)


@router.post("/prove", status_code=204, responses=documented(429))
async def prove(
    body: ProofIn, identity: IdentityDep, response: Response, services: ServicesDep, visitor: VisitorDep
) -> None:
    """Prove once more who it is; for ten minutes dangerous changes are possible. The session's cookie is renewed."""
    account = str(identity.admin_id)
    await services.attempts.count(Attempt.PROVE, address=visitor.address, account=account)
    renewed = await proofs.prove(
        services.database, services.ring, identity.admin, identity.session, password=secret(body.password),
        code=body.code, now=identity.now,
    )  # fmt: skip
    await services.attempts.forgive(Attempt.PROVE, address=visitor.address, account=account)
    set_session(response, services, renewed)


@router.post("/password", status_code=204)
async def change_password(
    body: PasswordIn, identity: IdentityDep, response: Response, services: ServicesDep, visitor: VisitorDep
) -> None:
    """Store a new password. Needs a fresh proof; every other session ends, and the cookie is renewed."""
    renewed = await proofs.change_password(
        services.database, identity.admin, identity.session, password=secret(body.password), visitor=visitor,
        now=identity.now,
    )  # fmt: skip
    set_session(response, services, renewed)


@router.post("/password/forgot", status_code=202, responses=documented(429))
async def forget_password(body: EmailIn, services: ServicesDep, visitor: VisitorDep) -> LetterOut:
    """Ask for a link to a new password. The answer is the same whether or not there is such an account."""
    await services.attempts.count(Attempt.LETTER, address=visitor.address, account=normalize_email(body.email) or "")
    await sign_up.ask_for_letter(
        services.database, LetterKind.RESET_PASSWORD, email=body.email, now=services.clock.now()
    )
    return LETTER_SENT


@router.post("/links/look", status_code=204, responses=documented(429))
async def look_at_link(body: LetterLinkIn, services: ServicesDep, visitor: VisitorDep) -> None:
    """Tell whether a letter's link still works, before anybody types anything: refused with `link_invalid` if not.

    Looking uses nothing up, and tells nothing of whom the letter went to.
    """
    await services.attempts.count(Attempt.LINK, address=visitor.address, account=hash_token(body.token).hex())
    await proofs.look_at_link(
        services.database, token=body.token, purpose=TokenPurpose(body.purpose), now=services.clock.now()
    )


@router.post("/password/reset", status_code=204, responses=documented(429))
async def reset_password(body: TokenPasswordIn, services: ServicesDep, visitor: VisitorDep) -> None:
    """Store a new password by a letter's link; every session ends."""
    await services.attempts.count(Attempt.CODE, address=visitor.address, account=hash_token(body.token).hex())
    await proofs.reset_password(
        services.database, token=body.token, password=secret(body.password), visitor=visitor, now=services.clock.now()
    )


@router.post("/email", status_code=202, responses=documented(429))
async def change_email(body: EmailIn, identity: IdentityDep, services: ServicesDep, visitor: VisitorDep) -> LetterOut:
    """Ask for another address. Needs a fresh proof; it counts once the link that is sent there comes back."""
    await services.attempts.count(Attempt.LETTER, address=visitor.address, account=str(identity.admin_id))
    await proofs.ask_for_email(services.database, identity.admin, identity.session, email=body.email, now=identity.now)
    return LETTER_SENT


@router.post("/email/confirm", status_code=204, responses=documented(409, 429))
async def confirm_email(body: TokenIn, services: ServicesDep, visitor: VisitorDep) -> None:
    """Store the address that a letter's link proves."""
    await services.attempts.count(Attempt.CODE, address=visitor.address, account=hash_token(body.token).hex())
    await proofs.confirm_email(services.database, token=body.token, visitor=visitor, now=services.clock.now())


@router.get("/second-factor")
async def get_second_factor(identity: IdentityDep, services: ServicesDep) -> SecondFactorOut:
    """Tell whether a login takes a second step."""
    is_on, left = await second_factor.read_state(services.database, identity.admin_id)
    return SecondFactorOut(is_on=is_on, recovery_codes_left=left)


@router.post("/second-factor", responses=documented(409))
async def begin_second_factor(identity: IdentityDep, services: ServicesDep) -> TotpOut:
    """Make a new authenticator. Needs a fresh proof; nothing changes until it is confirmed."""
    made, uri = await second_factor.begin_totp(
        services.database, services.ring, identity.admin, identity.session, now=identity.now
    )
    return TotpOut(secret=made.reveal(), uri=uri)


@router.post("/second-factor/confirm", responses=documented(409, 429))
async def confirm_second_factor(
    body: CodeIn, identity: IdentityDep, response: Response, services: ServicesDep, visitor: VisitorDep
) -> RecoveryCodesOut:
    """Turn the second factor on with a first code. Other sessions end, and the cookie is renewed."""
    await services.attempts.count(Attempt.PROVE, address=visitor.address, account=str(identity.admin_id))
    codes, renewed = await second_factor.confirm_totp(
        services.database, services.ring, identity.admin, identity.session, code=body.code, visitor=visitor,
        now=identity.now,
    )  # fmt: skip
    set_session(response, services, renewed)
    return RecoveryCodesOut(recovery_codes=[code.reveal() for code in codes])


@router.post("/second-factor/turn-off", status_code=204, responses=documented(409))
async def turn_off_second_factor(
    identity: IdentityDep, response: Response, services: ServicesDep, visitor: VisitorDep
) -> None:
    """Turn the second factor off. Needs a fresh proof; other sessions end, and the cookie is renewed."""
    renewed = await second_factor.turn_off_totp(
        services.database, identity.admin, identity.session, visitor=visitor, now=identity.now
    )
    set_session(response, services, renewed)


@router.post("/second-factor/recovery-codes", responses=documented(409))
async def renew_recovery_codes(identity: IdentityDep, services: ServicesDep) -> RecoveryCodesOut:
    """Make ten new recovery codes. Needs a fresh proof; the old ones are worth nothing."""
    codes = await second_factor.renew_codes(services.database, identity.admin, identity.session, now=identity.now)
    return RecoveryCodesOut(recovery_codes=[code.reveal() for code in codes])
