"""Times of events, read as the service reads them: tests/times.tsv has the cases. And times of tables, which come in more makes."""

import re
from datetime import date, datetime, timedelta

DAY = 86_400
EPOCH, MICROSECOND = datetime(1970, 1, 1), timedelta(microseconds=1)
UNIX_DAY = date(1970, 1, 1).toordinal()
EARLIEST, LATEST = 0, 253_402_300_799_999_999  # micros of the years 1970 to 9999
LEAST_MILLISECONDS = 100_000_000_000           # 1973-03-03; a smaller whole number is most likely in seconds

# RFC 3339 and ISO 8601's basic form; without seconds, minutes or (in the extended form) time of day they are taken, too
OFFSET = r"(?:[Zz]|([+-])(\d\d)(?::?(\d\d))?)?"
FRACTION = r"(?:[.,](\d+))?"
EXTENDED = re.compile(rf"(\d{{4}})-(\d\d)-(\d\d)(?:[Tt ](\d\d)(?::(\d\d)(?::(\d\d){FRACTION})?)?{OFFSET})?", re.ASCII)
BASIC = re.compile(rf"(\d{{4}})(\d\d)(\d\d)[Tt ](\d\d)(?:(\d\d)(?:(\d\d){FRACTION})?)?{OFFSET}", re.ASCII)
COMMON = re.compile(r"(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:[0-5]\d)Z?", re.ASCII)  # what nearly all are, in a tenth of the time
UNIX = re.compile(r"\d+(?:\.0*)?", re.ASCII)


def parse_time(text: str) -> int:
    """Micros; UTC where the text names no offset. What is finer is cut off.

    A leap second ends a day of UTC, and is the first of the next.
    """
    common = COMMON.fullmatch(text)
    if common:
        return in_range((datetime.fromisoformat(common[1]) - EPOCH) // MICROSECOND)
    found = EXTENDED.fullmatch(text) or BASIC.fullmatch(text)
    if not found:
        raise ValueError("no time")
    year, month, day, hour, minute, second, fraction, sign, offset_hour, offset_minute = found.groups("0")
    days = date(int(year), int(month), int(day)).toordinal() - UNIX_DAY
    offset = (int(offset_hour) * 60 + int(offset_minute)) * (-60 if sign == "-" else 60)
    seconds = days * DAY + (int(hour) * 60 + int(minute)) * 60 + int(second) - offset
    if hour > "23" or minute > "59" or second > "60" or (second == "60" and seconds % DAY) or offset_hour > "23" or offset_minute > "59":
        raise ValueError("no time of day")
    return in_range(seconds * 1_000_000 + int(fraction[:6].ljust(6, "0")))


def parse_json_time(value) -> int:
    """Micros of a timestamp as an event has it: a text, or a whole number, Unix time in milliseconds."""
    if isinstance(value, str):
        return parse_time(value)
    number = whole_number(value)
    if number < LEAST_MILLISECONDS:
        raise ValueError("too small for milliseconds")
    return in_range(number * 1_000)


def parse_any_time(text: str) -> int:
    """As parse_time; also "2019-10-01 00:00:00 UTC", and Unix time whose size tells seconds, milliseconds, microseconds."""
    if not UNIX.fullmatch(text):
        return parse_time(text.removesuffix(" UTC"))
    number = int(text.partition(".")[0])
    return in_range(number * (1 if number > 1e14 else 1_000 if number > 1e11 else 1_000_000))


def whole_number(value) -> int:
    """JSON has one kind of number: 3.0 is whole, too."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if type(value) is not int:
        raise ValueError("no whole number")
    return value


def in_range(micros: int) -> int:
    if not EARLIEST <= micros <= LATEST:
        raise ValueError("beyond the years 1970 to 9999")
    return micros
