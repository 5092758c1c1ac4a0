"""Failures are logged by kind and place only: their texts may hold names of people."""

from __future__ import annotations

import json
import logging
import traceback
from pathlib import Path

STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


def log_failure(log: logging.Logger, sentence: str, problem: BaseException) -> None:
    """Log an unexpected failure without its text."""
    frames = traceback.extract_tb(problem.__traceback__)
    where = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    log.error(sentence, extra={"problem": type(problem).__name__, "where": where})


class FieldFormatter(logging.Formatter):
    """Level, logger, sentence, then the structured fields as JSON; never a traceback."""

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        fields = {key: value for key, value in vars(record).items() if key not in STANDARD}
        if record.exc_info and record.exc_info[0]:
            fields["problem"] = record.exc_info[0].__name__
        tail = f" {json.dumps(fields, default=str)}" if fields else ""
        return f"{record.levelname} {record.name} {record.getMessage()}{tail}"
