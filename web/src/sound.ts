// The one module that knows LiveKit; it is fetched only when somebody wants to hear.
import {
  AudioPresets, ConnectionQuality, ConnectionState, DisconnectReason, Room, RoomEvent, Track, VideoPresets,
  type Participant, type RemoteParticipant, type RemoteTrack, type RemoteTrackPublication,
} from "livekit-client";
import type { Mode } from "./modes";

const MOST_PICTURES = 4;
const OWN_PATIENCE_MS = 15_000; // then a new ticket is fetched, as tickets live a minute

export interface Ticket {
  url: string;
  token: string;
}

export interface Ears {
  speaking(names: string[]): void;
  people(count: number): void;
  quality(poor: boolean, bars: number): void;
  hesitating(): void;
  back(): void;
  /** `final`: sent out, replaced or closed, so coming back is of no use. */
  gone(final: boolean): void;
  blocked(blocked: boolean): void;
}

const FINAL = new Set<DisconnectReason | undefined>([
  DisconnectReason.CLIENT_INITIATED, DisconnectReason.DUPLICATE_IDENTITY, DisconnectReason.PARTICIPANT_REMOVED,
  DisconnectReason.ROOM_DELETED,
]);
const BARS: Record<string, number> = {
  [ConnectionQuality.Excellent]: 3, [ConnectionQuality.Good]: 2, [ConnectionQuality.Poor]: 1,
};

export class Sound {
  private readonly room: Room;
  private mode: Mode = "sound";
  private readonly asked = new WeakMap<RemoteTrackPublication, boolean>();

  constructor(
    private readonly speakers: HTMLElement,
    private readonly pictures: HTMLElement,
    private readonly ears: Ears,
  ) {
    this.room = new Room({
      adaptiveStream: true,
      dynacast: true,
      webAudioMix: false,
      disconnectOnPageLeave: true,
      publishDefaults: {
        audioPreset: AudioPresets.speech, dtx: true, red: true, simulcast: true,
        videoEncoding: VideoPresets.h180.encoding,
      },
      reconnectPolicy: {
        nextRetryDelayInMs: (so) =>
          so.elapsedMs > OWN_PATIENCE_MS ? null : Math.min(300 * 2 ** so.retryCount, 4000) * (0.5 + Math.random()),
      },
    });
    this.listen();
  }

  private listen(): void {
    const { room, ears } = this;
    const count = (): void => ears.people(room.remoteParticipants.size + 1);
    room
      .on(RoomEvent.TrackSubscribed, (track, _, who) => this.attach(track, who))
      .on(RoomEvent.TrackUnsubscribed, (track) => this.detach(track))
      .on(RoomEvent.TrackPublished, () => this.want())
      .on(RoomEvent.TrackUnpublished, () => this.want())
      .on(RoomEvent.ParticipantConnected, count)
      .on(RoomEvent.ParticipantDisconnected, count)
      .on(RoomEvent.ActiveSpeakersChanged, (who) => this.speaking(who))
      .on(RoomEvent.ConnectionQualityChanged, (quality, who) => who.isLocal && this.quality(quality))
      .on(RoomEvent.SignalReconnecting, () => ears.hesitating())
      .on(RoomEvent.Reconnecting, () => ears.hesitating())
      .on(RoomEvent.Reconnected, () => ears.back())
      .on(RoomEvent.Disconnected, (reason) => ears.gone(FINAL.has(reason)))
      .on(RoomEvent.AudioPlaybackStatusChanged, () => ears.blocked(!room.canPlaybackAudio));
  }

  /** Raises where the server cannot be reached. */
  async enter(ticket: Ticket, mode: Mode): Promise<void> {
    this.mode = mode;
    await this.room.connect(ticket.url, ticket.token, { autoSubscribe: false });
    this.want();
    this.ears.people(this.room.remoteParticipants.size + 1);
    await this.room.startAudio().catch(() => this.ears.blocked(true));
  }

  async leave(): Promise<void> {
    await this.room.disconnect();
  }

  setMode(mode: Mode): void {
    this.mode = mode;
    this.want();
  }

  get connected(): boolean {
    return this.room.state !== ConnectionState.Disconnected;
  }

  startAudio(): void {
    void this.room.startAudio();
  }

  get speakingMyself(): boolean {
    return this.room.localParticipant.isMicrophoneEnabled;
  }

  /** Raises what getUserMedia raises. */
  async microphone(on: boolean): Promise<void> {
    await this.room.localParticipant.setMicrophoneEnabled(on);
  }

  /** Asks for every voice; for pictures as the mode says, shared screens first, those who speak next. */
  private want(): void {
    const publications = [...this.room.remoteParticipants.values()].flatMap((who) => [...who.trackPublications.values()]);
    for (const each of publications) if (each.kind === Track.Kind.Audio) this.ask(each, this.mode !== "follow");
    const shown = publications.filter((each) => each.kind === Track.Kind.Video).sort((one, other) => rank(one) - rank(other));
    shown.forEach((each, place) => this.ask(each, this.mode === "picture" && place < MOST_PICTURES));
  }

  private ask(publication: RemoteTrackPublication, wanted: boolean): void {
    if (this.asked.get(publication) === wanted) return; // `isDesired` says yes before anybody asked
    this.asked.set(publication, wanted);
    publication.setSubscribed(wanted);
  }

  private attach(track: RemoteTrack, who: RemoteParticipant): void {
    const element = track.attach();
    if (track.kind === Track.Kind.Audio) {
      this.speakers.append(element);
      return;
    }
    const tile = document.createElement("figure");
    tile.id = `t-${track.sid ?? ""}`;
    tile.className = track.source === Track.Source.ScreenShare ? "share" : "face";
    const name = document.createElement("figcaption");
    name.textContent = who.name ?? "";
    name.lang = "vi";
    tile.append(element, name);
    this.pictures.append(tile);
    this.lay();
  }

  private detach(track: RemoteTrack): void {
    for (const element of track.detach()) element.remove();
    document.getElementById(`t-${track.sid ?? ""}`)?.remove();
    this.lay();
  }

  private lay(): void {
    this.pictures.dataset.count = String(this.pictures.childElementCount);
    this.pictures.hidden = this.pictures.childElementCount === 0;
  }

  private speaking(who: Participant[]): void {
    const others = who.filter((one) => !one.isLocal);
    this.ears.speaking(others.map((one) => one.name ?? "").filter(Boolean));
    if (this.mode === "picture") this.want();
  }

  private quality(quality: ConnectionQuality): void {
    const bars = BARS[quality] ?? 0;
    this.ears.quality(bars <= 1, bars);
  }
}

function rank(publication: RemoteTrackPublication): number {
  return publication.source === Track.Source.ScreenShare ? 0 : publication.isSubscribed ? 1 : 2;
}
