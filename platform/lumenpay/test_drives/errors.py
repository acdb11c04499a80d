"""What can go wrong with test drives."""

from lumenpay.errors import ConflictError, NotFoundError, UnavailableError


class TestDriveNotFoundError(NotFoundError):
    """No such test drive in this tenant, or it was removed."""

    code = "test_drive_not_found"


class TestDrivesNotAvailableError(ConflictError):
    """This installation has no sandbox."""

    code = "test_drives_not_available"


class TestDriveRunningError(ConflictError):
    """The person has a test drive already."""

    code = "test_drive_running"


class TestDriveNeedsPlanError(ConflictError):
    """The bot has nothing on sale that could be tried out."""

    code = "test_drive_needs_plan"


class TestDriveEndedError(ConflictError):
    """It is over, or as much was done in it as may be."""

    code = "test_drive_ended"


class TestDriveActionRefusedError(ConflictError):
    """What the person did is not possible now: the button is gone, the link does not work, the payment is over."""

    code = "test_drive_action_refused"


class TooManyTestDrivesError(UnavailableError):
    """As many test drives run on this installation as may; one ends soon."""

    code = "too_many_test_drives"


class SandboxUnavailableError(UnavailableError):
    """The sandbox does not answer."""

    code = "sandbox_unavailable"
