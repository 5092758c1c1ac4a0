from __future__ import annotations

import logging

from media_server.failures import FieldFormatter, log_failure


def test_a_failure_is_logged_without_its_text(caplog: object) -> None:
    lines: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(FieldFormatter().format(record))

    log = logging.Logger("media_server.test")
    log.addHandler(Keep())
    try:
        raise KeyError("Nguyễn Văn An")
    except KeyError as problem:
        log_failure(log, "request failed", problem)
        log.exception("with a traceback")
    assert lines[0].startswith("ERROR media_server.test request failed {")
    assert "KeyError" in lines[0] and "test_failures.py:" in lines[0]
    assert lines[1] == 'ERROR media_server.test with a traceback {"problem": "KeyError"}'
    assert not any("Nguyễn" in line for line in lines)
