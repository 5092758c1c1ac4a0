"""How single services are made of settings and secrets; `app` brings them together."""

from __future__ import annotations

from collections.abc import Callable

from meetings.agenda.service import AgendaService
from meetings.attendance.service import AttendanceService, has_answered_leave
from meetings.committees.provider import OidcProvider
from meetings.committees.service import CommitteesService, Patience
from meetings.db.unit import Units
from meetings.http.endpoint import API
from meetings.kernel.clock import Clock, SystemClock, real_now
from meetings.ledger.log import LogService
from meetings.ledger.offline import COSIGNATURE, Unsound, read_key
from meetings.ledger.signers import log_signer
from meetings.minutes.ports import Workshop
from meetings.minutes.service import MinutesService, SigningKeys
from meetings.minutes.service.believing import believed
from meetings.minutes.service.gathering import Form
from meetings.minutes.signing_handlers import REVOCATION_LIST
from meetings.offline.service import Doors
from meetings.oversight.service import recount_sitting
from meetings.pages.verifier import PATH as VERIFIER_PATH
from meetings.rooms.gateway import LiveKitGateway
from meetings.rooms.ports import Gateway
from meetings.rooms.service import RoomsService
from meetings.settings import BadSetting, Secrets, Settings
from meetings.sitting.service import SittingService
from meetings.voting.service import VotingService


def the_rooms(
    units: Units, server: Gateway, address: Callable[[], str], attendance: AttendanceService
) -> RoomsService:
    """Rooms, told by the leave question who may join by phone; presence goes to attendance."""
    return RoomsService(
        units,
        server,
        address=address,
        real_now=real_now,
        leave_answered=has_answered_leave,
        on_presence=attendance.record_presence,
    )


def the_doors(
    settings: Settings,
    units: Units,
    attendance: AttendanceService,
    sitting: SittingService,
    minutes: MinutesService,
) -> Doors:
    """What a sitting held without a network is told to: the services that everybody else uses."""
    voting = VotingService(units, waiting=settings.limits.waiting_writes)
    return Doors(
        attendance=attendance, agenda=AgendaService(units), voting=voting, sitting=sitting, minutes=minutes
    )


def the_committees(settings: Settings, secrets: Secrets, units: Units) -> CommitteesService:
    """Committees, with the identity service that the settings name, if any."""
    patience = Patience(per_hour=settings.limits.sign_in_tries_per_hour)
    oidc = settings.oidc
    provider = OidcProvider(oidc.issuer, oidc.client_id, secrets.oidc_client_secret, name=oidc.name)
    return CommitteesService(
        units,
        patience=patience,
        code_key=secrets.session.encode(),
        provider=provider if oidc.issuer else None,
    )


def the_attendance(settings: Settings, secrets: Secrets, units: Units) -> AttendanceService:
    """Attendance; a corrected roll is counted again."""
    return AttendanceService(
        units,
        secret=secrets.session.encode(),
        real=SystemClock(),
        waiting=settings.limits.waiting_writes,
        on_corrected=recount_sitting,
    )


def the_log(settings: Settings, secrets: Secrets, units: Units) -> LogService:
    """The log of this installation with its key and witnesses. Raises BadSetting."""
    try:
        witnesses = [read_key(one, COSIGNATURE) for one in settings.log.witnesses]
    except Unsound:
        raise BadSetting("log.witnesses", "khóa làm chứng không đúng", "a witness key is wrong") from None
    return LogService(units, log_signer(secrets.log_key), witnesses)


def the_livekit(
    settings: Settings, secrets: Secrets, clock: Clock, address: Callable[[], str]
) -> LiveKitGateway:
    """The gateway to the media server, wherever it is."""
    signed_by = settings.livekit.webhook_key or settings.livekit.api_key
    return LiveKitGateway(
        address=address,
        key=settings.livekit.api_key,
        secret=secrets.livekit_api_secret,
        webhook=(signed_by, secrets.livekit_webhook_secret),
        clock=clock,
    )


def the_minutes(settings: Settings, secrets: Secrets, units: Units, shop: Workshop) -> MinutesService:
    """Minutes with their keys and the authorities that are believed."""
    keys = SigningKeys(units, shop, secrets.ca_passphrase, list_address(settings))
    return MinutesService(
        units,
        shop,
        keys,
        form=the_form(settings),
        timestamp_url=settings.tsa.url or None,
        believed=believed(settings, secrets),
    )


def list_address(settings: Settings) -> str:
    """Where others find the list of certificates taken back; empty where nobody can from outside."""
    public = settings.http.public_url
    return f"{public.rstrip('/')}{API}{REVOCATION_LIST}" if public else ""


def the_form(settings: Settings) -> Form:
    """What the printed page says of this installation."""
    public = settings.http.public_url.rstrip("/")
    return Form(
        authority=settings.rules.signing_authority,
        demonstration=settings.clock.mode.value == "demo",
        verify_at=f"{public}{VERIFIER_PATH}" if public else "",
    )
