"""Tell a mail its recipient's server refuses for good from one that may still arrive."""

from smtplib import SMTPRecipientsRefused

# Our own rights at the mail server: they can be mended while the mail waits (RFC 4954 §6).
OF_THE_SITE = frozenset({530, 534, 535, 538})
# From here on a mail server means never, below it means not now (RFC 5321 §4.2.1).
FOR_GOOD = 500


def is_bounce(error: BaseException) -> bool:
    """Tell whether every recipient was refused for good."""
    if not isinstance(error, SMTPRecipientsRefused):
        return False
    answers = list(error.recipients.values())
    return bool(answers) and all(_is_theirs(code, words) for code, words in answers)


def _is_theirs(code: int, words: bytes) -> bool:
    # Missing rights of ours, and a relay that does not know us, are mended here, not there.
    return code >= FOR_GOOD and code not in OF_THE_SITE and b"relay" not in words.lower()
