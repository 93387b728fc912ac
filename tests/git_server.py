"""A real Git server over HTTP on loopback: `git http-backend` behind a small server of HTTP.

Repositories are served from a folder. Whatever begins with `private/` wants the access token
`a-good-token`, and `moved/…` is answered with a redirect to the rest of the path.

`python -m tests.git_server FOLDER` prints the port and serves until it is stopped.
"""

import base64
import http.server
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

TOKEN = "a-good-token"
_GIT = shutil.which("git") or "git"
_ENVIRONMENT = {
    "PATH": os.environ.get("PATH", os.defpath),
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_AUTHOR_NAME": "Tests",
    "GIT_AUTHOR_EMAIL": "tests@example.org",
    "GIT_COMMITTER_NAME": "Tests",
    "GIT_COMMITTER_EMAIL": "tests@example.org",
}


def git(folder: Path, *words: str, given: str = "") -> str:
    made = subprocess.run(
        [_GIT, *words],
        cwd=folder,
        env=_ENVIRONMENT,
        check=True,
        capture_output=True,
        input=given,
        encoding="utf-8",
    )
    return made.stdout.strip()


def commit_files(repository: Path, files: Mapping[str, bytes], branch: str = "main") -> None:
    """One more commit with these files, on a branch of a repository that is made if need be."""
    if not repository.exists():
        repository.mkdir(parents=True)
        git(repository, "init", "--quiet", f"--initial-branch={branch}")
    else:
        git(repository, "checkout", "--quiet", "-B", branch)
    for path, content in files.items():
        (repository / path).parent.mkdir(parents=True, exist_ok=True)
        (repository / path).write_bytes(content)
    git(repository, "add", "--all")
    git(repository, "commit", "--quiet", "--allow-empty", "--message=As it is")


class _Handler(http.server.BaseHTTPRequestHandler):
    folder: Path

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def log_message(self, *_words: object) -> None:
        """Tests read no access log."""

    def _answer(self) -> None:
        path, _, query = self.path.partition("?")
        if path.startswith("/moved/"):
            self.send_response(302)
            self.send_header("Location", self.path.removeprefix("/moved"))
            self.end_headers()
        elif path.startswith("/private/") and not self._is_known():
            self.send_response(401)
            self.send_header("WWW-Authenticate", "Basic realm=private")
            self.end_headers()
        else:
            self._pass_on(path, query)

    def _is_known(self) -> bool:
        given = self.headers.get("Authorization", "").removeprefix("Basic ")
        return base64.b64decode(given).decode().rpartition(":")[2] == TOKEN

    def _pass_on(self, path: str, query: str) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        variables = {
            **_ENVIRONMENT,
            "GIT_PROJECT_ROOT": str(self.folder),
            "GIT_HTTP_EXPORT_ALL": "1",
            "REQUEST_METHOD": self.command,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
            "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
        }
        words = [_GIT, "http-backend"]
        made = subprocess.run(words, input=body, env=variables, capture_output=True, check=False)
        head, _, content = made.stdout.partition(b"\r\n\r\n")
        lines = [line.split(": ", 1) for line in head.decode().splitlines()]
        headers = dict(line for line in lines if len(line) == 2)
        self.send_response(int(headers.pop("Status", "200").split()[0]))
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def _server(folder: Path, port: int = 0) -> http.server.ThreadingHTTPServer:
    handler = type("Handler", (_Handler,), {"folder": folder})
    return http.server.ThreadingHTTPServer(("127.0.0.1", port), handler)


@contextmanager
def git_server(folder: Path) -> Iterator[str]:
    """The address of a server of the repositories in a folder."""
    server = _server(folder)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


if __name__ == "__main__":
    serving = _server(Path(sys.argv[1]), int(sys.argv[2]))
    print(serving.server_port, flush=True)  # noqa: T201
    serving.serve_forever()
