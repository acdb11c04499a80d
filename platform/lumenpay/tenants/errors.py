"""What can go wrong with tenants."""

from lumenpay.errors import ConflictError, ErrorKind, LumenError, NotFoundError


class TenantNotFoundError(NotFoundError):
    """No such tenant, or not one of yours: the same answer."""

    code = "tenant_not_found"


class TenantSettingsInvalidError(LumenError):
    """A setting makes no sense; the fields say which."""

    code = "tenant_settings_invalid"


class TenantSuspendedError(LumenError):
    """Staff suspended the tenant: nothing is changed and nothing is sold until it is resumed."""

    code = "tenant_suspended"
    kind = ErrorKind.FORBIDDEN


class TenantClosingError(ConflictError):
    """The tenant leaves: until its end nothing is changed but the decision itself, and lists can be taken along."""

    code = "tenant_closing"


class LimitReachedError(ConflictError):
    """The tenant has as many of something as it may; the field says of what."""

    code = "limit_reached"


class RoleNotAllowedError(LumenError):
    """The role does not include this."""

    code = "role_not_allowed"
    kind = ErrorKind.FORBIDDEN


class MemberNotFoundError(NotFoundError):
    """Nobody of this tenant."""

    code = "member_not_found"


class MemberAlreadyError(ConflictError):
    """The person works for the tenant already; the role stays as it is."""

    code = "member_already"


class LastOwnerError(ConflictError):
    """A tenant always has an owner."""

    code = "last_owner"


class InvitationInvalidError(LumenError):
    """Accepted, taken back or run out, or never one."""

    code = "invitation_invalid"


class TooManyInvitationsError(ConflictError):
    """So many invitations wait already that some must be taken back first."""

    code = "too_many_invitations"
