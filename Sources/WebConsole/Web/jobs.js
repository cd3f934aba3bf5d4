// The jobs in one state, a page at a time. The server keeps lists of these states only; any job is found by its id.

import { get, orNull, query } from './api.js';
import { button, h, select, table } from './dom.js';
import { count, none, time, words } from './format.js';

export const pageLength = 50;
const states = [['queued', 'Queued'], ['scheduled', 'Scheduled'], ['in_progress', 'In progress'], ['failed', 'Failed']];

export const link = (job) => h('a', { href: `#/jobs/${job.id}`, class: 'id' }, job.id);

export const queueNames = async (signal) => ((await orNull(get('v1/queues', signal)))?.data ?? []).map((queue) => queue.name);

export const queueSelect = (names, value) => select('queue', 'Queue',
  [['', 'All queues'], ...[...new Set([...names, ...(value ? [value] : [])])].map((name) => [name, name])], value,
  { 'data-change': 'filter' });

/** Where the list is continued is the last job that was looked at for each page; the ways back are kept while the list is shown. */
export function pages(view, list) {
  if (!list.data.length && !list.has_more && !view.state.before.length) return null;
  return h('nav', { class: 'pages', 'aria-label': 'Pages' },
    button('newer', 'Newer', { 'aria-disabled': String(view.state.before.length === 0) }),
    h('span', {}, `Page ${view.state.before.length + 1}`),
    button('older', 'Older', { 'aria-disabled': String(!list.has_more) }));
}

/** - text: of an empty list. A page may be empty and not be the end: the server looks at so many jobs for each and no more. */
export const nothing = (list, text) =>
  (list.has_more ? 'None of the jobs that were looked at for this page fits. There are older ones.' : text);

export const turning = {
  older(view) {
    if (!view.data.list.has_more) return;
    view.state.before.push(view.state.after ?? '');
    view.state.after = view.data.list.last_id;
  },
  newer(view) {
    if (view.state.before.length) view.state.after = view.state.before.pop();
  },
};

/** What was chosen is part of the address, so that it can be kept and sent to somebody. */
export function filter(view, _, form) {
  const chosen = Object.fromEntries([...new FormData(form)].filter(([, value]) => value));
  view.go(query(`#/${view.name}`, chosen));
}

const moment = {
  queued: ['Created', (job) => job.created_at], scheduled: ['Next attempt', (job) => job.next_attempt_at],
  in_progress: ['Started', (job) => job.started_at], failed: ['Ended', (job) => job.finished_at],
};

const columns = (status) => [
  { name: 'Job', head: true, at: link },
  { name: 'Queue', at: (job) => job.queue },
  { name: 'Custom id', at: (job) => job.custom_id ?? none },
  ...(status === 'queued' ? [] : [{ name: 'Created', number: true, at: (job) => time(job.created_at) }]),
  { name: moment[status][0], number: true, at: (job) => time(moment[status][1](job)) },
  { name: 'Attempts', number: true, at: (job) => `${count(job.attempts)} / ${count(job.max_attempts)}` },
  ...(status === 'failed' ? [{ name: 'Reason', at: (job) => words(job.error?.code ?? none) }] : []),
];

const empty = 'Nothing here. Jobs that completed, expired or were cancelled are found by their id.';

export const jobs = {
  title: () => 'Jobs',
  every: () => 4000,

  async load(view, signal) {
    view.state.before ??= [];
    const [status, queue] = [view.params.get('status') ?? 'queued', view.params.get('queue') ?? ''];
    const asked = { status, queue, limit: pageLength, after: view.state.after };
    const [list, names] = await Promise.all([get(query('v1/jobs', asked), signal), queueNames(signal)]);
    return { list, names, status, queue };
  },

  show: (view, { list, names, status, queue }) => [
    h('div', { class: 'bar' },
      h('form', { 'data-act': 'find', role: 'search' },
        h('label', {}, 'Job id', h('input', { name: 'id', type: 'search', required: true, spellcheck: 'false', autocomplete: 'off', placeholder: 'job_…' })),
        h('button', {}, 'Find')),
      h('form', { 'data-act': 'filter' },
        select('status', 'Status', states, status, { 'data-change': 'filter' }), queueSelect(names, queue))),
    table(`Jobs, ${words(status)}`, columns(status), list.data, (job) => job.id, nothing(list, empty)),
    pages(view, list),
  ],

  actions: {
    find(view, _, form) { view.go(`#/jobs/${encodeURIComponent(form.elements.id.value.trim())}`); },
    filter,
    ...turning,
  },
};
