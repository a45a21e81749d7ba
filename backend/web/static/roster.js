// What the backend last said, kept consistent by revisions, and the WebSocket that says it.

import { Backoff, pause } from "./backoff.js";
import { PROTOCOL_VERSION } from "./wire.js";

// The backend speaks at least every two seconds.
const SILENT_MS = 6000;

export class Roster {
  instances = new Map();
  revision = -1;
  mode = "";
  state = "init";
  reason = "";
  #confirmedAt = 0;

  // Takes one message; throws when a revision is missing or the backend speaks another version.
  apply(message) {
    switch (message.type) {
      case "instances/snapshot":
        requireVersion(message.version);
        this.instances = new Map(message.instances.map((instance) => [instance.id, instance]));
        this.revision = message.revision;
        this.mode = message.mode;
        this.#trust(message);
        break;
      case "instances/added":
      case "instances/updated":
        this.#advance(message.revision);
        this.instances.set(message.instance.id, message.instance);
        break;
      case "instances/removed":
        this.#advance(message.revision);
        this.instances.delete(message.id);
        break;
      case "instances/freshness":
        if (message.revision !== this.revision) throw new Error("An event of the backend is missing.");
        this.#trust(message);
        break;
      default: // Of a newer backend, or not for this page.
    }
  }

  // Seconds since the source of the list last confirmed it.
  get ageS() {
    return this.revision < 0 ? 0 : (performance.now() - this.#confirmedAt) / 1000;
  }

  get bySlot() {
    return [...this.instances.values()].sort((one, other) => one.slot - other.slot || (one.id < other.id ? -1 : 1));
  }

  #trust(message) {
    this.state = message.synced ? message.state : "syncing";
    this.reason = message.reason;
    this.#confirmedAt = performance.now() - message.age_s * 1000;
  }

  #advance(revision) {
    if (revision !== this.revision + 1) throw new Error("An event of the backend is missing.");
    this.revision = revision;
  }
}

export class Events {
  roster = new Roster();
  connected = false;
  trouble = "";
  #url;
  #onChange;

  constructor(url, onChange) {
    this.#url = url;
    this.#onChange = onChange;
  }

  // Connects for ever; each connection begins with a new snapshot.
  async run() {
    const backoff = new Backoff(300, 5000);
    for (;;) {
      this.trouble = await this.#connection(() => backoff.reset());
      this.connected = false;
      this.#onChange();
      await pause(backoff.next());
    }
  }

  // One connection; resolves with the reason of its end.
  #connection(onHealthy) {
    return new Promise((resolve) => {
      const socket = new WebSocket(this.#url);
      let silence;
      const end = (reason) => {
        clearTimeout(silence);
        socket.onmessage = socket.onclose = null;
        socket.close();
        resolve(reason);
      };
      const listen = () => {
        clearTimeout(silence);
        silence = setTimeout(() => end("The backend has gone silent."), SILENT_MS);
      };
      listen();
      socket.onmessage = ({ data }) => {
        listen();
        try {
          this.roster.apply(JSON.parse(data));
        } catch (error) {
          end(error.message);
          return;
        }
        this.connected = true;
        this.trouble = "";
        onHealthy();
        this.#onChange();
      };
      socket.onclose = () => end("The backend does not answer.");
    });
  }
}

function requireVersion(version) {
  if (version !== PROTOCOL_VERSION) {
    throw new Error(`The backend speaks protocol ${version}, this page speaks ${PROTOCOL_VERSION}: reload the page.`);
  }
}
