// Asks again and again while somebody looks: with pauses that grow while the server fails, and not at all in a hidden tab.

const longest = 30000;

export class Poll {
  #timer = null;
  #failures = 0;
  #running = null;

  /** - load: asks; gets a signal. - done, failed: are told, and `failed` how long is waited. - every: ms after what was loaded, 0: enough. */
  constructor({ load, done, failed, every }) {
    Object.assign(this, { load, done, failed, every });
    this.look = () => (document.hidden ? this.#rest() : this.now());
    document.addEventListener('visibilitychange', this.look);
  }

  stop() {
    document.removeEventListener('visibilitychange', this.look);
    this.#rest();
  }

  #rest() {
    clearTimeout(this.#timer);
    this.#running?.abort();
    this.#running = null;
  }

  /** Asks at once; an answer that is under way is not waited for. */
  async now() {
    this.#rest();
    const running = new AbortController();
    this.#running = running;
    const start = performance.now();
    let wait = 0;
    try {
      const data = await this.load(running.signal);
      if (this.#running !== running) return;
      this.#failures = 0;
      // What is dear to answer, a filter that fits few of very many, is asked for less often.
      wait = this.every(data) && Math.max(this.every(data), 10 * (performance.now() - start));
      this.done(data);
    } catch (error) {
      if (this.#running !== running) return;
      if (!('status' in error)) throw error;
      wait = this.#backoff(error);
      this.failed(error, wait);
    }
    if (wait && !document.hidden) this.#timer = setTimeout(() => this.now(), wait);
  }

  /** Nothing that a wait can mend is not asked again. */
  #backoff(error) {
    if ([400, 401, 403, 404].includes(error.status)) return 0;
    this.#failures += 1;
    const grown = Math.min(longest, 1000 * 2 ** this.#failures);
    return Math.max(error.wait ?? 0, grown * (0.75 + Math.random() / 2));
  }
}
