"""The owner of a tenant with nothing in it, at a browser."""

from tests.integration.control_plane.conftest import Owner, owner
from tests.support.portal import portal

__all__ = ["Owner", "owner", "portal"]
