// Keyboard, mouse and fingers over the large picture, for as long as it is large and this page has control.

import { FULL_SCALE } from "./wire.js";
import { Touch } from "./touch.js";

const BUTTONS = [0, 1, 2, 3, 4]; // DOM numbers left, middle, right, back, forward: the same as on the wire.
const WHEEL_STEP = { [WheelEvent.DOM_DELTA_PIXEL]: 100, [WheelEvent.DOM_DELTA_LINE]: 3, [WheelEvent.DOM_DELTA_PAGE]: 1 };

export class Input {
  #screen;
  #video;
  #sender;
  #host;
  #touch;
  #turned = { x: 0, y: 0 };
  #off = new AbortController();

  // `screen` has the keyboard focus; `host`: {mine(), pointer(), request(), back()}
  constructor(screen, video, sender, host) {
    this.#screen = screen;
    this.#video = video;
    this.#sender = sender;
    this.#host = host;
    this.#touch = new Touch({
      move: (point, dx, dy) => this.#point(point, dx, dy),
      button: (number, down, point) => sender.button(number, down, this.#position(point)),
    });
    this.#listen();
  }

  end() {
    this.#off.abort();
    this.letGo();
    if (document.pointerLockElement === this.#screen) document.exitPointerLock();
  }

  // Everything goes up, as on each loss of focus.
  letGo() {
    this.#touch.cancel();
    this.#sender.releaseAll();
  }

  // Whether the mouse is the guest's: always where it takes positions, else only while the browser captures it.
  get #isCaught() {
    return this.#host.pointer() !== "relative" || document.pointerLockElement === this.#screen;
  }

  #listen() {
    const on = (target, name, handle) =>
      target.addEventListener(name, handle, { signal: this.#off.signal, passive: false });
    on(this.#screen, "keydown", (event) => this.#key(event, true));
    on(this.#screen, "keyup", (event) => this.#key(event, false));
    on(this.#screen, "pointerdown", (event) => this.#down(event));
    on(this.#screen, "pointermove", (event) => this.#moved(event));
    on(this.#screen, "pointerup", (event) => this.#up(event));
    on(this.#screen, "pointercancel", () => this.letGo());
    on(this.#screen, "wheel", (event) => this.#wheel(event));
    on(this.#screen, "contextmenu", (event) => event.preventDefault());
    on(this.#screen, "blur", () => this.letGo());
    on(window, "blur", () => this.letGo());
    on(window, "pagehide", () => this.letGo());
    on(document, "visibilitychange", () => document.hidden && this.letGo());
    on(document, "pointerlockchange", () => this.letGo());
  }

  #key(event, down) {
    if (down && event.code === "KeyG" && event.ctrlKey && event.altKey) {
      event.preventDefault();
      this.letGo();
      this.#host.back();
      return;
    }
    if (!this.#host.mine()) {
      if (down) this.#watcherKey(event);
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    this.#sender.key(event.code, down);
    // macOS keeps the releases of other keys to itself while Command is held.
    if (!down && event.code.startsWith("Meta")) this.#sender.releaseAll();
  }

  // Who only watches can still leave by Tab or Escape.
  #watcherKey(event) {
    if (event.key === "Escape") this.#host.back();
    else if (event.key === "Enter" || event.key === " ") this.#host.request();
    else return;
    event.preventDefault();
  }

  #down(event) {
    event.preventDefault();
    this.#screen.focus({ preventScroll: true });
    if (!this.#host.mine()) {
      if (event.isPrimary) this.#host.request();
      return;
    }
    if (event.pointerType === "touch") {
      if (event.isPrimary) this.#touch.down(point(event), this.#host.pointer() === "relative");
      return;
    }
    if (!this.#isCaught) {
      this.#lock();
      return;
    }
    this.#capture(event);
    this.#button(event.button, true, event);
  }

  #moved(event) {
    if (!this.#host.mine()) return;
    if (event.pointerType === "touch") {
      if (event.isPrimary) this.#touch.move(point(event));
      return;
    }
    // A second button goes down or up within the movement of the first.
    if (event.button >= 0) this.#button(event.button, (event.buttons & mask(event.button)) !== 0, event);
    else if (this.#isCaught) this.#point(point(event), event.movementX, event.movementY);
  }

  #up(event) {
    event.preventDefault();
    if (!this.#host.mine()) return;
    if (event.pointerType !== "touch") this.#button(event.button, false, event);
    else if (event.isPrimary) this.#touch.up(point(event));
  }

  #button(number, down, event) {
    if (BUTTONS.includes(number)) this.#sender.button(number, down, this.#position(point(event)));
  }

  #point(at, dx, dy) {
    if (this.#host.pointer() === "absolute") {
      this.#sender.moveTo(this.#position(at));
    } else if (dx || dy) {
      const scale = this.#video.videoWidth / this.#video.clientWidth || 1;
      this.#sender.moveBy(dx * scale, dy * scale);
    }
  }

  #wheel(event) {
    event.preventDefault();
    if (!this.#host.mine()) return;
    const step = WHEEL_STEP[event.deltaMode];
    this.#turned = { x: this.#turned.x + event.deltaX / step, y: this.#turned.y + event.deltaY / step };
    const whole = { x: steps(this.#turned.x), y: steps(this.#turned.y) };
    this.#turned = { x: this.#turned.x - whole.x, y: this.#turned.y - whole.y };
    if (whole.x || whole.y) this.#sender.wheel(whole.y, whole.x);
  }

  // In fractions of the picture; a point beside it is drawn to its nearest edge. None where the guest takes movements.
  #position({ x, y }) {
    if (this.#host.pointer() !== "absolute") return null;
    const box = this.#video.getBoundingClientRect();
    return { x: fraction(x - box.left, box.width), y: fraction(y - box.top, box.height) };
  }

  #capture(event) {
    try {
      this.#screen.setPointerCapture(event.pointerId);
    } catch {
      // The pointer went away in the same moment.
    }
  }

  #lock() {
    // Without the system's acceleration where that can be had; the guest has its own.
    const lock = this.#screen.requestPointerLock({ unadjustedMovement: true });
    lock?.catch(() => this.#screen.requestPointerLock()?.catch(() => {}));
  }
}

const point = (event) => ({ x: event.clientX, y: event.clientY });
const steps = (turned) => Math.min(127, Math.max(-127, Math.trunc(turned)));
const fraction = (distance, length) => Math.round(Math.min(1, Math.max(0, length ? distance / length : 0)) * FULL_SCALE);
// PointerEvent.buttons has middle and right the other way round than PointerEvent.button.
const mask = (number) => [1, 4, 2, 8, 16][number] ?? 0;
