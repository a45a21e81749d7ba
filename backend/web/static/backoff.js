// Waiting between attempts: longer each time, never two pages in step.

export class Backoff {
  #initialMs;
  #maximumMs;
  #failures = 0;

  constructor(initialMs, maximumMs) {
    this.#initialMs = initialMs;
    this.#maximumMs = maximumMs;
  }

  reset() {
    this.#failures = 0;
  }

  next() {
    const ceiling = Math.min(this.#maximumMs, this.#initialMs * 2 ** this.#failures);
    this.#failures = Math.min(this.#failures + 1, 16);
    return ceiling * (0.5 + Math.random() / 2);
  }
}

// Resolves after `ms`, or as soon as `signal` is aborted.
export function pause(ms, signal) {
  return new Promise((resolve) => {
    if (signal?.aborted) {
      resolve();
      return;
    }
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener("abort", done);
  });
}
