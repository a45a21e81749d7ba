// Outlines in a box of 24x24, as in the kiosk. A state's icon differs in form, not only in colour.

const SVG = "http://www.w3.org/2000/svg";
const PATHS = {
  pending: "M5 2 H19 V5 L13.5 12 L19 19 V22 H5 V19 L10.5 12 L5 5 Z",
  booting: "M12 2 A10 10 0 1 0 22 12 L18.4 12 A6.4 6.4 0 1 1 12 5.6 Z",
  live: "M5 3.5 L20.5 12 L5 20.5 Z",
  degraded: "M12 1.5 A10.5 10.5 0 1 0 12.01 1.5 Z M10.6 5.6 V13.4 H13.4 V5.6 Z M10.6 15.6 V18.4 H13.4 V15.6 Z",
  leaving: "M4 4 H20 V20 H4 Z M7 7 V17 H17 V7 Z",
  stale: "M4 3.5 H9.6 V20.5 H4 Z M14.4 3.5 H20 V20.5 H14.4 Z",
  reconnecting:
    "M12 3 A9 9 0 0 1 20.2 8.2 L22.4 7.2 L21 14 L15 10.6 L17.3 9.5 A5.8 5.8 0 0 0 12 6.2 Z " +
    "M12 21 A9 9 0 0 1 3.8 15.8 L1.6 16.8 L3 10 L9 13.4 L6.7 14.5 A5.8 5.8 0 0 0 12 17.8 Z",
  lost: "M12 2 L23 21.5 H1 Z M10.8 9 V14.8 H13.2 V9 Z M10.8 16.6 V19 H13.2 V16.6 Z",
  gone: "M10.4 1.5 H13.6 V11 H10.4 Z M7.4 4.4 A9.2 9.2 0 1 0 16.6 4.4 L15 7.2 A6 6 0 1 1 9 7.2 Z",
  back: "M14.5 3 L18 6.4 L12.3 12 L18 17.6 L14.5 21 L5.5 12 Z",
  player: "M12 2.5 A4.75 4.75 0 1 0 12.01 2.5 Z M2.5 21.5 C2.5 15.5 6.5 13.4 12 13.4 S21.5 15.5 21.5 21.5 Z",
  viewers:
    "M12 4.5 C6.5 4.5 2.6 8.4 0.8 12 C2.6 15.6 6.5 19.5 12 19.5 S21.4 15.6 23.2 12 C21.4 8.4 17.5 4.5 12 4.5 Z " +
    "M12 7.6 A4.4 4.4 0 1 1 11.99 7.6 Z",
  picture: "M1.5 3.5 H22.5 V17.5 H1.5 Z M4 6 V15 H20 V6 Z M8 19 H16 V21.5 H8 Z",
  delay:
    "M12 1.5 A10.5 10.5 0 1 0 12.01 1.5 Z M12 4.2 A7.8 7.8 0 1 1 11.99 4.2 Z " +
    "M10.8 6.5 H13.2 V11.4 L16.6 14.6 L15 16.4 L10.8 12.5 Z",
  sound:
    "M2 8.5 H6.5 L12.5 3 V21 L6.5 15.5 H2 Z M15 7.6 A6 6 0 0 1 15 16.4 Z " +
    "M16.6 4 A9.6 9.6 0 0 1 16.6 20 L18 21.8 A12 12 0 0 0 18 2.2 Z",
  muted:
    "M2 8.5 H6.5 L12.5 3 V21 L6.5 15.5 H2 Z M15 9.2 L16.8 7.4 L19 9.8 L21.2 7.4 L23 9.2 L20.6 12 L23 14.8 " +
    "L21.2 16.6 L19 14.2 L16.8 16.6 L15 14.8 L17.4 12 Z",
  keyboard:
    "M1 5 H23 V19 H1 Z M3.4 7.4 V10 H6 V7.4 Z M8.2 7.4 V10 H10.8 V7.4 Z M13.2 7.4 V10 H15.8 V7.4 Z " +
    "M18 7.4 V10 H20.6 V7.4 Z M5 14 V16.6 H19 V14 Z",
  help:
    "M12 1.5 A10.5 10.5 0 1 0 12.01 1.5 Z M8 9.6 C8 4.6 16.2 4.4 16.2 9.2 C16.2 12 13.3 12.4 13.3 15 H10.7 " +
    "C10.7 11.2 13.4 11.2 13.4 9.3 C13.4 7.6 10.8 7.6 10.8 9.6 Z M10.6 16.8 H13.4 V19.4 H10.6 Z",
};

// Draws the icon into an <svg>; what it means stands beside it in words.
export function draw(svg, name) {
  if (svg.dataset.drawn === name) return;
  svg.dataset.drawn = name;
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  path.setAttribute("fill-rule", "evenodd");
  svg.replaceChildren(path);
}

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  draw(svg, name);
  return svg;
}

export function drawAll(root) {
  for (const svg of root.querySelectorAll("svg[data-icon]")) draw(svg, svg.dataset.icon);
}
