// Text of an on-screen keyboard, which tells characters and no keys: typed as on an American keyboard.

const SHIFTED = '~!@#$%^&*()_+{}|:"<>?';
const PLAIN = "`1234567890-=[]\\;',./";
const NAMES = {
  "`": "Backquote", "-": "Minus", "=": "Equal", "[": "BracketLeft", "]": "BracketRight", "\\": "Backslash",
  ";": "Semicolon", "'": "Quote", ",": "Comma", ".": "Period", "/": "Slash", " ": "Space", "\n": "Enter",
};

// Codes to press in order for one character; none for a character that this keyboard does not have.
export function codesOf(character) {
  const shifted = SHIFTED.indexOf(character);
  if (shifted >= 0) return ["ShiftLeft", ...codesOf(PLAIN[shifted])];
  if (/^[a-z]$/.test(character)) return [`Key${character.toUpperCase()}`];
  if (/^[A-Z]$/.test(character)) return ["ShiftLeft", `Key${character}`];
  if (/^[0-9]$/.test(character)) return [`Digit${character}`];
  return character in NAMES ? [NAMES[character]] : [];
}

const EDITS = {
  deleteContentBackward: ["Backspace"],
  deleteContentForward: ["Delete"],
  insertLineBreak: ["Enter"],
  insertParagraph: ["Enter"],
};

// Hands every chord that is typed into `field` to `send(codes)`.
export function typeInto(field, send) {
  field.value = " "; // Something that Backspace can remove, else some keyboards do not tell of it.
  field.addEventListener("beforeinput", (event) => {
    const chords = EDITS[event.inputType] ? [EDITS[event.inputType]] : [...(event.data ?? "")].map(codesOf);
    for (const codes of chords) if (codes.length) send(codes);
    if (event.cancelable) event.preventDefault();
  });
  field.addEventListener("input", () => (field.value = " "));
}
