"""What both clients need to be connected."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import httpx

from profileservice.call import broken_off, json_of

Token = str | Callable[[], str]
Client = TypeVar("Client", httpx.Client, httpx.AsyncClient)


def new_client(kind: type[Client], url: str, timeout: float, transport: Any) -> Client:
    """A client of httpx for a service."""
    if not url.startswith(("http://", "https://")):
        raise ValueError(f'url is {url!r}; write the address of the service, such as "http://localhost:8080"')
    return kind(base_url=url, timeout=timeout, transport=transport)


def header_of(key: Token | None) -> dict[str, str]:
    """The credentials of a request; none where the service asks for none."""
    if key is None:
        return {}
    return {"Authorization": f"Bearer {key if isinstance(key, str) else key()}"}


class Lines:
    """Reads an export line by line, and knows whether its end has come."""

    def __init__(self, answer: httpx.Response) -> None:
        self._answer = answer
        self._section: str | None = None

    def parse(self, line: str) -> Iterator[dict[str, Any]]:
        """The object of a line; none if the line is empty."""
        if line.strip():
            entry = json_of(self._answer, line)
            self._section = entry.get("section")
            yield entry

    def raise_unless_ended(self) -> None:
        """Raises an error if the last line was not the section end."""
        if self._section != "end":
            raise broken_off(self._answer)
