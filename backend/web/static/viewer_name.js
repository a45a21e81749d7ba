// What others see beside the machine that this page plays; kept by the browser.

const NAME = "loco-viewer-name";

export function viewerName() {
  return (stored() || "Web viewer").slice(0, 40);
}

// A browser that keeps nothing throws.
function stored() {
  try {
    return localStorage.getItem(NAME);
  } catch {
    return document.getElementById("name").value.trim();
  }
}

export function storeViewerName(name) {
  try {
    localStorage.setItem(NAME, name);
  } catch {
    // Then the field itself keeps it, until the page is closed.
  }
}
