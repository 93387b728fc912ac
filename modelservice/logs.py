"""Log lines for people (text) or for collectors (JSON, with the ids as fields)."""

import json
import logging

_IDS = ("training_id", "deployment_id", "test_id", "model_name")


class LineFormatter(logging.Formatter):
    def __init__(self, *, json: bool = False) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self._json = json

    def format(self, record: logging.LogRecord) -> str:
        if not self._json:
            return super().format(record)
        body = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **{name: getattr(record, name) for name in _IDS if hasattr(record, name)},
        }
        if record.exc_info:
            body["traceback"] = self.formatException(record.exc_info)
        return json.dumps(body, ensure_ascii=False)
