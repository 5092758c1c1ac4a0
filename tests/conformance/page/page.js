// A livekit-client that does what a test tells it over a WebSocket, and remembers what happened to it.
"use strict";

const events = [];
const heard = {}; // identity -> analyser
const seen = {}; // identity -> video element
const IS_FIREFOX = navigator.userAgent.includes("Firefox/");
const receivers = {}; // identity -> what receives its sound
const frequencies = new Float32Array(8192);
let room = null;
let audio = null;

const WATCHED = [
  "participantConnected", "participantDisconnected", "trackSubscribed", "trackUnsubscribed", "trackMuted",
  "trackUnmuted", "trackPublished", "trackUnpublished", "activeSpeakersChanged", "reconnecting", "signalReconnecting",
  "reconnected", "disconnected", "roomMetadataChanged", "participantMetadataChanged",
];

function listen(track, identity) {
  const element = track.attach(); // Chromium feeds no analyser from a track that is not attached
  element.muted = true;
  if (track.kind === "audio") {
    receivers[identity] = track.receiver;
    audio ??= new AudioContext({ sampleRate: 48000 });
    const analyser = new AnalyserNode(audio, { fftSize: 16384, smoothingTimeConstant: 0 });
    audio.createMediaStreamSource(new MediaStream([track.mediaStreamTrack])).connect(analyser);
    heard[identity] = analyser;
  } else {
    document.body.append(element);
    seen[identity] = element;
  }
}

// Firefox runs no AudioContext on a machine without a sound device; its own false microphone does give a tone.
async function tone(hertz) {
  audio ??= new AudioContext({ sampleRate: 48000 });
  if (IS_FIREFOX) {
    const raw = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
    return (await navigator.mediaDevices.getUserMedia({ audio: raw, fake: true })).getAudioTracks()[0];
  }
  const oscillator = new OscillatorNode(audio, { frequency: hertz });
  const volume = new GainNode(audio, { gain: 0.4 });
  const sink = new MediaStreamAudioDestinationNode(audio, { channelCount: 1 });
  oscillator.connect(volume).connect(sink);
  oscillator.start();
  return sink.stream.getAudioTracks()[0];
}

function picture(width, height) {
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const pen = canvas.getContext("2d");
  let turn = 0;
  setInterval(() => {
    turn = (turn + 1) % 64;
    pen.fillStyle = `rgb(200, 30, ${turn})`;
    pen.fillRect(0, 0, width, height);
  }, 66);
  return canvas.captureStream(15).getVideoTracks()[0];
}

const acts = {
  async connect(url, token, single, autoSubscribe = true) {
    room = new LivekitClient.Room({ singlePeerConnection: single, adaptiveStream: false, dynacast: false });
    for (const name of WATCHED) room.on(name, (...what) => events.push([name, what.length ? note(what) : ""]));
    room.on("trackSubscribed", (track, _, participant) => listen(track, participant.identity));
    room.on("dataReceived", (payload, participant, _, topic) =>
      events.push(["data", [new TextDecoder().decode(payload), participant?.identity ?? "", topic ?? ""]]));
    room.registerTextStreamHandler("text", async (reader, who) =>
      events.push(["text", [await reader.readAll(), who.identity]]));
    room.registerByteStreamHandler("bytes", async (reader, who) =>
      events.push(["bytes", [(await reader.readAll()).reduce((sum, part) => sum + part.length, 0), who.identity]]));
    room.registerRpcMethod("ask", async (call) => `${call.callerIdentity}: ${call.payload}`);
    await room.connect(url, token, { autoSubscribe });
    return room.localParticipant.sid;
  },
  async speak(hertz) {
    const source = LivekitClient.Track.Source.Microphone;
    return (await room.localParticipant.publishTrack(await tone(hertz), { source, dtx: false, red: false })).trackSid;
  },
  async show(width, height, simulcast) {
    const source = LivekitClient.Track.Source.Camera;
    const options = { source, simulcast, videoCodec: "vp8" };
    return (await room.localParticipant.publishTrack(picture(width, height), options)).trackSid;
  },
  async silence() {
    const publication = room.localParticipant.getTrackPublication("microphone");
    await room.localParticipant.unpublishTrack(publication.track);
  },
  subscribe(identity, wanted) {
    for (const each of room.remoteParticipants.get(identity).trackPublications.values()) each.setSubscribed(wanted);
  },
  allow(all, identities) {
    const some = identities.map((participantIdentity) => ({ participantIdentity, allowAll: true }));
    room.localParticipant.setTrackSubscriptionPermissions(all, some);
  },
  async rename(name, metadata, attributes) {
    await room.localParticipant.setName(name);
    await room.localParticipant.setMetadata(metadata);
    await room.localParticipant.setAttributes(attributes);
  },
  who(identity) {
    const { name, metadata, attributes } = room.remoteParticipants.get(identity);
    return [name, metadata ?? "", { ...attributes }];
  },
  speaking: () => room.activeSpeakers.map((each) => each.identity).sort(),
  async mute(muted) {
    const publication = room.localParticipant.getTrackPublication("microphone");
    await (muted ? publication.mute() : publication.unmute());
  },
  quality(identity, quality) {
    for (const each of room.remoteParticipants.get(identity).videoTrackPublications.values())
      each.setVideoQuality(quality);
  },
  async send(text, reliable, to) {
    const options = { reliable, topic: "t", destinationIdentities: to };
    await room.localParticipant.publishData(new TextEncoder().encode(text), options);
  },
  async forge(text, identity) {
    const send = room.engine.sendDataPacket;
    room.engine.sendDataPacket = function (packet, kind) {
      packet.participantIdentity = identity;
      packet.value.value.participantIdentity = identity;
      return send.call(this, packet, kind);
    };
    await acts.send(text, true, []);
    room.engine.sendDataPacket = send;
  },
  sendText: (text) => room.localParticipant.sendText(text, { topic: "text" }).then(() => true),
  ask: (identity, method, payload) =>
    room.localParticipant.performRpc({ destinationIdentity: identity, method, payload }),
  events: () => events,
  people: () => [...(room?.remoteParticipants.keys() ?? [])],
  sid: () => room.localParticipant.sid,
  async loudest(identity) {
    if (IS_FIREFOX) return await loudness(identity);
    const analyser = heard[identity];
    if (!analyser) return null;
    analyser.getFloatFrequencyData(frequencies);
    const peak = frequencies.indexOf(Math.max(...frequencies));
    if (!Number.isFinite(frequencies[peak])) return null; // silence, or nothing yet
    return { hertz: (peak * audio.sampleRate) / analyser.fftSize, decibel: frequencies[peak] };
  },
  look(identity) {
    const element = seen[identity];
    if (!element?.videoWidth) return null;
    const canvas = Object.assign(document.createElement("canvas"), { width: 1, height: 1 });
    const pen = canvas.getContext("2d");
    pen.drawImage(element, 0, 0, 1, 1);
    return {
      size: [element.videoWidth, element.videoHeight],
      colour: [...pen.getImageData(0, 0, 1, 1).data].slice(0, 3),
      frames: element.getVideoPlaybackQuality().totalVideoFrames,
    };
  },
  leave: () => room?.disconnect(),
};

async function loudness(identity) {
  const report = (await receivers[identity]?.getStats()) ?? new Map();
  const streams = [...report.values()].filter((each) => each.type === "inbound-rtp"); // former ones of this section too
  const at = (each) => each.lastPacketReceivedTimestamp ?? 0;
  const level = streams.sort((one, other) => at(other) - at(one))[0]?.audioLevel;
  return level ? { hertz: null, decibel: 20 * Math.log10(level) } : null;
}

function note(what) {
  return what.map((each) => each?.identity ?? each?.trackSid ?? each?.sid ?? (typeof each === "object" ? null : each));
}

const control = new WebSocket(`ws://${location.host}/control`);
control.onmessage = async (message) => {
  const { id, act, args } = JSON.parse(message.data);
  try {
    control.send(JSON.stringify({ id, value: (await acts[act](...args)) ?? null }));
  } catch (problem) {
    control.send(JSON.stringify({ id, error: `${problem.name}: ${problem.message}` }));
  }
};
