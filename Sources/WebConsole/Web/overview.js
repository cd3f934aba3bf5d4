// Is anything wrong? What comes in, what goes out, what waits, and whether the pool takes it.

import { get, orNull, post, text } from './api.js';
import { badge, button, h, table } from './dom.js';
import { closedPool, poolColumns } from './endpoints.js';
import { count, none, rate, short, span } from './format.js';
import { due, note, perSecond, trend } from './rates.js';
import { say } from './talk.js';

const sum = (queues, ...states) =>
  queues.reduce((total, queue) => total + states.reduce((part, state) => part + queue.jobs[state], 0), 0);

function fact(name, value, unit, more) {
  return h('div', { class: 'fact' }, h('dt', {}, name), h('dd', {}, h('b', {}, value), unit ? ` ${unit}` : null, more));
}

const notice = (key, text) => text && h('p', { class: 'notice', 'data-key': key }, text);

/** What holds jobs back. */
function notices(queues, pool) {
  const paused = queues.filter((queue) => queue.is_paused).map((queue) => queue.name);
  const [subject, their] = paused.length > 1 ? [`Queues ${paused.join(', ')} are`, 'Their'] : [`Queue ${paused} is`, 'Its'];
  return [
    notice('pool', closedPool(pool)),
    notice('paused', paused.length > 0 && `${subject} paused. ${their} jobs are kept, and none is started.`),
  ];
}

const line = (name) => h('svg', { class: 'trend', viewBox: '0 0 100 20', preserveAspectRatio: 'none', 'aria-hidden': 'true' },
  h('polyline', { points: trend(name) }));

function facts(queues) {
  const oldest = Math.max(0, ...queues.map((queue) => queue.oldest_age_seconds));
  const [taken, calls, tokens] = ['taken', 'calls', 'tokens'].map((name) => perSecond(name));
  return h('dl', { class: 'facts' },
    fact('Jobs in, this intake', rate(taken), '/s', line('taken')),
    fact('Answers out', rate(calls), '/s', line('calls')),
    fact('Tokens', tokens === null ? none : short(tokens * 60), '/min', line('tokens')),
    fact('Waiting', count(sum(queues, 'queued', 'scheduled'))),
    fact('Oldest', oldest > 0 ? span(oldest, true) : none),
    fact('Running', count(sum(queues, 'in_progress'))),
    fact('Dead letters', count(sum(queues, 'failed'))));
}

const listed = (queue, status) => {
  const number = queue.jobs[status];
  if (!number) return '0';
  const path = status === 'failed' ? '#/dead?' : `#/jobs?status=${status}&`;
  return h('a', { href: `${path}queue=${encodeURIComponent(queue.name)}` }, count(number));
};

const queueColumns = [
  { name: 'Queue', head: true, at: (queue) => queue.name },
  { name: 'State', at: (queue) => (queue.is_paused ? badge('paused', 'warn') : badge('running', 'good')) },
  { name: 'Queued', number: true, at: (queue) => listed(queue, 'queued') },
  { name: 'Scheduled', number: true, at: (queue) => listed(queue, 'scheduled') },
  { name: 'In progress', number: true, at: (queue) => listed(queue, 'in_progress') },
  { name: 'Failed', number: true, at: (queue) => listed(queue, 'failed') },
  { name: 'Oldest', number: true, at: (queue) => (queue.oldest_age_seconds > 0 ? span(queue.oldest_age_seconds) : none) },
  {
    name: 'Action', silent: true, at: (queue) => {
      const verb = queue.is_paused ? 'resume' : 'pause';
      return button('steer', queue.is_paused ? 'Resume' : 'Pause',
        { 'data-queue': queue.name, 'data-verb': verb, 'aria-label': `${queue.is_paused ? 'Resume' : 'Pause'} ${queue.name}` });
    },
  },
];

export const overview = {
  title: () => 'Overview',
  every: () => 2000,

  async load(view, signal) {
    const looks = due();
    const [queues, endpoints, metrics, usage] = await Promise.all([
      get('v1/queues', signal), orNull(get('v1/endpoints', signal)),
      looks ? text('metrics', signal) : null, looks ? orNull(get('v1/usage?hours=2', signal)) : null,
    ]);
    if (metrics && usage) note(metrics, usage);
    return { queues: queues.data, endpoints: endpoints?.data ?? [] };
  },

  show: (view, { queues, endpoints }) => [
    notices(queues, endpoints),
    facts(queues),
    h('h2', {}, 'Queues'),
    table('Queues', queueColumns, queues, (queue) => queue.name, 'There are no queues in worker.json.'),
    h('h2', {}, 'Pool'),
    table('Endpoints of the pool', poolColumns, endpoints, (endpoint) => endpoint.name, 'No endpoint is known here.'),
    h('p', { class: 'note' }, 'Jobs in: what this intake accepted; others are not counted. All else is of the whole fleet. Rates are over the last 15 s.'),
  ],

  actions: {
    async steer(view, { queue, verb }) {
      await post(`v1/queues/${encodeURIComponent(queue)}/${verb}`);
      say(verb === 'pause' ? `Queue ${queue} is paused. Its jobs are kept.` : `Queue ${queue} runs again.`);
    },
  },
};
