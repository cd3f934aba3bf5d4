// What happens each second, from counters that only grow. They are kept while the page is open, whatever it shows.

const span = 15000;
const pause = 4000;
const kept = 90;
let samples = [];

/** Whether it is time to look again: the metrics are long. */
export const due = () => performance.now() - (samples.at(-1)?.at ?? -pause) >= pause;

/** The sum of one counter over all its labels. */
function sum(metrics, name) {
  const lines = metrics.split('\n').filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
  return lines.reduce((total, line) => total + Number(line.slice(line.lastIndexOf(' '))), 0);
}

/** - usage: of at least two hours, so that the turn of an hour takes nothing away that was just counted. */
export function note(metrics, usage) {
  samples.push({
    at: performance.now(), taken: sum(metrics, 'sluice_jobs_submitted_total'),
    calls: usage.total.calls, tokens: usage.total.total_tokens,
  });
  samples = samples.slice(-kept);
}

export const forget = () => { samples = []; };

/** Each second, by the samples of the last fifteen; null while there is one only. */
export function perSecond(name, end = samples.length - 1) {
  const last = samples[end];
  const first = samples.slice(0, end).find((sample) => last.at - sample.at <= span);
  if (!first) return null;
  return Math.max(0, (last[name] - first[name]) / (last.at - first.at) * 1000);
}

/** As it went: the points of a line that is 100 wide and 20 high. */
export function trend(name) {
  const values = samples.map((_, index) => perSecond(name, index)).filter((value) => value !== null);
  const most = Math.max(...values, 0.001);
  return values.map((value, index) =>
    `${(100 - (values.length - 1 - index) * 100 / kept).toFixed(1)},${(19 - value / most * 18).toFixed(1)}`).join(' ');
}
