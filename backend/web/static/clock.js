// The streamer's clock as seen from here: of the last exchanges, the one with the shortest round trip is the most
// truthful (RFC 5905, section 8, without the drift filter). RTP time stamps are its clock at capture, in 90 kHz.

const KEPT = 8;
const TICKS_PER_MS = 90;

export class StreamerClock {
  #exchanges = [];
  #origin = 0;

  add({ viewer_us, streamer_us, rtp_origin }, nowMs) {
    const sentMs = viewer_us / 1000;
    const roundTripMs = nowMs - sentMs;
    if (roundTripMs < 0 || roundTripMs > 10_000) return;
    this.#exchanges.push({ roundTripMs, offsetMs: streamer_us / 1000 - (sentMs + nowMs) / 2 });
    if (this.#exchanges.length > KEPT) this.#exchanges.shift();
    this.#origin = rtp_origin;
  }

  // Milliseconds from capture to `nowMs`; null before the first exchange.
  ageMs(rtpTimestamp, nowMs) {
    if (!this.#exchanges.length) return null;
    const best = this.#exchanges.reduce((one, other) => (other.roundTripMs < one.roundTripMs ? other : one));
    const now = Math.round((nowMs + best.offsetMs) * TICKS_PER_MS) + this.#origin;
    return Math.max(0, ticksBetween(rtpTimestamp, now) / TICKS_PER_MS);
  }
}

// Ticks from one RTP time stamp to another, over the wrap of 32 bits.
export function ticksBetween(from, to) {
  return (to - from) | 0;
}
