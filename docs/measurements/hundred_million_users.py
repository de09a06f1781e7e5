"""python3 docs/measurements/hundred_million_users.py [--write]

What 100 million users need, computed line by line from growth/costs.json, which ./bench --growth measures. Prints the tables of
hundred-million-users.md; --write puts them there.
"""

import json
import math
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
PAGE = HERE / "hundred-million-users.md"
BEGIN, END = "<!-- computed by hundred_million_users.py -->\n", "<!-- end -->\n"

# What is assumed; everything else is measured.
USERS = 100e6
ACTIVE = 0.1  # of the users on a day
EVENTS = 20  # of an active user on a day
REFRESHES = 10  # likewise
BUSIEST = 3  # the busiest hour by the mean
LOOKUPS = 10_000  # a second in the busiest hour
ATTRIBUTES = 0.5  # of the users have some, as of the measured ones: the bytes are by all users
CACHED_DAYS = 7  # Profiles:CacheTtl
FULL = 100  # Windows:MaxEvents
KEPT_DAYS = 270  # Events:ArchiveRetention
REDIS_SERVER = 24e9  # bytes of data on one server, with as much memory free for rewrites of its file
RATES_AT = 100_000  # users in the stores; right after a start with a million of them the figures are of the start, too
DAY = 86_400


def line(sizes: list, totals: list) -> tuple:
    """Least squares: bytes = fixed + each * users."""
    mean_size, mean_total = sum(sizes) / len(sizes), sum(totals) / len(totals)
    slope = (sum((s - mean_size) * (t - mean_total) for s, t in zip(sizes, totals))
             / sum((s - mean_size) ** 2 for s in sizes))
    return mean_total - slope * mean_size, slope


def count(number: float) -> str:
    return f"{number:,.0f}" if number >= 100 else f"{number:,.3g}"


def size(number: float) -> str:
    """Bytes in decimal units."""
    for unit, name in ((1e12, "TB"), (1e9, "GB"), (1e6, "MB")):
        if number >= unit:
            return f"{number / unit:,.3g} {name}" if number / unit < 1_000 else f"{number / unit:,.0f} {name}"
    return f"{number:,.0f} bytes"


def table(head: tuple, rows: list) -> str:
    return "".join(f"| {' | '.join(row)} |\n" for row in (head, ("---",) * len(head), *rows))


def measured(costs: dict) -> tuple:
    """(table of the fits, bytes of a user by store)"""
    rows, each = [], {}
    for what, totals in costs["bytes"].items():
        fixed, each[what] = line(costs["users"], totals)
        by_size = [count(total / users) for users, total in zip(costs["users"], totals)]
        rows.append((what, *by_size, f"{fixed / 1e6:,.2f} MB + {each[what]:,.1f} bytes a user"))
    head = ("bytes a user", *(f"{users:,} users" for users in costs["users"]), "line through the totals")
    return table(head, rows), each


def flows(costs: dict) -> tuple:
    """(rows, events a day, refreshes a day)"""
    events, refreshes = USERS * ACTIVE * EVENTS, USERS * ACTIVE * REFRESHES
    rows = [("events", f"{USERS:,.0f} users x {ACTIVE} x {EVENTS}", f"{count(events)} a day"),
            ("events a second", f"/ {DAY:,} s; x {BUSIEST}", f"{count(events / DAY)}; {count(BUSIEST * events / DAY)} in the busiest hour"),
            ("refreshes", f"{USERS:,.0f} users x {ACTIVE} x {REFRESHES}", f"{count(refreshes)} a day"),
            ("refreshes a second", f"/ {DAY:,} s; x {BUSIEST}",
             f"{count(refreshes / DAY)}; {count(BUSIEST * refreshes / DAY)} in the busiest hour")]
    return rows, events, refreshes


def memory(costs: dict, each: dict) -> list:
    window, cache, events = each["Redis: window"], each["Redis: read cache"], costs["eventsPerWindow"]
    full = window * FULL / events
    week = 1 - (1 - ACTIVE) ** CACHED_DAYS  # active at least once, if each day draws anew
    common = USERS * (window + week * cache)
    most = USERS * (window + (1 + week) * cache)
    return [("windows", f"{USERS:,.0f} x {window:,.0f}", size(USERS * window)),
            ("read cache in a common week", f"{USERS:,.0f} x (1 - {1 - ACTIVE:.1f}^{CACHED_DAYS} = {week:.3f}) x {cache:,.0f}",
             size(USERS * week * cache)),
            ("read cache after a new model", f"{USERS:,.0f} x (1 + {week:.3f}) x {cache:,.0f}: "
             "the new one's, and the old one's until they expire", size(USERS * (1 + week) * cache)),
            ("read cache with Profiles:CacheTtl of a day", f"{USERS:,.0f} x {ACTIVE} x {cache:,.0f}", size(USERS * ACTIVE * cache)),
            ("in a common week", "windows + read cache", size(common)),
            ("after a new model", "windows + read cache", size(most)),
            servers("servers", most),
            ("windows, all full", f"{USERS:,.0f} x {window:,.0f} x {FULL} / {events:.1f} events", size(USERS * full)),
            servers("servers, windows all full", most + USERS * (full - window))]


def servers(name: str, total: float) -> tuple:
    number = math.ceil(total / REDIS_SERVER)
    return name, f"{size(total)} / {size(REDIS_SERVER)}", f"{number}, {2 * number} with a replica each"


def disk(costs: dict, each: dict, events: float, refreshes: float) -> list:
    rows, index = each["PostgreSQL: profiles, rows"], each["PostgreSQL: profiles, index"]
    attributes = each["PostgreSQL: attributes, with index"]
    archive, log = costs["archiveBytes"], costs["logBytes"]
    event = (archive["rows"] + archive["index"]) / archive["events"]
    least = events * log["event"] + refreshes * log["refresh"]
    most = events * log["eventAfterCheckpoint"] + refreshes * log["refreshAfterCheckpoint"]
    return [("profiles", f"{USERS:,.0f} x ({rows:,.0f} rows + {index:,.0f} index)", size(USERS * (rows + index))),
            ("attributes", f"{USERS:,.0f} x {attributes:,.1f}, of which {ATTRIBUTES} have some", size(USERS * attributes)),
            ("archive, a day", f"{count(events)} x {event:,.0f} ({archive['rows'] / archive['events']:,.0f} rows + "
             f"{archive['index'] / archive['events']:,.0f} index)", size(events * event)),
            (f"archive, {KEPT_DAYS} days", f"x {KEPT_DAYS}", size(events * event * KEPT_DAYS)),
            ("log (WAL) a day, pages changed before", f"{count(events)} x {log['event']:,.0f} + {count(refreshes)} x {log['refresh']:,.0f}",
             size(least)),
            ("log (WAL) a day, with full pages", f"{count(events)} x {log['eventAfterCheckpoint']:,.0f} + {count(refreshes)} x "
             f"{log['refreshAfterCheckpoint']:,.0f}", size(most)),
            ("the latter in a second of the busiest hour", f"{size(most)} x {BUSIEST} / {DAY:,} s", size(most * BUSIEST / DAY))]


def processes(costs: dict, events: float, refreshes: float) -> list:
    processors, archived = costs["processors"], costs["perSecondWithArchive"]
    at = costs["users"].index(RATES_AT)
    rates = {path: by_users[at] for path, by_users in costs["perSecond"].items()}
    rows = []
    for name, rate, need in (("ingest, with the archive", archived["ingest"], BUSIEST * events / DAY),
                             ("refresh", rates["refresh"], BUSIEST * refreshes / DAY),
                             ("lookups, JSON", rates["lookup, JSON"], LOOKUPS)):
        replicas = math.ceil(need / rate)
        rows.append((name, f"{count(need)} a second / {count(rate)} of {processors} processors",
                     f"{replicas}, {replicas + 1} with one to lose"))
    kept = events * KEPT_DAYS
    return [*rows,
            ("a new model", f"{USERS:,.0f} users / {count(rates['refresh'])} a second",
             f"{USERS / rates['refresh'] / 3_600:,.1f} hours on one replica, {USERS / rates['refresh'] / 3_600 / 8:,.1f} on eight"),
            ("windows again from the archive",
             f"{count(events)} x {KEPT_DAYS} = {count(kept)} events / {count(archived['rebuild'])} a second",
             f"{kept / archived['rebuild'] / DAY:,.1f} days by one process")]


def computed() -> str:
    costs = json.loads((HERE / "growth" / "costs.json").read_text("utf-8"))
    sizes, each = measured(costs)
    mean = costs["eventsPerWindow"]
    rows, events, refreshes = flows(costs)
    head = ("what", "arithmetic", "result")
    busy = costs["loadBefore"] > costs["processors"] / 2
    return (f"Measured with {costs['package']}, vectors of {costs['dimension']} dimensions, windows of {mean} events in the "
            f"mean:\n\n{sizes}\nWhat happens on a day:\n\n{table(head, rows)}\nRedis:\n\n{table(head, memory(costs, each))}\n"
            f"PostgreSQL:\n\n{table(head, disk(costs, each, events, refreshes))}\n"
            f"Processes, by rates of the same run with {RATES_AT:,} users. Services, stores and load shared "
            f"{costs['processors']} processors"
            + (f", and other work ran beside them (load average {costs['loadBefore']} before the run), so that these rates are low"
               if busy else "") + f":\n\n{table(head, processes(costs, events, refreshes))}")


def main() -> None:
    text = computed()
    if "--write" in sys.argv[1:]:
        page = PAGE.read_text("utf-8")
        before, after = page.split(BEGIN)[0], page.split(END)[1]
        PAGE.write_text(before + BEGIN + text + END + after, "utf-8")
    else:
        print(text, end="")


if __name__ == "__main__":
    main()
