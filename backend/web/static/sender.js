// Input of one session on its way out: sequence numbers, what is held, movements at most once in 8 ms.

import * as wire from "./wire.js";

const INTERVAL_MS = 8; // 125 times a second: what a PS/2 mouse does, and all that the emulator can use.
const PRESS_MS = 60; // Long enough for a guest that looks at its keyboard now and then.

export class Sender {
  #session;
  #sequence = 0;
  #keys = new Set();
  #buttons = new Set();
  #sum = { x: 0, y: 0 };
  #waiting = null;
  #timer = 0;
  #typing = Promise.resolve();

  constructor(session) {
    this.#session = session;
  }

  // A repeated press is sent, too: it is how a held key repeats in the guest. A release only of what is held.
  key(code, down) {
    if (!/^[A-Za-z0-9]{1,24}$/.test(code)) return;
    if (!down && !this.#keys.delete(code)) return;
    if (down) this.#keys.add(code);
    this.#session.sendKeys(wire.key(this.#next(), code, down));
  }

  // Presses all in order and releases them in reverse, one chord after the other.
  chord(codes) {
    this.#typing = this.#typing.then(() => this.#press(codes));
  }

  async #press(codes) {
    this.releaseAll();
    for (const code of codes) this.key(code, true);
    await new Promise((resolve) => setTimeout(resolve, PRESS_MS));
    for (const code of [...codes].reverse()) this.key(code, false);
  }

  button(number, down, position) {
    this.#flush();
    if (!down && !this.#buttons.delete(number)) return;
    if (down) this.#buttons.add(number);
    this.#session.sendKeys(wire.button(this.#next(), number, down, position));
  }

  wheel(down, right) {
    this.#session.sendKeys(wire.wheel(this.#next(), down, right));
  }

  moveTo(position) {
    this.#move(() => wire.moveTo(this.#next(), position));
  }

  // In guest pixels; sums are sent, so that a lost message heals.
  moveBy(dx, dy) {
    this.#sum = { x: this.#sum.x + dx, y: this.#sum.y + dy };
    const { x, y } = this.#sum;
    this.#move(() => wire.moveBy(this.#next(), { x: Math.round(x) | 0, y: Math.round(y) | 0 }));
  }

  get holdsSomething() {
    return this.#keys.size + this.#buttons.size > 0;
  }

  releaseAll() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    this.#waiting = null;
    if (!this.holdsSomething) return;
    this.#keys.clear();
    this.#buttons.clear();
    this.#session.sendKeys(wire.releaseAll(this.#next()));
  }

  #move(message) {
    this.#waiting = message;
    if (this.#timer) return;
    this.#flush();
    this.#timer = setTimeout(() => {
      this.#timer = 0;
      if (this.#waiting) this.#move(this.#waiting);
    }, INTERVAL_MS);
  }

  #flush() {
    if (this.#waiting) this.#session.sendPointer(this.#waiting());
    this.#waiting = null;
  }

  #next() {
    this.#sequence = (this.#sequence + 1) >>> 0;
    return this.#sequence;
  }
}
