"""How times, durations and sums read on a page."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.utils import timezone

MINUTE, HOUR, DAY = 60, 3600, 86_400
EMPTY = "(empty)"


def duration(span: timedelta | float) -> str:
    """Return a span in its two largest units: 45 s, 12 min, 1 h 12 min, 3 d 4 h."""
    seconds = int(span.total_seconds() if isinstance(span, timedelta) else span)
    if seconds < 0:
        return "−" + duration(-seconds)
    if seconds < MINUTE:
        return f"{seconds} s"
    if seconds < HOUR:
        return f"{seconds // MINUTE} min"
    large, small, names = (HOUR, MINUTE, "h min") if seconds < DAY else (DAY, HOUR, "d h")
    first, second = names.split()
    rest = seconds % large // small
    return f"{seconds // large} {first} {rest} {second}" if rest else f"{seconds // large} {first}"


def relative(moment: datetime, now: datetime) -> str:
    """Return how long ago or ahead a moment is; beyond a month its date."""
    away = abs(int((now - moment).total_seconds()))
    if away < 45:
        return "just now"
    if away > 30 * DAY:
        return timezone.localtime(moment).strftime("%-d %b %Y")
    words = duration(timedelta(seconds=away - away % DAY if away > 2 * DAY else away))
    return f"{words} ago" if moment < now else f"in {words}"


def absolute(moment: datetime) -> str:
    """Return local time with its zone, and UTC beside it where the two differ."""
    local, utc = timezone.localtime(moment), moment.astimezone(tz=timezone.get_fixed_timezone(0))
    text = local.strftime("%-d %b %Y %H:%M:%S %Z")
    if local.utcoffset():
        return f"{text} ({utc:%H:%M:%S} UTC)"
    return text


def money(amount: Decimal | float, currency: str) -> str:
    """Return a sum without cents when it has none: EUR 12,500."""
    value = Decimal(str(amount))
    whole = value == value.to_integral_value()
    return f"{currency} {value:,.0f}" if whole else f"{currency} {value:,.2f}"


def initials(name: str) -> str:
    """Return at most two letters that stand for a name."""
    words = [word for word in name.replace(".", " ").replace("_", " ").split() if word]
    if len(words) > 1:
        return (words[0][0] + words[-1][0]).upper()
    return name[:2].upper()
