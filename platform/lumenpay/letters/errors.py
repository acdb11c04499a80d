"""What can go wrong on the way to a mailbox."""

from lumenpay.errors import LumenError, UnavailableError


class MailUnavailableError(UnavailableError):
    """The mail server does not answer, or asks to come back later; or none is set."""

    code = "mail_unavailable"


class LetterRefusedError(LumenError):
    """The mail server will not take this letter, now or later."""

    code = "letter_refused"
