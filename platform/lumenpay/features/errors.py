"""What can go wrong with features."""

from __future__ import annotations

from lumenpay.errors import ErrorKind, LumenError
from lumenpay.models.features import Feature


class FeatureOffError(LumenError):
    """Staff of the platform has switched the feature off, for this tenant or for all."""

    code = "feature_off"
    kind = ErrorKind.FORBIDDEN

    def __init__(self, feature: Feature) -> None:
        """Name the feature."""
        super().__init__(fields={"feature": feature.value})
