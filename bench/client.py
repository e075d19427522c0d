"""A browser's share of the work, without the browser: cookies, tokens, forms, and a clock around each answer."""

import http.client
import re
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import urlencode

_BOUNDARY = "b2e1f7c094d34a6d8a55"
IDLE_SECONDS = 1.0
"""The server closes a connection that was idle for two seconds."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes
    milliseconds: float

    @property
    def statements(self) -> int:
        return int(self.headers.get("x-statements", 0))

    @property
    def sql_ms(self) -> float:
        return float(self.headers.get("x-sql-milliseconds", 0))


@dataclass
class Client:
    """One keep-alive connection with its cookies; one thread uses it."""

    host: str
    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    _connection: http.client.HTTPConnection | None = None
    _used_at: float = 0.0

    def get(self, path: str) -> Answer:
        return self._send("GET", path, None, {})

    def post(self, path: str, fields: dict[str, str]) -> Answer:
        """As a form does, with the token of the cookie."""
        body = urlencode({"csrfmiddlewaretoken": self.cookies.get("csrftoken", ""), **fields})
        return self._send("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded"})

    def upload(self, path: str, fields: dict[str, str], name: str, file: str, content: bytes) -> Answer:
        """As `post`, with a JPEG in the field `name`."""
        parts = {"csrfmiddlewaretoken": self.cookies.get("csrftoken", ""), **fields}
        text = "".join(
            f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
            for key, value in parts.items()
        )
        head = f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"; filename="{file}"\r\n'
        head += "Content-Type: image/jpeg\r\n\r\n"
        body = (text + head).encode() + content + f"\r\n--{_BOUNDARY}--\r\n".encode()
        return self._send("POST", path, body, {"Content-Type": f"multipart/form-data; boundary={_BOUNDARY}"})

    def _send(self, method: str, path: str, body: str | bytes | None, headers: dict[str, str]) -> Answer:
        if self._connection is None or time.perf_counter() - self._used_at > IDLE_SECONDS:
            self._connection = http.client.HTTPConnection(self.host, self.port, timeout=60)
            self._connection.connect()
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        started = time.perf_counter()
        self._connection.request(method, path, body, {"Cookie": cookie, "Accept-Encoding": "identity", **headers})
        response = self._connection.getresponse()
        content = response.read()
        self._used_at = time.perf_counter()
        took = (self._used_at - started) * 1000
        for name, value in response.getheaders():
            if name.lower() == "set-cookie":
                self.cookies |= {key: morsel.value for key, morsel in SimpleCookie(value).items()}
        found = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, found, content, took)


Call = Callable[[Client], Answer]


def measure(clients: Sequence[Client], calls: Sequence[Iterable[Call]]) -> tuple[list[Answer], float]:
    """Every client works through its own calls at the same time; the answers, and seconds for all of it."""
    answers: list[Answer] = []
    lock = threading.Lock()
    gate = threading.Barrier(len(clients) + 1)

    def work(client: Client, own: Iterable[Call]) -> None:
        gate.wait()
        mine = [call(client) for call in own]
        with lock:
            answers.extend(mine)

    threads = [threading.Thread(target=work, args=pair) for pair in zip(clients, calls, strict=True)]
    for thread in threads:
        thread.start()
    gate.wait()
    started = time.perf_counter()
    for thread in threads:
        thread.join()
    return answers, time.perf_counter() - started


def percentile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]


def hidden(html: bytes, name: str) -> str:
    """The value of a hidden field of the first form that has it."""
    found = re.search(rf'name="{re.escape(name)}"[^>]*value="([^"]*)"', html.decode())
    return found.group(1) if found else ""
