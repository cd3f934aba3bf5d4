// How the fleet stands with each endpoint, and taking one out of the pool by hand.

import { get, orNull, post } from './api.js';
import { badge, button, h, table } from './dom.js';
import { count, none, span, time, tone, words } from './format.js';
import { confirmed, say } from './talk.js';

const gateNames = { throttle: 'throttled', health: 'ill', credentials: 'refused' };

/** What is closed, why and for how long. */
function gates(endpoint) {
  const closed = Object.entries(endpoint.gates).filter(([, gate]) => gate).map(([name, gate]) => {
    const wait = gate.closed_for_seconds > 0 ? span(gate.closed_for_seconds) : 'waits for a probe';
    const why = [gate.reason && words(gate.reason), gate.round > 1 && `round ${gate.round}`].filter(Boolean).join(', ');
    return `${gateNames[name]} ${wait}${why ? ` (${why})` : ''}`;
  });
  if (endpoint.drained_at) closed.unshift(`by hand, since ${time(endpoint.drained_at)}`);
  return closed.length ? closed.join('; ') : none;
}

/** What is to be said when nothing can be called, as the API says it to whoever waits (`pool_closed`); null while one is open. */
export function closedPool(pool) {
  const closed = pool.map((endpoint) => ({ isDrained: Boolean(endpoint.drained_at), gates: Object.values(endpoint.gates).filter(Boolean) }));
  if (!closed.length || closed.some(({ isDrained, gates }) => !isDrained && !gates.length)) return null;
  const waits = closed.filter(({ isDrained }) => !isDrained)
    .map(({ gates }) => Math.max(...gates.map((gate) => gate.closed_for_seconds)));
  const first = Math.min(...waits);
  const next = !waits.length ? 'All were drained by hand, and stay so until one is put back.'
    : `The first of them is tried again ${first > 0 ? `in ${span(first)}` : 'with the next job'}.`;
  return `Every endpoint is closed at the moment. Jobs wait, nothing is lost. ${next}`;
}

/** How full the fleet's bucket of tokens is. */
function use(endpoint) {
  const room = endpoint.capacity;
  if (!room || room.burst_tokens === 0) return none;
  const part = Math.min(1, Math.max(0, 1 - room.room_tokens / room.burst_tokens));
  return [
    h('meter', { min: 0, max: 1, high: 0.95, value: part.toFixed(3), 'aria-label': `Utilisation of ${endpoint.name}` }),
    h('span', { class: 'percent' }, `${Math.round(part * 100)} %`),
  ];
}

const room = (name) => (endpoint) => (endpoint.capacity ? count(endpoint.capacity[name]) : none);

export const poolColumns = [
  { name: 'Endpoint', head: true, at: (endpoint) => endpoint.name },
  { name: 'Status', at: (endpoint) => badge(endpoint.status, tone(endpoint.status)) },
  { name: 'Gates', at: gates },
  { name: 'Utilisation', number: true, at: use },
  { name: 'Room, tokens', number: true, at: room('room_tokens') },
  { name: 'In flight', number: true, at: (endpoint) => count(endpoint.inflight) },
];

const detailColumns = [
  ...poolColumns,
  { name: 'Tokens/min', number: true, at: room('tokens_per_minute') },
  { name: 'Workers', number: true, at: room('workers') },
  { name: 'Region', at: (endpoint) => endpoint.region || none },
  { name: 'Tier', at: (endpoint) => (endpoint.ptu ? `${endpoint.tier} ${count(endpoint.ptu)}` : endpoint.tier) },
  { name: 'Model', at: (endpoint) => endpoint.model ?? endpoint.deployment ?? none },
  { name: 'Priority', number: true, at: (endpoint) => count(endpoint.priority) },
  {
    name: 'Action', silent: true, at: (endpoint) => {
      const [verb, word] = endpoint.drained_at ? ['undrain', 'Undrain'] : ['drain', 'Drain'];
      return button('steer', word, { 'data-name': endpoint.name, 'data-verb': verb, 'aria-label': `${word} ${endpoint.name}` });
    },
  },
];

const usageColumns = [
  { name: 'Endpoint', head: true, at: (use) => use.endpoint },
  { name: 'Model', at: (use) => use.model ?? none },
  { name: 'Queue', at: (use) => use.queue },
  { name: 'Calls', number: true, at: (use) => count(use.calls) },
  { name: 'Prompt', number: true, at: (use) => count(use.prompt_tokens) },
  { name: 'Cached', number: true, at: (use) => count(use.cached_tokens) },
  { name: 'Completion', number: true, at: (use) => count(use.completion_tokens) },
  { name: 'Total tokens', number: true, at: (use) => count(use.total_tokens) },
];

/** What happens to the jobs that it would have taken. */
function consequence(pool, name) {
  const model = pool.find((endpoint) => endpoint.name === name)?.model;
  const others = pool.filter((one) => one.name !== name && one.model === model && !one.drained_at).map((one) => one.name);
  const jobs = others.length ? `Its jobs go to ${others.join(', ')}, as their queues allow, or wait.` : 'No other serves its model: its jobs wait.';
  return `No worker calls it until it is put back. Calls under way end as they began. ${jobs}`;
}

export const endpoints = {
  title: () => 'Endpoints',
  every: () => 2000,

  async load(view, signal) {
    const [pool, usage] = await Promise.all([get('v1/endpoints', signal), orNull(get('v1/usage?hours=24', signal))]);
    return { pool: pool.data, usage: usage?.data ?? [] };
  },

  show: (view, { pool, usage }) => [
    table('Endpoints', detailColumns, pool, (endpoint) => endpoint.name, 'No endpoint is known here.'),
    h('h2', {}, 'Tokens of the last 24 hours'),
    table('Tokens of the last 24 hours', usageColumns, usage, (use) => `${use.endpoint}|${use.model}|${use.queue}`,
      'No call has ended yet.'),
  ],

  actions: {
    async steer(view, { name, verb }) {
      if (verb === 'drain' && !await confirmed(`Drain ${name}?`, consequence(view.data.pool, name), 'Drain')) return;
      await post(`v1/endpoints/${encodeURIComponent(name)}/${verb}`);
      say(verb === 'drain' ? `${name} is drained. Calls under way end as they began.` : `${name} is in the pool again.`);
    },
  },
};
