// One thing done to many jobs: a bounded number at once, and counted.

import { get, query } from './api.js';

const parallel = 8;

/** - run: {done, skipped, failed, stop}; is told of each job by `run.on`. */
export async function each(ids, act, run) {
  const left = [...ids];
  async function work() {
    while (left.length && !run.stop) {
      const id = left.shift();
      try {
        await act(id);
        run.done += 1;
      } catch (error) {
        if (error.status === 401 || error.status === 403) throw error;
        // Somebody else was faster.
        if (error.status === 404 || error.status === 409) run.skipped += 1; else run.failed += 1;
      }
      run.on();
    }
  }
  await Promise.all(Array.from({ length: parallel }, work));
}

/** All failed jobs that a filter names, but none that fails while this goes on: by the server's clock, not by ours. */
export async function eachFailed(filter, act, run) {
  let until = '';
  const ask = (after) => get(query('v1/jobs', { ...filter, status: 'failed', limit: 100, after, until }));
  let next = await ask('');
  while (next && !run.stop) {
    const page = next;
    if (page.data.length) until ||= (page.data[0].finished_at + 0.001).toFixed(3);
    // Before its jobs go: what is gone cannot tell where the list goes on.
    next = page.has_more ? await ask(page.last_id) : null;
    await each(page.data.map((job) => job.id), act, run);
  }
}

export const summary = (verb, run) => [
  `${run.done} ${verb}`, run.skipped && `${run.skipped} had changed`, run.failed && `${run.failed} could not be ${verb}`, run.stop && 'stopped',
].filter(Boolean).join(', ');
