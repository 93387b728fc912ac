"""Log lines for people (text) or for collectors (JSON), without secrets."""

import json
import logging
import re

from modelservice.common import request_ids
from modelservice.common.personal_tokens import PREFIX

# Attributes of a record that become fields of the JSON.
_IDS = ("training_id", "deployment_id", "test_id", "model_name")
_SECRET = re.compile(
    rf"(?i)(bearer\s+|\b{PREFIX}|\b(?:access_token|refresh_token|client_secret|password|code_verifier)[\"']?\s*[=:]\s*[\"']?)"
    r"[^\s\"'&,}]+"
)


class LineFormatter(logging.Formatter):
    def __init__(self, *, json: bool = False) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s%(request)s: %(message)s")
        self._json = json

    def format(self, record: logging.LogRecord) -> str:
        # What was begun by a request of long ago says so by itself.
        request_id = getattr(record, "request_id", "") or request_ids.current()
        if not self._json:
            record.request = f" [{request_id}]" if request_id else ""
            return _masked(super().format(record))
        body = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _masked(record.getMessage()),
            **{name: getattr(record, name) for name in _IDS if hasattr(record, name)},
        }
        if request_id:
            body["request_id"] = request_id
        if record.exc_info:
            body["traceback"] = _masked(self.formatException(record.exc_info))
        return json.dumps(body, ensure_ascii=False)


def _masked(text: str) -> str:
    return _SECRET.sub(r"\1***", text)
