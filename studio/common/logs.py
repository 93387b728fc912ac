"""Log lines for people (text) or for collectors (JSON), without secrets."""

import json
import logging
import re

_SECRET = re.compile(
    r"(?i)(bearer\s+|\b(?:access_token|refresh_token|client_secret|password|code_verifier)[\"']?\s*[=:]\s*[\"']?)"
    r"[^\s\"'&,}]+"
)


class LineFormatter(logging.Formatter):
    def __init__(self, *, json: bool = False) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self._json = json

    def format(self, record: logging.LogRecord) -> str:
        line = _SECRET.sub(r"\1***", super().format(record))
        if not self._json:
            return line
        message = _SECRET.sub(r"\1***", record.getMessage())
        body = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": message,
        }
        if record.exc_info:
            body["traceback"] = _SECRET.sub(r"\1***", self.formatException(record.exc_info))
        return json.dumps(body, ensure_ascii=False)
