// Watches one instance as long as it is started: a link that is made again for ever, shown in one <video>.

import { Backoff, pause } from "./backoff.js";
import { isUnreachable } from "./condition.js";
import { Link } from "./link.js";
import { watchPictures } from "./pictures.js";
import { SessionError } from "./whep.js";
import { PROTOCOL_VERSION } from "./wire.js";

const SECOND = 1000;
const FRESH_WITHIN_MS = 500; // A tile that is shown again gets its new picture sooner than anybody reads.

export class Session {
  instance;
  #whep;
  #name;
  #video;
  #onChange;
  #focus = { tier: "hidden", width_px: 0, height_px: 0 };
  #wantsControl = false;
  #link = null;
  #error = "";
  #retryAt = 0;
  #hasPicture = false;
  #staleSince = null;
  #running = null;
  #wake = new AbortController();
  #pictures = [];
  #delayMs = null;

  constructor(instance, { whep, name, video, onChange }) {
    this.instance = instance;
    this.#whep = whep;
    this.#name = name;
    this.#video = video;
    this.#onChange = onChange;
    watchPictures(video, (rtpTimestamp) => this.#shown(rtpTimestamp));
  }

  start() {
    if (this.#running) return;
    this.#running = new AbortController();
    this.#run(this.#running.signal);
  }

  stop() {
    this.#running?.abort();
    this.#running = null;
    this.#wantsControl = false;
  }

  get running() {
    return this.#running !== null;
  }

  describe(instance) {
    const reachable = isUnreachable(this.instance) && !isUnreachable(instance);
    this.instance = instance;
    if (this.#link && instance.state !== "ready") this.#link.suspected = true;
    if (reachable) this.#wake.abort();
  }

  // How much is needed: "zoomed", "grid" or "hidden", and how many pixels of the screen show it; 0: all that there are.
  setFocus(tier, widthPx = 0, heightPx = 0) {
    const focus = { tier, width_px: widthPx, height_px: heightPx };
    if (Object.keys(focus).every((key) => focus[key] === this.#focus[key])) return;
    // What was not watched may have changed: the picture counts again when a new one has come.
    if (this.#focus.tier === "hidden" && tier !== "hidden") this.#staleSince = performance.now();
    this.#focus = focus;
    this.#tellFocus();
    this.#onChange();
  }

  #tellFocus() {
    this.#link?.tell({ type: "focus/tier", ...this.#focus });
  }

  requestControl() {
    this.#wantsControl = true;
    this.#link?.tell({ type: "control/request" });
  }

  releaseControl() {
    this.#wantsControl = false;
    this.#link?.tell({ type: "control/release" });
  }

  sendKeys(bytes) {
    this.#link?.sendKeys(bytes);
  }

  sendPointer(bytes) {
    this.#link?.sendPointer(bytes);
  }

  // What its tile shows now.
  view() {
    const link = this.#link;
    return {
      connected: link !== null,
      error: this.#error,
      retryMs: Math.max(0, this.#retryAt - performance.now()),
      hasPicture: this.#hasPicture,
      isOld: this.#staleSince !== null && performance.now() - this.#staleSince > FRESH_WITHIN_MS,
      silentMs: link?.silentMs ?? 0,
      behindMs: link?.behindMs ?? 0,
      guest: link?.guest ?? null,
      holder: link?.control?.holder ? link.control.holder_name || "a viewer" : "",
      mine: link?.control?.yours ?? false,
      viewers: link?.control?.viewers ?? 0,
      format: link?.format ?? null,
      levelDbfs: link?.statistics?.audio_dbfs ?? -120,
      fps: this.#pictures.filter((at) => performance.now() - at < SECOND).length,
      delayMs: this.#delayMs,
    };
  }

  async #run(signal) {
    const backoff = new Backoff(200, 3000);
    while (!signal.aborted) {
      // The backend would only refuse; its word wakes this up.
      const patience = isUnreachable(this.instance) ? 60_000 : await this.#attempt(signal, backoff);
      this.#retryAt = performance.now() + patience;
      this.#onChange();
      this.#wake = new AbortController();
      await pause(patience, AbortSignal.any([signal, this.#wake.signal]));
    }
  }

  // One link from its beginning to its end; resolves to how long to wait until the next.
  async #attempt(signal, backoff) {
    let link;
    try {
      link = new Link(await this.#whep.iceServers(), () => this.#onChange());
      const resource = await link.open(this.#whep, this.instance.id, signal);
      try {
        this.#greet(link);
        backoff.reset();
        await link.watch(signal, () => this.#focus.tier !== "hidden");
      } finally {
        this.#whep.close(resource);
      }
    } catch (error) {
      if (!signal.aborted) this.#failed(error);
    } finally {
      link?.close();
      if (this.#link === link) {
        this.#link = null;
        this.#hasPicture = false;
      }
    }
    return backoff.next();
  }

  #greet(link) {
    this.#link = link;
    this.#error = "";
    this.#hasPicture = false;
    this.#staleSince = null;
    this.#video.srcObject = link.stream;
    this.#video.play().catch(() => {}); // The page says so where sound needs a click first.
    link.tell({ type: "viewer/hello", version: PROTOCOL_VERSION, name: this.#name() });
    this.#tellFocus();
    if (this.#wantsControl) link.tell({ type: "control/request" });
    this.#onChange();
  }

  #failed(error) {
    if (!(error instanceof SessionError)) console.error(error);
    this.#error = error instanceof SessionError ? error.message : "This browser cannot show the stream.";
  }

  #shown(rtpTimestamp) {
    const now = performance.now();
    this.#link?.shown(rtpTimestamp);
    this.#pictures = [...this.#pictures.filter((at) => now - at < SECOND), now];
    if (rtpTimestamp !== undefined) this.#delayMs = this.#link?.clock.ageMs(rtpTimestamp, now) ?? null;
    const first = !this.#hasPicture || this.#staleSince !== null;
    this.#hasPicture = this.#link !== null;
    this.#staleSince = null;
    if (first) this.#onChange();
  }
}
