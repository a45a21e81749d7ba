// The page: follows the list of machines, keeps a tile for each, and decides how much of each stream is needed.

import { renderHead } from "./head.js";
import { drawAll } from "./icons.js";
import { Panel } from "./panel.js";
import { Events } from "./roster.js";
import { Tile } from "./tile.js";
import { storeViewerName, viewerName } from "./viewer_name.js";
import { Whep } from "./whep.js";

const REFRESH_MS = 500;
const UNSEEN_MS = 20_000; // A stream that nobody has seen for so long is closed; opening it again takes half a second.

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
const scroller = document.querySelector("main"); // On a large screen; on a small one it is the page.
let scheduled = false;
let remembered = { page: 0, main: 0 };

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
  const due = changed.size ? changed : tiles.values();
  for (const tile of due) if (tiles.get(tile.instance.id) === tile) tile.render();
  changed.clear();
  panel.render();
  renderHead(events, [...tiles.values()]);
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
    tile.session.setFocus(tier, ...(tier === "grid" ? tile.shownPx : []));
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

// The id in the address; addresses are typed by people, too.
function wanted() {
  try {
    return decodeURIComponent(location.hash.slice(1));
  } catch {
    return "";
  }
}

// The address names the large machine, so that the browser's own way back leads to the wall.
function route() {
  const tile = tiles.get(wanted()) ?? null;
  if (tile === panel.tile) return;
  const before = panel.tile;
  if (tile) {
    if (!before) remembered = { page: scrollY, main: scroller.scrollTop };
    panel.show(tile);
  } else {
    panel.hide();
    scrollTo(0, remembered.page);
    scroller.scrollTop = remembered.main;
    before.open.focus({ preventScroll: true });
  }
  document.title = tile ? `${tile.instance.name} – Loco Kiosk` : "Loco Kiosk";
  share();
}

// For the style sheet: 1, 2, 4 (two columns), 9 (three), or more.
const columns = (count) => [1, 2, 4, 9].find((most) => count <= most) ?? "more";

function prepareDialogs() {
  for (const close of document.querySelectorAll("[data-close]")) {
    close.addEventListener("click", () => close.closest("dialog").close());
  }
  byId("help-open").addEventListener("click", () => byId("help").showModal());
  byId("name").value = viewerName();
  byId("name").addEventListener("change", ({ target }) => storeViewerName(target.value.trim()));
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
