// One job: what it is, its ledger as it went, and what may be done with it. Prompt and answer are shown when asked for.

import { get, jobPath, post, remove } from './api.js';
import { badge, button, h } from './dom.js';
import { count, iso, none, span, time, tone, words } from './format.js';
import { confirmed, say } from './talk.js';

const ended = ['completed', 'failed', 'expired', 'cancelled'];
const at = (seconds) => (seconds ? h('time', { datetime: iso(seconds) }, time(seconds, true)) : none);

function verbs(job) {
  if (!ended.includes(job.status)) return [button('cancel', 'Cancel job')];
  return [job.status === 'completed' ? null : button('retry', 'Run again'), button('purge', 'Delete job', { class: 'danger' })];
}

function facts(job) {
  const rows = [
    ['Queue', job.queue], ['Custom id', job.custom_id], ['Created', at(job.created_at)],
    ['Deadline', job.deadline && at(job.deadline)], ['Next attempt', job.next_attempt_at && at(job.next_attempt_at)],
    ['Took', job.finished_at && span(job.finished_at - job.created_at)],
    ['Attempts', `${count(job.attempts)} of ${count(job.max_attempts)}`],
    ['Tokens', job.usage && `${count(job.usage.prompt_tokens)} in, ${count(job.usage.completion_tokens)} out, ${count(job.usage.cached_tokens)} cached`],
    ['Served by', job.result && [job.result.served_by, job.result.endpoint].filter(Boolean).join(', ')],
    ['Error', job.error && [h('b', {}, words(job.error.code)), ` ${job.error.message ?? ''}`]],
    ['Notice', job.notice?.message], ['Metadata', job.metadata && h('code', {}, JSON.stringify(job.metadata))],
  ];
  return h('dl', { class: 'about' }, rows.filter(([, value]) => value).map(([name, value]) => [h('dt', {}, name), h('dd', {}, value)]));
}

function step(seconds, word, key, ...more) {
  return h('li', { class: tone(word), 'data-key': key }, at(seconds), h('div', {}, badge(words(word), tone(word)), ...more));
}

function attempt(row) {
  const said = [row.status_code && `HTTP ${row.status_code}`, row.reason && words(row.reason)].filter(Boolean).join(', ');
  const rest = [
    row.usage && `${count(row.usage.total_tokens)} tokens`, row.billed !== 'no' && `billed: ${row.billed}`,
    row.delay_ms && `next after ${span(row.delay_ms / 1000)}`, row.worker, row.upstream_request_id,
  ].filter(Boolean);
  return step(row.started_at, row.outcome, `attempt ${row.number}`, ` #${row.number} `, h('b', {}, row.endpoint || 'no call known'),
    ` ${span(row.ended_at - row.started_at)}${said ? `, ${said}` : ''}`, h('div', { class: 'note' }, rest.join(' · ')));
}

function timeline(job, ledger) {
  return h('ol', { class: 'line' },
    step(job.created_at, 'submitted', 'submitted'), ledger.map(attempt),
    ended.includes(job.status)
      ? step(job.finished_at, job.status, 'end')
      : step(job.next_attempt_at ?? job.started_at ?? job.created_at, job.status, 'now', job.next_attempt_at ? ' next attempt' : ''));
}

function payload(view, name, title) {
  const shown = view.state[name];
  return h('section', { 'data-key': name }, h('h2', {}, title),
    button('reveal', shown === undefined ? `Show ${name}` : `Hide ${name}`, { 'data-name': name, 'aria-expanded': String(shown !== undefined) }),
    shown === undefined ? null : h('pre', { tabindex: '0', 'aria-label': title }, shown === null ? `There is no ${name}.` : JSON.stringify(shown, null, 2)));
}

export const job = {
  title: () => 'Job',
  parent: 'jobs',
  every: ({ job }) => (ended.includes(job.status) ? 0 : 2000),

  async load(view, signal) {
    const path = jobPath(view.id);
    const [found, ledger] = await Promise.all([get(path, signal), get(`${path}/attempts`, signal)]);
    return { job: found, ledger: ledger.data };
  },

  show: (view, { job, ledger }) => [
    h('p', { class: 'title' }, h('code', { class: 'id' }, job.id), ' ', badge(words(job.status), tone(job.status)), h('span', { class: 'buttons' }, verbs(job))),
    facts(job),
    h('h2', {}, 'Ledger'), timeline(job, ledger),
    payload(view, 'prompt', 'Prompt'), payload(view, 'answer', 'Answer'),
  ],

  actions: {
    async reveal(view, { name }) {
      if (view.state[name] !== undefined) delete view.state[name];
      else if (name === 'prompt') view.state.prompt = (await get(`${jobPath(view.id)}/request`)).body;
      else view.state.answer = (await get(jobPath(view.id))).result?.body ?? null;
    },
    async cancel(view) {
      if (!await confirmed('Cancel this job?', 'A call that is under way is closed; what it cost so far may be billed.', 'Cancel job')) return;
      await post(`${jobPath(view.id)}/cancel`);
      say('The job is cancelled.');
    },
    async retry(view) {
      await post(`${jobPath(view.id)}/retry`);
      say('The job is in its queue again.');
    },
    async purge(view) {
      if (!await confirmed('Delete this job?', 'Its record and its answer go at once. The audit log keeps its attempts.', 'Delete job')) return;
      await remove(jobPath(view.id));
      say('The job is deleted.');
      view.go('#/jobs');
    },
  },
};
