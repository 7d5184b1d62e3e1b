"""Real servers for tests, on loopback: Chroma's as its package installs it, PostgreSQL's; and a line that is cut."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep
from typing import Any, Self

import httpx

CHROMA = Path(sys.executable).with_name("chroma")
_START_SECONDS = 600.0  # on a machine that has much else to do


class ChromaServer:
    """`chroma run` over a folder; it may be killed, and started again at the same address."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def start(self) -> None:
        """Returns when it answers."""
        command = [CHROMA, "run", "--path", self.folder, "--host", "127.0.0.1", "--port", str(self.port)]
        with self.folder.with_suffix(".log").open("ab") as log:
            self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        deadline = monotonic() + _START_SECONDS
        while not self._answers():
            if self._process.poll() is not None or monotonic() > deadline:
                raise RuntimeError(f"no Chroma server: {self.folder.with_suffix('.log').read_text()[-500:]}")
            sleep(0.1)

    def kill(self) -> None:
        """Ends it as a power failure would."""
        if self._process:
            self._process.kill()
            self._process.wait()

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/api/v2/heartbeat", timeout=10.0).is_success
        except httpx.TransportError:
            return False


class Line:
    """A TCP line to a server, which is cut behind what was asked, before anything is answered, `num_cuts` times."""

    def __init__(self, port: int) -> None:
        self.num_cuts = 0
        self._target = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        """Takes no more connections."""
        self._listener.close()

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", self._target))
            threading.Thread(target=self._pipe, args=(client, server, False), daemon=True).start()
            threading.Thread(target=self._pipe, args=(server, client, True), daemon=True).start()

    def _pipe(self, source: socket.socket, target: socket.socket, is_answer: bool) -> None:
        with suppress(OSError):  # the other direction may have ended
            while content := source.recv(65_536):
                if is_answer and self.num_cuts > 0:
                    self.num_cuts -= 1
                    break
                target.sendall(content)
        for one in (source, target):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()


def free_port() -> int:
    """A port of this machine that nobody listens at just now."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


class PostgresServer:
    """A PostgreSQL server in a folder of its own, which whoever runs the tests may enter; it may be killed and started
    again at the same address.
    """

    def __init__(self, binaries: Path) -> None:
        self.port = free_port()
        self._binaries = binaries
        self._folder = Path(tempfile.mkdtemp(prefix="postgres-"))
        self._user: dict[str, Any] = {"user": "postgres", "group": "postgres"} if os.geteuid() == 0 else {}
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        if self._user:
            shutil.chown(self._folder, **self._user)
        made = ["--no-sync", "--auth=trust", "--username=tester", "--encoding=UTF8", "--locale=C.UTF-8"]
        command = [self._binaries / "initdb", "--pgdata", self._folder / "data", *made]
        subprocess.run(command, check=True, capture_output=True, cwd=self._folder, **self._user)
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        shutil.rmtree(self._folder, ignore_errors=True)

    def url(self, schema: str = "") -> str:
        """The address of its database, or of a schema in it."""
        whole = f"postgresql://tester@127.0.0.1:{self.port}/postgres"
        return f"{whole}?schema={schema}" if schema else whole

    def start(self) -> None:
        """Returns when it answers."""
        options = ["-c", "listen_addresses=127.0.0.1", "-c", "fsync=off", "-c", "max_connections=300"]
        command = [self._binaries / "postgres", "-D", self._folder / "data", "-p", str(self.port), "-k", self._folder]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [*command, *options], stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self._folder, **self._user
            )
        deadline = monotonic() + _START_SECONDS
        ready = [self._binaries / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        while subprocess.run(ready, check=False).returncode:
            if self._process.poll() is not None or monotonic() > deadline:
                raise RuntimeError(f"no PostgreSQL server: {(self._folder / 'log').read_text()[-500:]}")
            sleep(0.1)

    def certify(self, host: str) -> Path:
        """Has it, from its next start on, show a certificate for that host; returns the file that vouches for it."""
        data = self._folder / "data"
        files = [data / "server.key", data / "server.crt"]
        made = ["-newkey", "rsa:2048", "-nodes", "-keyout", files[0], "-out", files[1], "-subj", f"/CN={host}"]
        command = ["openssl", "req", "-x509", *made, "-addext", f"subjectAltName=DNS:{host}"]
        subprocess.run(command, check=True, capture_output=True, cwd=data, **self._user)
        files[0].chmod(0o600)
        with (data / "postgresql.conf").open("a") as settings:
            settings.write("ssl = on\n")
        return files[1]

    def kill(self) -> None:
        """Ends it, and every connection, at once."""
        if self._process:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait()


def postgres_binaries() -> Path | None:
    """The folder of PostgreSQL's programs, of the newest version; None where there are none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    on_path = shutil.which("initdb")
    return found[-1].parent if found else Path(on_path).resolve().parent if on_path else None
