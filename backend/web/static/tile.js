// One brick of the wall: picture at full height, rail beside it, and the message over a picture that is not live.

import { condition, isPlayable, stateWord, Steady } from "./condition.js";
import { draw, drawAll, icon } from "./icons.js";
import { Sender } from "./sender.js";
import { Session } from "./session.js";

const BRICKS = 9;
const SEGMENTS = 12;
const FLOOR_DBFS = -54;
const SHORT = { dateStyle: "short", timeStyle: "short" };

export class Tile {
  element = document.getElementById("tile").content.firstElementChild.cloneNode(true);
  screen = this.element.querySelector(".screen");
  video = this.element.querySelector("video");
  open = this.element.querySelector(".open");
  isVisible = false; // Within the part of the page that can be seen.
  #message = this.element.querySelector(".message");
  #parts = {};
  #steady = new Steady();

  // `host`: {whep, name(), onChange(tile), onOpen(tile)}
  constructor(instance, host) {
    for (const part of this.element.querySelectorAll("[data-part]")) this.#parts[part.dataset.part] = part;
    drawAll(this.element);
    this.video.muted = true; // The attribute alone does not count for a copied element.
    this.session = new Session(instance, {
      whep: host.whep,
      name: host.name,
      video: this.video,
      onChange: () => host.onChange(this),
    });
    this.sender = new Sender(this.session);
    this.open.addEventListener("click", () => host.onOpen(this));
    this.video.addEventListener("resize", () => this.#fit());
    this.describe(instance);
  }

  get instance() {
    return this.session.instance;
  }

  get number() {
    return this.instance.slot + 1;
  }

  // Width and height of its picture in pixels of the screen.
  get shownPx() {
    const { clientWidth, clientHeight } = this.video;
    return [clientWidth, clientHeight].map((length) => Math.round(length * devicePixelRatio));
  }

  describe(instance) {
    this.session.describe(instance);
    this.element.dataset.instance = instance.id;
    this.element.dataset.brick = instance.slot % BRICKS;
  }

  remove() {
    this.session.stop();
    this.element.remove();
  }

  // What it shows now: {state, word, reason, next} and the numbers of its session.
  view() {
    const session = this.session.view();
    const now = this.#steady.settle(condition(this.instance, session), performance.now());
    return { ...session, ...now, word: stateWord(now.state), live: isPlayable(now.state) };
  }

  render() {
    const view = this.view();
    const { element } = this;
    element.dataset.state = view.state;
    write(this.#parts.number, String(this.number));
    write(this.#parts.name, this.instance.name);
    badge(this.#parts.badge, view);
    write(this.#parts.holder, view.mine ? "You" : view.holder || (view.live ? "Free to play" : "–"));
    write(this.#parts.viewers, `${view.viewers} watching`);
    write(this.#parts.fps, view.live ? rate(view.fps) : "–");
    write(this.#parts.delay, view.live && view.delayMs !== null ? `${Math.round(view.delayMs)} ms` : "–");
    this.#parts.meter.style.setProperty("--lit", view.live ? segments(view.levelDbfs) : 0);
    element.classList.toggle("live", view.live);
    const remark = view.live ? view.reason : this.#lastSeen(view);
    write(this.#parts.remark, remark);
    this.#parts.remark.hidden = !remark;
    this.#over(view);
    const label = `Watch ${this.instance.name}. ${view.word}. ${view.reason}`.trim();
    if (this.open.getAttribute("aria-label") !== label) this.open.setAttribute("aria-label", label);
    return view;
  }

  #lastSeen(view) {
    if (!["lost", "gone"].includes(view.state) || !this.instance.last_seen) return "";
    return `Last seen ${new Date(this.instance.last_seen * 1000).toLocaleString([], SHORT)}`;
  }

  #over(view) {
    this.#message.hidden = view.live;
    if (view.live) return;
    this.#message.classList.toggle("opaque", !view.hasPicture);
    draw(this.#parts.glyph, view.state);
    write(this.#parts.reason, view.reason || view.word);
    write(this.#parts.next, view.next);
  }

  #fit() {
    if (!this.video.videoWidth) return;
    this.screen.style.setProperty("--aspect", this.video.videoWidth / this.video.videoHeight);
  }
}

// State as glyph, word and colour.
export function badge(element, view) {
  if (element.dataset.state === view.state) return;
  element.dataset.state = view.state;
  element.replaceChildren(icon(view.state), view.word);
}

export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

// A still screen is not an error and says so.
const rate = (fps) => (fps ? `${fps} fps` : "still");
const segments = (dbfs) => Math.round(SEGMENTS * Math.min(1, Math.max(0, (dbfs - FLOOR_DBFS) / -FLOOR_DBFS)));
