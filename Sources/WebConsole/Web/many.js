// One thing done to many jobs: a bounded number at once, and counted.

import { get, query } from './api.js';

const parallel = 8;

/** - run: {done, skipped, failed, stop}; is told of each job by `run.on`. Returns the jobs that are still there. */
export async function each(ids, act, run) {
  const left = [...ids];
  const stayed = [];
  async function work() {
    while (left.length && !run.stop) {
      const id = left.shift();
      try {
        await act(id);
        run.done += 1;
      } catch (error) {
        if (error.status === 401 || error.status === 403) throw error;
        // Somebody else was faster.
        if (error.status === 404 || error.status === 409) run.skipped += 1; else { run.failed += 1; stayed.push(id); }
      }
      run.on();
    }
  }
  await Promise.all(Array.from({ length: parallel }, work));
  return ids.filter((id) => stayed.includes(id));
}

/** All failed jobs that a filter names, but none that fails while this goes on: by the server's clock, not by ours. */
export async function eachFailed(filter, act, run) {
  let [after, until] = ['', ''];
  for (let more = true; more && !run.stop;) {
    const page = await get(query('v1/jobs', { ...filter, status: 'failed', limit: 100, after, until }));
    until ||= page.data.length ? (page.data[0].finished_at + 0.001).toFixed(3) : '';
    const stayed = await each(page.data.map((job) => job.id), act, run);
    // What is gone cannot tell where to go on.
    after = stayed.at(-1) ?? after;
    more = page.data.length > 0;
  }
}

export const summary = (verb, run) => [
  `${run.done} ${verb}`, run.skipped && `${run.skipped} had changed`, run.failed && `${run.failed} could not be ${verb}`, run.stop && 'stopped',
].filter(Boolean).join(', ');
