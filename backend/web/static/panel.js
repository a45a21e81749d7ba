// The large picture: its controls, its sound, its input. One tile at a time.

import { badge, write } from "./tile.js";
import { draw } from "./icons.js";
import { Input } from "./input.js";
import { typeInto } from "./typing.js";

// Key chords that a visitor's own computer would swallow.
const CHORDS = [
  ["Ctrl + Alt + Del", "ControlLeft", "AltLeft", "Delete"],
  ["Ctrl + Esc", "ControlLeft", "Escape"],
  ["Alt + F4", "AltLeft", "F4"],
  ["Alt + Tab", "AltLeft", "Tab"],
  ["Alt + Enter", "AltLeft", "Enter"],
  ["Windows", "MetaLeft"],
  ["Esc", "Escape"],
  ["Enter", "Enter"],
  ["Space", "Space"],
  ["F1", "F1"],
  ["Print Screen", "PrintScreen"],
  ["Pause", "Pause"],
];

const byId = (id) => document.getElementById(id);

export class Panel {
  tile = null;
  #input = null;
  #wantsSound = true;
  #mine = false;
  #back;

  constructor(back) {
    this.#back = back;
    const onClick = (id, act) => byId(id).addEventListener("click", act);
    onClick("back", back);
    onClick("control", () => this.#toggleControl());
    onClick("sound", () => this.#setSound(this.tile.video.muted));
    onClick("full", () => this.#toggleFullScreen());
    onClick("keys-open", () => byId("keys").showModal());
    onClick("type", () => byId("typing").focus());
    typeInto(byId("typing"), (codes) => this.#mine && this.tile.sender.chord(codes));
    byId("chords").append(...CHORDS.map((chord) => this.#chordButton(chord)));
    byId("keys").addEventListener("close", () => this.tile?.screen.focus());
    document.addEventListener("fullscreenchange", () => this.#fullScreenChanged());
    document.addEventListener("keydown", (event) => this.#keyBesideThePicture(event));
  }

  show(tile) {
    this.hide();
    this.tile = tile;
    tile.element.classList.add("large");
    document.body.classList.add("watching");
    byId("panel").hidden = false;
    const { screen, video } = tile;
    screen.tabIndex = 0;
    screen.setAttribute("role", "application");
    screen.setAttribute("aria-label", `Screen of ${tile.instance.name}`);
    this.#input = new Input(screen, video, tile.sender, {
      mine: () => this.#mine,
      pointer: () => tile.session.view().format?.pointer ?? "absolute",
      request: () => {
        tile.session.requestControl();
        this.#setSound(this.#wantsSound); // Now there was a click.
      },
      back: this.#back,
    });
    this.#setSound(this.#wantsSound);
    this.render();
    screen.focus({ preventScroll: true });
  }

  hide() {
    const { tile } = this;
    if (!tile) return;
    this.#input.end();
    if (this.#mine) tile.session.releaseControl();
    for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
    this.tile = null;
    this.#mine = false;
    tile.video.muted = true;
    tile.element.classList.remove("large");
    tile.screen.removeAttribute("tabindex");
    tile.screen.removeAttribute("role");
    tile.screen.removeAttribute("aria-label");
    document.body.classList.remove("watching");
    byId("panel").hidden = true;
    if (document.fullscreenElement) document.exitFullscreen();
  }

  // The page is out of sight: somebody else may play.
  leaveControl() {
    this.#input?.letGo();
    if (this.#mine) this.tile.session.releaseControl();
  }

  render() {
    const { tile } = this;
    if (!tile) return;
    const view = tile.view();
    if (this.#mine && !view.mine) this.#input.letGo();
    this.#mine = view.mine;
    byId("panel").dataset.brick = tile.element.dataset.brick;
    write(byId("panel-number"), String(tile.number));
    write(byId("panel-name"), tile.instance.name);
    badge(byId("panel-badge"), view);
    write(byId("panel-who"), who(view));
    write(byId("panel-figures"), figures(view));
    tile.screen.dataset.mine = view.mine;
    tile.screen.dataset.pointer = view.format?.pointer ?? "absolute";
    const control = byId("control");
    control.disabled = !view.connected || Boolean(view.holder && !view.mine);
    control.classList.toggle("strong", !view.mine && !control.disabled);
    write(byId("control-word"), view.mine ? "Give control back" : "Take control");
    byId("keys-open").disabled = byId("type").disabled = !view.mine;
    this.#renderSound();
  }

  #toggleControl() {
    if (this.#mine) {
      this.#input.letGo();
      this.tile.session.releaseControl();
    } else {
      this.tile.session.requestControl();
    }
    this.tile.screen.focus();
  }

  // A browser may want a click before it lets a page be heard; then the button says that the sound is off.
  async #setSound(on) {
    const { tile } = this;
    this.#wantsSound = on;
    tile.video.muted = !on;
    this.#renderSound();
    if (!on) return;
    try {
      await tile.video.play();
    } catch (error) {
      if (this.tile !== tile) return;
      if (error.name !== "NotAllowedError") return; // Another stream came in between.
      tile.video.muted = true;
      tile.video.play().catch(() => {});
      this.#renderSound();
    }
  }

  #renderSound() {
    const on = !this.tile.video.muted;
    const button = byId("sound");
    button.setAttribute("aria-pressed", on);
    draw(button.firstElementChild, on ? "sound" : "muted");
    write(byId("sound-word"), on ? "Sound is on" : "Sound is off");
  }

  async #toggleFullScreen() {
    if (document.fullscreenElement) await document.exitFullscreen();
    else await document.documentElement.requestFullscreen().catch(() => {});
    this.tile?.screen.focus();
  }

  // In full screen the browser can leave its own keys to the guest.
  #fullScreenChanged() {
    const full = Boolean(document.fullscreenElement);
    byId("full").lastChild.textContent = full ? "Leave full screen" : "Full screen";
    if (full) navigator.keyboard?.lock?.().catch(() => {});
    else navigator.keyboard?.unlock?.();
  }

  #keyBesideThePicture(event) {
    if (!this.tile || event.defaultPrevented || document.querySelector("dialog[open]")) return;
    const chord = event.code === "KeyG" && event.ctrlKey && event.altKey;
    if (chord || (event.key === "Escape" && document.activeElement !== this.tile.screen)) this.#back();
  }

  #chordButton([label, ...codes]) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = label;
    button.addEventListener("click", () => {
      byId("keys").close();
      if (this.#mine) this.tile.sender.chord(codes);
    });
    return button;
  }
}

function who(view) {
  if (!view.connected) return view.reason;
  if (view.mine) return "You play. Ctrl+Alt+G leads back.";
  if (view.holder) return `${view.holder} plays. You watch.`;
  return "Free to play: click the picture.";
}

function figures(view) {
  if (!view.live) return "";
  const delay = view.delayMs === null ? "" : `, ${Math.round(view.delayMs)} ms`;
  return `${view.viewers} watching, ${view.fps ? `${view.fps} fps` : "still picture"}${delay}`;
}
