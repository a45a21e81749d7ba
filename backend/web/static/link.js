// One connection to one streamer, from offer to end: what it says, and what is told to it.

import { BEHIND_MS, SILENT_MS } from "./condition.js";
import { StreamerClock, ticksBetween } from "./clock.js";
import { pause } from "./backoff.js";
import { MAX_CONTROL_BYTES, PROTOCOL_VERSION } from "./wire.js";
import { SessionError } from "./whep.js";

const CONNECT_MS = 15_000;
const GONE_MS = 5000; // Nothing at all has come for this long.
const SUSPECT_MS = 1500; // The same where the backend, too, says that the streamer is in trouble.
const FROZEN_MS = 10_000; // Pictures are sent and none is shown, whatever the browser asked for.
const MUTE_MS = 15_000; // Sends pictures but never speaks.
const TICK_MS = 200;
const EARLY_PINGS = 5;
const EARLY_PING_MS = 1000;
const PING_MS = 5000;

export class Link {
  stream = new MediaStream();
  clock = new StreamerClock();
  format = null;
  control = null;
  guest = null;
  statistics = null;
  suspected = false;
  #peer;
  #keys;
  #pointer;
  #control;
  #onChange;
  #heardAt = performance.now();
  #pictureAt = performance.now();
  #newest = null;
  #expected = null;
  #behindSince = null;
  #refused = "";
  #ended = new AbortController();

  constructor(iceServers, onChange) {
    this.#onChange = onChange;
    this.#peer = new RTCPeerConnection({ iceServers, bundlePolicy: "max-bundle" });
    this.#peer.addTransceiver("video", { direction: "recvonly" });
    this.#peer.addTransceiver("audio", { direction: "recvonly" });
    this.#keys = this.#peer.createDataChannel("keys");
    this.#pointer = this.#peer.createDataChannel("pointer", { ordered: false, maxRetransmits: 0 });
    this.#control = this.#peer.createDataChannel("control");
    this.#peer.ontrack = ({ track }) => this.stream.addTrack(track);
    this.#peer.onconnectionstatechange = () => {
      if (["failed", "closed"].includes(this.#peer.connectionState)) this.#ended.abort();
    };
    this.#control.onclose = () => this.#ended.abort();
    this.#control.onmessage = ({ data }) => this.#message(data);
  }

  // Resolves to the session's URL when the streamer listens.
  async open(whep, instance, signal) {
    const session = await whep.open(instance, this.#peer, signal);
    try {
      await this.#opened(signal);
    } catch (error) {
      whep.close(session);
      throw error;
    }
    return session;
  }

  close() {
    this.#control.onclose = null;
    this.#peer.close();
  }

  get silentMs() {
    return performance.now() - this.#heardAt;
  }

  // Since when a picture is missing that the streamer has sent; 0 when none is.
  get behindMs() {
    return this.#behindSince === null ? 0 : performance.now() - this.#behindSince;
  }

  tell(message) {
    if (this.#control.readyState === "open") this.#control.send(JSON.stringify(message));
  }

  // Input that cannot be sent is dropped, never kept: an old key press is worse than none.
  sendKeys(bytes) {
    if (this.#keys.readyState === "open") this.#keys.send(bytes);
  }

  sendPointer(bytes) {
    if (this.#pointer.readyState === "open") this.#pointer.send(bytes);
  }

  // A picture of this time stamp is on the screen.
  shown(rtpTimestamp) {
    this.#pictureAt = performance.now();
    if (rtpTimestamp === undefined) {
      this.#caughtUp();
      return;
    }
    this.#newest = rtpTimestamp;
    if (this.#expected !== null && ticksBetween(this.#expected, rtpTimestamp) >= 0) this.#caughtUp();
  }

  // Nothing is shown, so nothing can be missing.
  rest() {
    this.#caughtUp();
  }

  // Pings and watches until the connection ends, then throws the reason; returns when `signal` is aborted.
  async watch(signal, isShown) {
    this.#heardAt = this.#pictureAt = performance.now();
    let pings = 0;
    let nextPing = 0;
    let stale = false;
    const over = AbortSignal.any([signal, this.#ended.signal]);
    while (!signal.aborted) {
      const now = performance.now();
      if (now >= nextPing) {
        this.tell({ type: "clock/ping", viewer_us: Math.round(now * 1000) });
        nextPing = now + (++pings < EARLY_PINGS ? EARLY_PING_MS : PING_MS);
      }
      this.#throwIfOver();
      if (!isShown()) this.rest();
      const worse = this.silentMs >= SILENT_MS || this.behindMs >= BEHIND_MS;
      if (worse || stale) this.#onChange();
      stale = worse;
      await this.#tick(over);
    }
  }

  async #tick(over) {
    const started = performance.now();
    await pause(TICK_MS, over);
    // A page in the background, or a machine that slept, heard nobody: that is not the streamer's silence.
    const late = Math.max(0, performance.now() - started - 2 * TICK_MS);
    this.#heardAt += late;
    this.#pictureAt += late;
    if (this.#behindSince !== null) this.#behindSince += late;
  }

  #throwIfOver() {
    if (this.#refused) throw new SessionError(this.#refused);
    if (this.#ended.signal.aborted) throw new SessionError("The streamer closed the connection.");
    if (this.#newest !== null && this.behindMs >= FROZEN_MS) {
      throw new SessionError("The picture has stood still while new ones were sent.");
    }
    const gone = this.suspected ? SUSPECT_MS : GONE_MS;
    const silent = this.silentMs;
    if (Math.min(silent, performance.now() - this.#pictureAt) >= gone || silent >= MUTE_MS) {
      throw new SessionError(`The streamer has not spoken for ${Math.round(silent / 1000)} s.`);
    }
  }

  async #opened(signal) {
    if (this.#control.readyState !== "open") {
      const opened = new AbortController();
      this.#control.onopen = () => opened.abort();
      await pause(CONNECT_MS, AbortSignal.any([signal, this.#ended.signal, opened.signal]));
    }
    if (this.#control.readyState !== "open" && !signal.aborted) {
      throw new SessionError("No way for the media: a firewall between here and the machine may block UDP.");
    }
  }

  #message(data) {
    const message = data.length <= MAX_CONTROL_BYTES ? parsed(data) : null;
    if (message === null) return;
    this.#heardAt = performance.now();
    this.suspected = false;
    switch (message.type) {
      case "clock/pong":
        this.clock.add(message, this.#heardAt);
        return;
      case "input/shown":
        this.#expect(message.rtp_timestamp);
        return;
      case "statistics/second":
        this.statistics = message;
        if (message.newest_rtp_timestamp) this.#expect(message.newest_rtp_timestamp);
        break;
      case "streamer/hello":
        if (message.version !== PROTOCOL_VERSION) {
          this.#refused = `The streamer speaks protocol ${message.version}, this page ${PROTOCOL_VERSION}: reload it.`;
        }
        break;
      case "session/refused":
        this.#refused = message.reason;
        break;
      case "picture/format":
        this.format = message;
        break;
      case "control/state":
        this.control = message;
        break;
      case "guest/state":
        this.guest = message.guest;
        break;
      default: // Of a newer streamer.
        return;
    }
    this.#onChange();
  }

  #expect(rtpTimestamp) {
    if (this.#newest !== null && ticksBetween(this.#newest, rtpTimestamp) <= 0) return;
    this.#expected = rtpTimestamp;
    this.#behindSince ??= performance.now();
  }

  #caughtUp() {
    this.#expected = this.#behindSince = null;
  }
}

function parsed(text) {
  try {
    const message = JSON.parse(text);
    return typeof message === "object" ? message : null;
  } catch {
    return null;
  }
}
