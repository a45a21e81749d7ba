// The page: follows the list of machines, keeps a tile for each, and decides how much of each stream is needed.

import { stateWord } from "./condition.js";
import { drawAll, icon } from "./icons.js";
import { Panel } from "./panel.js";
import { Events } from "./roster.js";
import { Tile, write } from "./tile.js";
import { Whep } from "./whep.js";

const REFRESH_MS = 500;
const UNSEEN_MS = 20_000; // A stream that nobody has seen for so long is closed; opening it again takes half a second.
const NAME = "loco-viewer-name";
const DISCOVERY = {
  init: ["booting", "Looking for machines"],
  syncing: ["booting", "Looking for machines"],
  live: ["live", "Live list"],
  stale: ["stale", "Old list"],
  lost: ["lost", "List lost"],
};

const byId = (id) => document.getElementById(id);
const base = new URL(".", document.baseURI);
const tiles = new Map();
const unseen = new Map(); // Tile to the time since when nobody can see it.
const changed = new Set();
const whep = new Whep(base);
const events = new Events(new URL("api/events", base.href.replace(/^http/, "ws")), () => schedule());
const panel = new Panel(() => {
  location.hash = "";
});
const observer = new IntersectionObserver(onSeen, { rootMargin: "150px" });
let scheduled = false;
let remembered = 0;

function schedule(tile) {
  if (tile) changed.add(tile);
  if (scheduled) return;
  scheduled = true;
  // Not an animation frame: a page in the background must still notice what ends.
  queueMicrotask(() => {
    scheduled = false;
    render();
  });
}

function render() {
  syncTiles();
  const wanted = changed.size ? changed : tiles.values();
  for (const tile of wanted) if (tiles.get(tile.instance.id) === tile) tile.render();
  changed.clear();
  panel.render();
  renderHead();
}

function syncTiles() {
  const instances = events.roster.bySlot;
  for (const [id, tile] of tiles) {
    if (events.roster.instances.has(id)) continue;
    if (panel.tile === tile) location.hash = "";
    observer.unobserve(tile.element);
    unseen.delete(tile);
    tile.remove();
    tiles.delete(id);
  }
  instances.forEach((instance, place) => {
    const tile = tiles.get(instance.id) ?? addTile(instance);
    if (tile.instance !== instance) tile.describe(instance);
    const wall = byId("wall");
    if (wall.children[place] !== tile.element) wall.insertBefore(tile.element, wall.children[place] ?? null);
  });
  byId("wall").dataset.count = columns(instances.length);
  route();
}

function addTile(instance) {
  const tile = new Tile(instance, {
    whep,
    name: viewerName,
    onChange: schedule,
    onOpen: (one) => {
      location.hash = encodeURIComponent(one.instance.id);
    },
  });
  tiles.set(instance.id, tile);
  observer.observe(tile.element);
  changed.add(tile);
  return tile;
}

function onSeen(entries) {
  for (const entry of entries) {
    const tile = tiles.get(entry.target.dataset.instance);
    if (tile) tile.isVisible = entry.isIntersecting;
  }
  share();
}

// Tells each stream how much of it is needed, opens what is seen, closes what has not been seen for long.
function share() {
  const now = performance.now();
  for (const tile of tiles.values()) {
    const tier = tierOf(tile);
    tile.session.setTier(tier);
    if (tier !== "hidden") {
      unseen.delete(tile);
      tile.session.start();
    } else if (!unseen.has(tile)) {
      unseen.set(tile, now);
    } else if (now - unseen.get(tile) > UNSEEN_MS) {
      tile.session.stop();
    }
  }
}

function tierOf(tile) {
  if (document.hidden) return "hidden";
  if (panel.tile) return panel.tile === tile ? "zoomed" : "hidden";
  return tile.isVisible ? "grid" : "hidden";
}

// The address names the large machine, so that the browser's own way back leads to the wall.
function route() {
  const tile = tiles.get(decodeURIComponent(location.hash.slice(1))) ?? null;
  if (tile === panel.tile) return;
  const before = panel.tile;
  if (tile) {
    if (!before) remembered = scrollY;
    panel.show(tile);
  } else {
    panel.hide();
    scrollTo(0, remembered);
    before.open.focus({ preventScroll: true });
  }
  document.title = tile ? `${tile.instance.name} – Loco Kiosk` : "Loco Kiosk";
  share();
}

function renderHead() {
  const { roster, connected, trouble } = events;
  const known = roster.revision >= 0;
  const [glyph, word] = connected ? DISCOVERY[roster.state] ?? DISCOVERY.stale : ["reconnecting", "No backend"];
  const backend = byId("backend");
  const age = connected && roster.state === "live" ? "" : ` ${Math.round(roster.ageS)} s old`;
  if (backend.dataset.glyph !== glyph) backend.replaceChildren(icon(glyph), document.createElement("span"));
  backend.dataset.glyph = backend.dataset.state = glyph;
  write(backend.lastChild, known ? `${word}${age}` : word);
  const text = notice(known, trouble || "The backend does not answer.");
  byId("notice").hidden = !text;
  write(byId("notice"), text);
  byId("empty").hidden = tiles.size > 0;
  write(byId("empty"), connected && roster.state === "live" ? "There is no machine yet." : "Looking for machines …");
  renderCounts();
}

function notice(known, trouble) {
  const { roster, connected } = events;
  if (!connected) {
    const old = known ? " This list is what it last said; pictures that are live stay so." : "";
    return known || events.trouble ? `${trouble} Trying again.${old}` : "";
  }
  if (roster.state === "stale" || roster.state === "lost") {
    return `${roster.reason || "The list of machines cannot be read."} What is shown may have changed since.`;
  }
  return "";
}

function renderCounts() {
  const counts = new Map();
  for (const tile of tiles.values()) {
    const state = tile.element.dataset.state;
    counts.set(state, (counts.get(state) ?? 0) + 1);
  }
  const key = JSON.stringify([...counts]);
  const list = byId("counts");
  if (list.dataset.key === key) return;
  list.dataset.key = key;
  list.replaceChildren(
    ...[...counts].map(([state, count]) => {
      const item = document.createElement("li");
      item.dataset.state = state;
      item.append(icon(state), `${count} ${stateWord(state).toLowerCase()}`);
      return item;
    }),
  );
}

// For the style sheet: 1, 2, 4 (two columns), 9 (three), or more.
const columns = (count) => [1, 2, 4, 9].find((most) => count <= most) ?? "more";

function viewerName() {
  return (localStorage.getItem(NAME) || "Web viewer").slice(0, 40);
}

function prepareDialogs() {
  for (const close of document.querySelectorAll("[data-close]")) {
    close.addEventListener("click", () => close.closest("dialog").close());
  }
  byId("help-open").addEventListener("click", () => byId("help").showModal());
  byId("name").value = viewerName();
  byId("name").addEventListener("change", ({ target }) => localStorage.setItem(NAME, target.value.trim()));
}

drawAll(document);
prepareDialogs();
addEventListener("hashchange", () => {
  route();
  render();
});
document.addEventListener("visibilitychange", () => {
  if (document.hidden) panel.leaveControl();
  share();
});
// The streamers notice by themselves, only later.
addEventListener("pagehide", () => tiles.forEach((tile) => tile.session.stop()));
addEventListener("pageshow", ({ persisted }) => persisted && share());
setInterval(() => {
  share();
  schedule();
}, REFRESH_MS);
events.run();
