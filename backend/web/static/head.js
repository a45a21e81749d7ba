// The bar at the top: how many machines are in which state, and how far the list of them can be trusted.

import { stateWord } from "./condition.js";
import { icon } from "./icons.js";
import { write } from "./tile.js";

const DISCOVERY = {
  init: ["booting", "Looking for machines"],
  syncing: ["booting", "Looking for machines"],
  live: ["live", "Live list"],
  stale: ["stale", "Old list"],
  lost: ["lost", "List lost"],
};

const byId = (id) => document.getElementById(id);

export function renderHead(events, tiles) {
  const { roster, connected } = events;
  const known = roster.revision >= 0;
  const [glyph, word] = connected ? DISCOVERY[roster.state] ?? DISCOVERY.stale : ["reconnecting", "No backend"];
  const backend = byId("backend");
  const age = connected && roster.state === "live" ? "" : ` ${Math.round(roster.ageS)} s old`;
  if (backend.dataset.glyph !== glyph) backend.replaceChildren(icon(glyph), document.createElement("span"));
  backend.dataset.glyph = backend.dataset.state = glyph;
  write(backend.lastChild, known ? `${word}${age}` : word);
  const text = notice(events, known);
  byId("notice").hidden = !text;
  write(byId("notice"), text);
  byId("empty").hidden = tiles.length > 0;
  write(byId("empty"), connected && roster.state === "live" ? "There is no machine yet." : "Looking for machines …");
  renderCounts(tiles);
}

function notice({ roster, connected, trouble }, known) {
  if (!connected) {
    const old = known ? " This list is what it last said; pictures that are live stay so." : "";
    return known || trouble ? `${trouble || "The backend does not answer."} Trying again.${old}` : "";
  }
  if (roster.state === "stale" || roster.state === "lost") {
    return `${roster.reason || "The list of machines cannot be read."} What is shown may have changed since.`;
  }
  return "";
}

function renderCounts(tiles) {
  const counts = new Map();
  for (const tile of tiles) {
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
