"""Tell a mail its recipient's server refuses for good from one that may still arrive."""

from smtplib import SMTPRecipientsRefused

# From here on a mail server means never, below it means not now (RFC 5321 §4.2.1).
FOR_GOOD = 500


def is_bounce(error: BaseException) -> bool:
    """Tell whether every recipient was refused for good."""
    if not isinstance(error, SMTPRecipientsRefused):
        return False
    answers = list(error.recipients.values())
    return bool(answers) and all(code >= FOR_GOOD for code, _words in answers)
