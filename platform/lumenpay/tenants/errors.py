"""What can go wrong with tenants."""

from lumenpay.errors import ErrorKind, LumenError, NotFoundError


class TenantNotFoundError(NotFoundError):
    """No such tenant, or not one of yours: the same answer."""

    code = "tenant_not_found"


class TenantSettingsInvalidError(LumenError):
    """A setting makes no sense; the fields say which."""

    code = "tenant_settings_invalid"


class RoleNotAllowedError(LumenError):
    """The role does not include this."""

    code = "role_not_allowed"
    kind = ErrorKind.FORBIDDEN
