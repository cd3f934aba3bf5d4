// Jobs that failed for good: why, and once more or away with them, one and many.

import { get, jobPath, post, query, remove } from './api.js';
import { button, h, select, table } from './dom.js';
import { count, none, time, words } from './format.js';
import { filter, link, nothing, pageLength, pages, queueSelect, turning } from './jobs.js';
import { each, eachFailed, summary } from './many.js';
import { confirmed, say } from './talk.js';

const verbs = {
  retry: { done: 'retried', word: 'Retry', act: (id) => post(`${jobPath(id)}/retry`) },
  purge: { done: 'purged', word: 'Purge', act: (id) => remove(jobPath(id)) },
};
const spans = [['', 'Any time'], ['1', 'Last hour'], ['24', 'Last 24 hours'], ['168', 'Last 7 days']];

/** What the address says, as the server is asked. */
function wanted(params) {
  const hours = Number(params.get('hours'));
  return {
    queue: params.get('queue') ?? '', reason: params.get('reason') ?? '',
    since: hours > 0 ? Math.floor(Date.now() / 1000 - hours * 3600) : '',
  };
}

const box = (label, act, isOn, more) => h('input', { type: 'checkbox', 'aria-label': label, 'data-change': act, checked: isOn, ...more });

const columns = (chosen, all) => [
  {
    name: 'Choose', silent: true, top: box('Choose all of this page', 'all', all.length > 0 && all.every((id) => chosen.has(id))),
    at: (job) => box(`Choose ${job.id}`, 'choose', chosen.has(job.id), { 'data-id': job.id }),
  },
  { name: 'Job', head: true, at: link },
  { name: 'Reason', at: (job) => h('b', {}, words(job.error?.code ?? none)) },
  { name: 'Message', wide: true, at: (job) => job.error?.message ?? none },
  { name: 'Queue', at: (job) => job.queue },
  { name: 'Attempts', number: true, at: (job) => count(job.attempts) },
  { name: 'Ended', number: true, at: (job) => time(job.finished_at) },
  {
    name: 'Action', silent: true, at: (job) => ['retry', 'purge'].map((verb) => button('one', verbs[verb].word, {
      'data-id': job.id, 'data-verb': verb, 'aria-label': `${verbs[verb].word} ${job.id}`, class: verb === 'purge' ? 'danger' : null,
    })),
  },
];

function bulk(view, list, total) {
  const { chosen, run } = view.state;
  if (run) return h('p', { class: 'buttons', 'data-key': 'run' }, summary(verbs[run.verb].done, run), button('stop', 'Stop'));
  const verb = (act, name, text) => button(act, text, { 'data-verb': name, class: name === 'purge' ? 'danger' : null });
  return h('p', { class: 'buttons', 'data-key': 'bulk' },
    chosen.size
      ? [h('span', {}, `${count(chosen.size)} chosen`), verb('many', 'retry', 'Retry chosen'), verb('many', 'purge', 'Purge chosen')]
      : list.data.length || list.has_more ? [verb('every', 'retry', `Retry all${total}…`), verb('every', 'purge', `Purge all${total}…`)] : null);
}

async function go(view, verb, body) {
  const run = { verb, done: 0, skipped: 0, failed: 0, stop: false, on: () => { run.stop ||= view.gone; view.draw(); } };
  view.state.run = run;
  view.draw();
  try { await body(verbs[verb].act, run); } finally {
    view.state.run = null;
    view.state.chosen.clear();
    say(`${summary(verbs[verb].done, run)}.`, run.failed > 0);
  }
}

const isSure = (verb, what) => verb === 'retry'
  ? confirmed(`Retry ${what}?`, 'They go into their queues again, with a fresh budget of attempts.', 'Retry')
  : confirmed(`Purge ${what}?`, 'Their records and answers go at once. The audit log keeps their attempts.', 'Purge');

export const dead = {
  title: () => 'Dead letters',
  every: () => 4000,

  async load(view, signal) {
    view.state.before ??= [];
    view.state.chosen ??= new Set();
    const asked = { ...wanted(view.params), status: 'failed', limit: pageLength, after: view.state.after };
    const [list, queues] = await Promise.all([get(query('v1/jobs', asked), signal), get('v1/queues', signal)]);
    return { list, queues: queues.data };
  },

  show(view, { list, queues }) {
    const { queue, reason, since } = wanted(view.params);
    const failed = queues.filter((one) => !queue || one.name === queue).reduce((sum, one) => sum + one.jobs.failed, 0);
    return [
      h('form', { class: 'bar', 'data-act': 'filter' }, h('div', { class: 'buttons' },
        queueSelect(queues.map((one) => one.name), queue),
        h('label', {}, 'Reason', h('input', { name: 'reason', value: reason, size: 18, spellcheck: 'false', autocomplete: 'off', maxlength: 128, placeholder: 'content_filter' })),
        select('hours', 'Ended', spans, view.params.get('hours') ?? '', { 'data-change': 'filter' }),
        h('button', {}, 'Filter'))),
      bulk(view, list, reason || since ? ' that match' : ` ${count(failed)}`),
      table('Dead letters', columns(view.state.chosen, list.data.map((job) => job.id)), list.data, (job) => job.id,
        nothing(list, 'No job has failed for good.')),
      pages(view, list),
    ];
  },

  actions: {
    filter,
    ...turning,
    choose(view, { id }) { if (!view.state.chosen.delete(id)) view.state.chosen.add(id); },
    all(view) {
      const { chosen } = view.state;
      const ids = view.data.list.data.map((job) => job.id);
      const isFull = ids.every((id) => chosen.has(id));
      for (const id of ids) if (isFull) chosen.delete(id); else chosen.add(id);
    },
    async one(view, { id, verb }) {
      if (verb === 'purge' && !await isSure(verb, 'this job')) return;
      await verbs[verb].act(id);
      view.state.chosen.delete(id);
      say(`The job is ${verbs[verb].done}.`);
    },
    async many(view, { verb }) {
      const ids = [...view.state.chosen];
      if (await isSure(verb, `${count(ids.length)} jobs`)) await go(view, verb, (act, run) => each(ids, act, run));
    },
    async every(view, { verb }) {
      if (!await isSure(verb, 'all that match')) return;
      await go(view, verb, (act, run) => eachFailed(wanted(view.params), act, run));
    },
    stop(view) { view.state.run.stop = true; },
  },
};
