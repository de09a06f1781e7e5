"""Many entries in requests that the service takes."""
from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import httpx

from profileservice.answers import BatchSummary, EntryProblem, IngestSummary
from profileservice.call import Call, body_of, bytes_of
from profileservice.errors import error_of

_MOST = 1_000  # of an array; the service's default
_ENOUGH = 1 << 19  # bytes; no entry is as large, so that an array stays below the 1 MiB that every endpoint takes


def arrays(path: str, entries: Iterable[Mapping[str, Any]]) -> Iterator[tuple[Call[Any], int]]:
    """The entries in as few requests as there must be, each with its number of entries; one, which is refused, if there are none."""
    part: list[bytes] = []
    size, any_sent = 0, False
    for entry in entries:
        part.append(bytes_of(entry))
        size += len(part[-1])
        if len(part) == _MOST or size >= _ENOUGH:
            yield _array(path, part), len(part)
            part, size, any_sent = [], 0, True
    if part or not any_sent:
        yield _array(path, part), len(part)


def _array(path: str, entries: list[bytes]) -> Call[Any]:
    return Call("POST", path, _summary_of, headers={"Content-Type": "application/json"}, body=b"[" + b",".join(entries) + b"]")


def _summary_of(answer: httpx.Response) -> Any:
    """What became of the entries. Where all are rejected the answer is 400, and says so of each."""
    if answer.status_code == 400 and (problem := error_of(answer).problem).get("rejected"):
        return {"accepted": 0, "duplicates": 0, "late": 0, "erased": 0, **problem}
    return body_of(answer)


class Ingested:
    """Adds up what became of events, request by request; problems keep the position among all."""

    def __init__(self) -> None:
        self.summary: IngestSummary = {"accepted": 0, "duplicates": 0, "late": 0, "erased": 0, "rejected": 0, "problems": []}
        self._sent = 0

    def add(self, one: IngestSummary, count: int) -> None:
        """Adds what a request of so many entries was answered with."""
        total = self.summary
        total["problems"] += [_moved(problem, self._sent) for problem in one["problems"]]
        self._sent += count
        total["accepted"] += one["accepted"]
        total["duplicates"] += one["duplicates"]
        total["late"] += one["late"]
        total["erased"] += one["erased"]
        total["rejected"] += one["rejected"]
        if names := {*total.get("unknownFields", []), *one.get("unknownFields", [])}:
            total["unknownFields"] = sorted(names)


class Stored:
    """Adds up what became of items, attributes or purposes, request by request; problems keep the position among all."""

    def __init__(self) -> None:
        self.summary: BatchSummary = {"accepted": 0, "rejected": 0, "problems": []}
        self._sent = 0

    def add(self, one: BatchSummary, count: int) -> None:
        """Adds what a request of so many entries was answered with."""
        total = self.summary
        total["problems"] += [_moved(problem, self._sent) for problem in one["problems"]]
        self._sent += count
        total["accepted"] += one["accepted"]
        total["rejected"] += one["rejected"]


def _moved(problem: EntryProblem, by: int) -> EntryProblem:
    moved = problem.copy()
    moved["index"] += by
    return moved
