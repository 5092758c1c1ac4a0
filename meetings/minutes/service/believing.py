"""Whom the verifier believes, as the settings name them."""

from __future__ import annotations

from meetings.ledger.signers import log_signer
from meetings.minutes.service.made import Believed
from meetings.minutes.trust_list import BadTrustList, TrustList, read_list
from meetings.minutes.work import Stamps
from meetings.settings import BadSetting, Secrets, Settings


def believed(settings: Settings, secrets: Secrets) -> Believed:
    """Whom the verifier believes. Raises BadSetting for files of the time-stamp authority that cannot be read."""
    root, crl = settings.tsa.root_file, settings.tsa.crl_file
    try:
        stamps = Stamps(root=root.read_bytes(), crl=crl.read_bytes() if crl else None) if root else None
    except OSError:
        raise BadSetting("tsa.root_file", "không đọc được tệp", "the file cannot be read") from None
    return Believed(
        log=str(log_signer(secrets.log_key).key),
        witnesses=settings.log.witnesses,
        stamps=stamps,
        authorities=authorities(settings),
    )


def authorities(settings: Settings) -> TrustList:
    """Raises BadSetting for a list that cannot be read now; one that is spoilt later holds as it was."""
    found = TrustList(settings.external.list_file)
    if settings.external.list_file is not None:
        try:
            read_list(settings.external.list_file)
        except BadTrustList as bad:
            what = bad.facts.get("what", "")
            raise BadSetting(
                "external.list_file", f"không đọc được: {what}", f"cannot be read: {what}"
            ) from None
    return found
