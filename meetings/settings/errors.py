"""The refusal to start with a setting that cannot be."""

from __future__ import annotations

from meetings.kernel.errors import Invalid


class BadSetting(Invalid):
    """A setting that is unknown or impossible. `key` is its dotted name; the value is never shown."""

    code = "bad-setting"
    message = "Cấu hình {key}: {vi}. / Setting {key}: {en}."

    def __init__(self, key: str, vi: str, en: str) -> None:
        super().__init__(key=key, vi=vi, en=en)
