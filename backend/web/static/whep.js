// WebRTC sessions over HTTP (WHEP, draft-ietf-wish-whep), through the backend.

const ANSWER_MS = 15_000;
const GATHER_MS = 1500;

// A reason in words for the person who watches.
export class SessionError extends Error {}

export class Whep {
  #base;
  #ice = { servers: [], until: 0 };

  constructor(base) {
    this.#base = base;
  }

  // STUN and TURN servers with credentials that are still good; none where the backend has none.
  async iceServers() {
    if (performance.now() >= this.#ice.until) {
      const found = await fetch(new URL("api/ice", this.#base)).then(
        (answer) => (answer.ok ? answer.json() : null),
        () => null,
      );
      const ttlMs = Math.max(60, (found?.ttl_s ?? 3600) / 2) * 1000;
      this.#ice = { servers: found?.servers ?? [], until: performance.now() + ttlMs };
    }
    return this.#ice.servers;
  }

  // Offers `peer` to the instance's streamer and takes the answer; resolves to the session's URL.
  async open(instance, peer, signal) {
    await peer.setLocalDescription();
    await gathered(peer);
    const url = new URL(`api/instances/${encodeURIComponent(instance)}/whep`, this.#base);
    const answer = await request(url, {
      method: "POST",
      headers: { "Content-Type": "application/sdp" },
      body: reachable(peer.localDescription.sdp),
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]),
    });
    const location = answer.headers.get("Location");
    if (answer.status !== 201 || !location) throw new SessionError(await words(answer));
    await peer.setRemoteDescription({ type: "answer", sdp: await answer.text() });
    return new URL(location, url);
  }

  // A courtesy: a streamer notices a lost viewer by itself.
  close(session) {
    fetch(session, { method: "DELETE", keepalive: true }).catch(() => {});
  }
}

async function request(url, options) {
  try {
    return await fetch(url, options);
  } catch (error) {
    if (options.signal.aborted && error.name === "AbortError") throw error;
    throw new SessionError("The backend does not answer.");
  }
}

// Servers that do not answer would hold the offer back for long.
function gathered(peer) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, GATHER_MS);
    const look = () => {
      if (peer.iceGatheringState !== "complete") return;
      clearTimeout(timer);
      resolve();
    };
    peer.addEventListener("icegatheringstatechange", look);
    look();
  });
}

// Without the made-up host names behind which browsers hide their addresses (mDNS): no streamer in a cluster can look them
// up, and one that tried would give up. It learns the real address from the browser's own checks, so more may follow.
function reachable(sdp) {
  const isHidden = (line) => /^a=candidate:.* \S+\.local /.test(line) || line === "a=end-of-candidates";
  return sdp
    .split("\r\n")
    .filter((line) => !isHidden(line))
    .join("\r\n");
}

async function words(answer) {
  const fallback = `The backend answered with ${answer.status}.`;
  try {
    return (await answer.json()).detail || fallback;
  } catch {
    return fallback;
  }
}
