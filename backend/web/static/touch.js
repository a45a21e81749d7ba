// A finger as a mouse: tap clicks, long press is the right button, drag drags. On a guest that takes movements only, the
// finger moves the pointer as on a touch pad. Positions and times come in, mouse actions go to `act`.

const LONG_PRESS_MS = 600;
const SLOP = 12; // A resting finger trembles; less than this is no movement.
const LEFT = 0;
const RIGHT = 2;

export class Touch {
  #act;
  #phase = "idle";
  #relative = false;
  #start = null;
  #last = null;
  #timer = 0;

  // `act`: {move(point, dx, dy), button(number, down, point)}
  constructor(act) {
    this.#act = act;
  }

  down(point, relative) {
    this.cancel();
    this.#phase = "down";
    this.#relative = relative;
    this.#start = this.#last = point;
    this.#act.move(point, 0, 0);
    this.#timer = setTimeout(() => this.#longPress(), LONG_PRESS_MS);
  }

  move(point) {
    if (this.#phase === "idle") return;
    if (this.#phase === "down") {
      if (Math.hypot(point.x - this.#start.x, point.y - this.#start.y) < SLOP) return;
      clearTimeout(this.#timer);
      this.#phase = "drag";
      if (!this.#relative) this.#act.button(LEFT, true, this.#start);
    }
    this.#act.move(point, point.x - this.#last.x, point.y - this.#last.y);
    this.#last = point;
  }

  up(point) {
    this.move(point);
    if (this.#phase === "down") {
      this.#act.button(LEFT, true, this.#start);
      this.#act.button(LEFT, false, this.#start);
    }
    this.cancel();
  }

  // The system took the finger away: nothing is clicked, nothing stays down.
  cancel() {
    clearTimeout(this.#timer);
    if (this.#phase === "long") this.#act.button(RIGHT, false, this.#last);
    if (this.#phase === "drag" && !this.#relative) this.#act.button(LEFT, false, this.#last);
    this.#phase = "idle";
  }

  #longPress() {
    this.#phase = "long";
    this.#act.button(RIGHT, true, this.#start);
  }
}
