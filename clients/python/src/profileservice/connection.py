"""What both clients need to be connected."""
from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import httpx

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


def lines_of(line: str) -> Iterator[dict[str, Any]]:
    """The object of a line; none where it is empty."""
    if line.strip():
        yield json.loads(line)
