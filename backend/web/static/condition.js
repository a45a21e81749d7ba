// What one tile shows, as a pure function of what is known of its instance, its session and its guest.

export const SILENT_MS = 2500; // The streamer speaks every second.
export const BEHIND_MS = 1000; // A picture that is missing for longer is not just on its way.

const WORDS = {
  pending: "Waiting",
  booting: "Starting",
  live: "Live",
  degraded: "Not well",
  leaving: "Stopping",
  stale: "Old picture",
  reconnecting: "Reconnecting",
  lost: "Lost",
  gone: "Switched off",
};
const PLAYABLE = new Set(["live", "degraded", "leaving"]);

export const stateWord = (state) => WORDS[state];
// Whether the picture is the guest's own, now.
export const isPlayable = (state) => PLAYABLE.has(state);
// In these the backend knows of nobody who could answer.
export const isUnreachable = (instance) => ["pending", "lost", "gone"].includes(instance.state);

// `session`: {connected, error, retryMs, hasPicture, isOld, silentMs, behindMs, guest}
export function condition(instance, session) {
  if (!session.connected) return apart(instance, session);
  if (session.silentMs >= SILENT_MS) {
    const seconds = Math.floor(session.silentMs / 1000);
    return state("stale", `The streamer has been silent for ${seconds} s.`, "Connects again if it stays silent.");
  }
  if (session.guest && session.guest.state !== "running") return inTrouble(session.guest);
  if (session.behindMs >= BEHIND_MS) {
    return state("stale", "Pictures are getting lost on the way.", "A new one has been asked for.");
  }
  if (!session.hasPicture) return state("booting", "Connected; no picture yet.", "It comes by itself.");
  if (session.isOld) return state("stale", "This picture is from before.", "A new one has been asked for.");
  return playable(instance);
}

function playable(instance) {
  switch (instance.state) {
    case "degraded":
      return state("degraded", instance.reason || "The machine is not well.", "");
    case "terminating":
    case "gone":
      return state("leaving", instance.reason || "The machine is being stopped.", "Its place is kept.");
    default:
      return state("live", "", "");
  }
}

function apart(instance, session) {
  const retry = session.error ? `Tries again ${soon(session.retryMs)}.` : "Connecting now.";
  switch (instance.state) {
    case "pending":
      return state("pending", instance.reason || "The machine waits for a place to run.", "It starts by itself.");
    case "booting":
      return state("booting", instance.reason || "The machine is starting.", retry);
    case "lost":
      return state("lost", instance.reason || "The machine does not answer.", "Its place is kept.");
    case "terminating":
      return state("gone", instance.reason || "The machine is being stopped.", "Its place is kept.");
    case "gone":
      return state("gone", instance.reason || "The machine was switched off.", "It shows here when it comes back.");
    default:
      return state("reconnecting", session.error || "Setting up the connection.", retry);
  }
}

function inTrouble(guest) {
  switch (guest.state) {
    case "booting":
      return state("booting", guest.reason || "The PC is starting.", "Its picture comes by itself.");
    case "restarting":
      return state("reconnecting", guest.reason || "The emulator has stopped.", "It is being started again.");
    case "hung":
      return state("stale", guest.reason || "The PC no longer answers.", "It may have to be reset.");
    default:
      return state("stale", guest.reason || "The PC is paused.", "Goes on when it is resumed.");
  }
}

const DOUBT_MS = 1500; // The backend judges a guest once a second.
const BLINK_MS = 300; // A guest that is reset is back in a tenth of a second.
const TURN_MS = 500; // Words that change faster cannot be read.

// Keeps a tile from flickering: what may pass in a blink must last before it is shown.
export class Steady {
  #shown = null;
  #next = null;
  #since = 0;

  settle(known, nowMs) {
    if (this.#shown && known.state !== this.#shown.state) {
      if (known.state !== this.#next) {
        this.#next = known.state;
        this.#since = nowMs;
      }
      if (nowMs - this.#since < holdMs(this.#shown.state, known.state)) return this.#shown;
    }
    this.#next = null;
    this.#shown = known;
    return known;
  }
}

function holdMs(shown, known) {
  if (known === "live" || known === "stale") return 0;
  if (known === "degraded") return DOUBT_MS;
  if (isPlayable(shown)) return known === "booting" ? BLINK_MS : 0;
  return shown === "stale" || known === "gone" || isPlayable(known) ? 0 : TURN_MS;
}

const state = (name, reason, next) => ({ state: name, reason, next });
const soon = (ms) => (ms < 1000 ? "at once" : `in ${Math.round(ms / 1000)} s`);
