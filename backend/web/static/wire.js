// Messages of the `keys` and `pointer` data channels, little endian; backend/contract/input.py describes them.

export const PROTOCOL_VERSION = 1;
export const FULL_SCALE = 65535;
export const MAX_CONTROL_BYTES = 16 * 1024;

const DOWN = 1;
const POSITION = 2;

export function key(sequence, code, down) {
  const view = head(1, down ? DOWN : 0, sequence, code.length);
  for (let i = 0; i < code.length; i++) view.setUint8(6 + i, code.charCodeAt(i));
  return view.buffer;
}

export function releaseAll(sequence) {
  return head(2, 0, sequence, 0).buffer;
}

export function button(sequence, number, down, position) {
  const view = head(3, (down ? DOWN : 0) | (position ? POSITION : 0), sequence, 5);
  view.setUint8(6, number);
  view.setUint16(7, position ? position.x : 0, true);
  view.setUint16(9, position ? position.y : 0, true);
  return view.buffer;
}

export function wheel(sequence, down, right) {
  const view = head(4, 0, sequence, 2);
  view.setInt8(6, down);
  view.setInt8(7, right);
  return view.buffer;
}

export function moveTo(sequence, { x, y }) {
  const view = head(5, 0, sequence, 4);
  view.setUint16(6, x, true);
  view.setUint16(8, y, true);
  return view.buffer;
}

export function moveBy(sequence, { x, y }) {
  const view = head(6, 0, sequence, 8);
  view.setInt32(6, x, true);
  view.setInt32(10, y, true);
  return view.buffer;
}

function head(kind, flags, sequence, rest) {
  const view = new DataView(new ArrayBuffer(6 + rest));
  view.setUint8(0, kind);
  view.setUint8(1, flags);
  view.setUint32(2, sequence, true);
  return view;
}
