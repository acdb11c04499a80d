"""What can go wrong with the referral programme."""

from __future__ import annotations

from lumenpay.errors import LumenError


class ReferralSettingsInvalidError(LumenError):
    """Settings like these make no sense; the fields say why."""

    code = "referral_settings_invalid"
