"""Times of events, read as the service reads them (tests/times.tsv has the cases), and times of tables, in more formats."""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal

DAY_SECONDS = 86_400
EPOCH, MICROSECOND = datetime(1970, 1, 1), timedelta(microseconds=1)
UNIX_DAY = date(1970, 1, 1).toordinal()
EARLIEST, LATEST = 0, 253_402_300_799_999_999  # micros of the years 1970 to 9999
LEAST_MILLISECONDS = 100_000_000_000           # 1973-03-03; a smaller number is most likely in seconds
LEAST_UNIX, END_UNIX = 631_152_000_000_000, 4_102_444_800_000_000  # micros of 1990 and of 2100

# RFC 3339 and ISO 8601's basic form; seconds, minutes and (in the extended form) the time of day may be missing
OFFSET = r"(?:[Zz]|([+-])(\d\d)(?::?(\d\d))?)?"
FRACTION = r"(?:[.,](\d+))?"
EXTENDED = re.compile(rf"(\d{{4}})-(\d\d)-(\d\d)(?:[Tt ](\d\d)(?::(\d\d)(?::(\d\d){FRACTION})?)?{OFFSET})?", re.ASCII)
BASIC = re.compile(rf"(\d{{4}})(\d\d)(\d\d)[Tt ](\d\d)(?:(\d\d)(?:(\d\d){FRACTION})?)?{OFFSET}", re.ASCII)
COMMON = re.compile(r"(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:[0-5]\d)Z?", re.ASCII)  # the usual form, read ten times as fast
UNIX = re.compile(r"\d+(?:\.\d*)?(?:[eE]\+?\d{1,2})?", re.ASCII)


class UnlikelyTime(ValueError):
    """A number that is most likely no time; the message says how to write times."""


def parse_time(text: str) -> int:
    """Microseconds since 1970; UTC if the text has no offset. Digits beyond microseconds are cut off.

    A leap second is accepted at the end of a UTC day only, and is the first second of the next day.
    """
    common = COMMON.fullmatch(text)
    if common:
        return in_range((datetime.fromisoformat(common[1]) - EPOCH) // MICROSECOND)
    found = EXTENDED.fullmatch(text) or BASIC.fullmatch(text)
    if not found:
        raise ValueError("not a time")
    year, month, day, hour, minute, second, fraction, sign, offset_hour, offset_minute = found.groups("0")
    days = date(int(year), int(month), int(day)).toordinal() - UNIX_DAY
    offset = (int(offset_hour) * 60 + int(offset_minute)) * (-60 if sign == "-" else 60)
    seconds = days * DAY_SECONDS + (int(hour) * 60 + int(minute)) * 60 + int(second) - offset
    out_of_range = hour > "23" or minute > "59" or second > "60" or offset_hour > "23" or offset_minute > "59"
    if out_of_range or (second == "60" and seconds % DAY_SECONDS):
        raise ValueError("not a time of day")
    return in_range(seconds * 1_000_000 + int(fraction[:6].ljust(6, "0")))


def parse_json_time(value) -> int:
    """Microseconds of a JSON timestamp: a text, or a whole number, Unix time in milliseconds."""
    if isinstance(value, str):
        return parse_time(value)
    number = whole_number(value)
    if number < LEAST_MILLISECONDS:
        raise ValueError("too small for milliseconds")
    return in_range(number * 1_000)


def parse_any_time(text: str) -> int:
    """As parse_time; also "2019-10-01 00:00:00 UTC", and Unix time in seconds, milliseconds or microseconds, told apart by size.

    Unix time may have a fraction and an exponent.
    """
    if not UNIX.fullmatch(text):
        return parse_time(text.removesuffix(" UTC"))
    number = Decimal(text)
    return in_range(int(number * (1 if number > 1e14 else 1_000 if number > 1e11 else 1_000_000)))


def parse_clear_time(text: str) -> int:
    """As parse_any_time, without numbers that in no unit lie in the years 1990 to 2099.

    Such a number is more likely something else than Unix time: 20191001, 20191001000000, or the days since 1900 that spreadsheets count.
    """
    micros = parse_any_time(text)
    if UNIX.fullmatch(text) and not LEAST_UNIX <= micros < END_UNIX:
        raise UnlikelyTime("a number is taken as Unix time of the years 1990 to 2099 alone: write 2019-10-01 or 2019-10-01T10:00:00Z")
    return micros


def whole_number(value) -> int:
    """JSON has one kind of number, so 3.0 is whole."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if type(value) is not int:
        raise ValueError("not a whole number")
    return value


def in_range(micros: int) -> int:
    if not EARLIEST <= micros <= LATEST:
        raise ValueError("outside the years 1970 to 9999")
    return micros
