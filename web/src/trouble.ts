// "Kiểm tra máy": tries the line, the sound and the microphone, and says in words what came of it.
import "./core";
import { verdict } from "./line";
import { one, say } from "./words";

const PATIENCE_MS = 6000;
const TRIES = 4;
const LISTEN_MS = 5000;
const HEARD = 0.04;

function tell(place: string, name: string): void {
  one(`[data-${place}]`)!.textContent = say(name);
}

async function trip(): Promise<number | null> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE_MS);
  const began = performance.now();
  try {
    await fetch("/trouble/line", { cache: "no-store", signal: stop.signal });
    return performance.now() - began;
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}

async function checkLine(): Promise<void> {
  tell("line", "checking");
  const trips: (number | null)[] = [];
  await trip(); // the first one opens the connection
  for (let turn = 0; turn < TRIES; turn++) trips.push(await trip());
  tell("line", verdict(trips));
}

async function play(): Promise<void> {
  const audio = one<HTMLAudioElement>("#chime")!;
  try {
    audio.currentTime = 0;
    await audio.play();
    tell("sound", "sound_played");
    one("[data-heard]")!.hidden = false;
  } catch {
    tell("sound", "sound_refused");
  }
}

function answered(event: Event): void {
  const button = (event.target as Element).closest("button");
  if (!button) return;
  const hears = button.value === "yes";
  tell("sound", hears && typeof RTCPeerConnection === "undefined" ? "room_no" : `sound_${button.value}`);
  if (hears) one("[data-heard]")!.hidden = true;
}

/** The loudest that was heard within a few seconds, shown while it is listened to. */
async function loudest(stream: MediaStream): Promise<number> {
  const context = new AudioContext();
  const ear = context.createAnalyser();
  ear.fftSize = 2048;
  context.createMediaStreamSource(stream).connect(ear);
  const samples = new Float32Array(ear.fftSize);
  const level = one("[data-level]") as HTMLMeterElement;
  let most = 0;
  for (const until = Date.now() + LISTEN_MS; Date.now() < until && most < HEARD * 3; ) {
    await new Promise((done) => setTimeout(done, 100));
    ear.getFloatTimeDomainData(samples);
    const now = Math.max(...samples.map(Math.abs));
    level.value = Math.min(1, now * 3);
    most = Math.max(most, now);
  }
  await context.close();
  return most;
}

async function tryMicrophone(inside: boolean): Promise<void> {
  if (!navigator.mediaDevices?.getUserMedia) return tell("spoken", inside ? "mic_inside" : "mic_unsafe");
  tell("spoken", "mic_asking");
  let stream: MediaStream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  } catch (problem) {
    const missing = (problem as { name?: string }).name === "NotFoundError";
    return tell("spoken", missing ? "mic_missing" : inside ? "mic_inside" : "mic_refused");
  }
  tell("spoken", "mic_speak");
  one("[data-level]")!.hidden = false;
  const most = await loudest(stream);
  for (const track of stream.getTracks()) track.stop();
  one("[data-level]")!.hidden = true;
  tell("spoken", most >= HEARD ? "mic_good" : "mic_silent");
}

function offer(selector: string, act: (button: HTMLButtonElement) => Promise<void>): void {
  const button = one<HTMLButtonElement>(selector);
  if (!button) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    button.disabled = true;
    void act(button).finally(() => (button.disabled = false));
  });
}

function begin(): void {
  one<HTMLAudioElement>("#chime")!.controls = false;
  offer("[data-check]", checkLine);
  offer("[data-play]", play);
  offer("[data-mic]", (button) => tryMicrophone("inside" in button.dataset));
  one("[data-heard]")!.addEventListener("click", answered);
  void checkLine();
}

begin();
