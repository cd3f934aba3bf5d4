// Finds the view that the address names, keeps it up to date, and passes on what is done in it.

import { key } from './api.js';
import { dead } from './dead.js';
import { button, h, show } from './dom.js';
import { endpoints } from './endpoints.js';
import { span, time } from './format.js';
import { job } from './job.js';
import { jobs } from './jobs.js';
import { overview } from './overview.js';
import { Poll } from './poll.js';
import { forget } from './rates.js';
import { say } from './talk.js';

const main = document.getElementById('main');
const state = document.getElementById('link');
const leave = document.getElementById('leave');
const views = { '': overview, jobs, dead, endpoints };
const busy = new Set();
let view = null;

function find() {
  const [path, search] = location.hash.replace(/^#\/?/, '').split('?');
  const [name, id] = path.split('/');
  const definition = name === 'jobs' && id ? job : views[name] ?? overview;
  return { definition, name: views[name] ? name : '', id: id && decodeURIComponent(id), params: new URLSearchParams(search) };
}

function open() {
  if (location.hash && !location.hash.startsWith('#/')) return;
  const isFirst = view === null;
  if (view) view.gone = true;
  view?.poll.stop();
  const opened = { ...find(), state: {}, data: null, problem: null, go: (hash) => { location.hash = hash; } };
  opened.draw = () => { if (opened === view) draw(); };
  opened.poll = new Poll({
    every: opened.definition.every, load: (signal) => opened.definition.load(opened, signal),
    done: (data) => settle(opened, data, null), failed: (problem, wait) => settle(opened, opened.data, problem, wait),
  });
  view = opened;
  for (const link of document.querySelectorAll('nav a')) {
    const isHere = link.hash === `#/${view.name}`;
    if (isHere) link.setAttribute('aria-current', 'page'); else link.removeAttribute('aria-current');
  }
  draw();
  if (!isFirst) main.querySelector('h1').focus();
  scrollTo(0, 0);
  view.poll.now();
}

function settle(which, data, problem, wait) {
  if (which !== view) return;
  Object.assign(view, { data, problem });
  state.className = problem ? 'link bad' : 'link';
  state.textContent = problem
    ? (wait ? `Not up to date, next try in ${span(Math.ceil(wait / 1000))}` : 'Stopped') : `Up to date ${time(Date.now() / 1000)}`;
  draw();
}

function draw() {
  leave.hidden = !key.value;
  const title = view.definition.title(view);
  document.title = `${title} – Sluice`;
  const place = document.activeElement?.closest?.('tr')?.rowIndex;
  const hadFocus = main.contains(document.activeElement) && document.activeElement !== main;
  show(main, [h('h1', { tabindex: '-1' }, title), content()]);
  if (hadFocus && !main.contains(document.activeElement)) refocus(place);
}

/** What had the focus is gone: the row that took its place has it now, or the heading. */
function refocus(place) {
  const rows = main.querySelectorAll('tbody tr');
  const row = place && rows[Math.min(place, rows.length) - 1];
  (row?.querySelector('button, a, input') ?? main.querySelector('h1')).focus();
}

function content() {
  const { data, problem, definition } = view;
  if (problem?.status === 401) return signIn(problem);
  if (problem && (!data || problem.status === 404)) return trouble(problem);
  if (!data) return h('p', { class: 'empty', 'aria-busy': 'true' }, 'Loading…');
  return [problem ? h('p', { class: 'warning' }, `${problem.message} What is shown may be old.`) : null, definition.show(view, data)];
}

function trouble(problem) {
  const help = problem.status === 403 ? 'Use a key with the scope admin.' : problem.status === 404 ? 'It may have been deleted, or its time to be kept is over.' : '';
  return h('div', { class: 'trouble' }, h('p', {}, problem.message, ' ', help),
    h('p', { class: 'buttons' }, button('again', 'Try again'), problem.status === 403 ? button('leave', 'Use another key') : null));
}

function signIn(problem) {
  const isRefused = problem.code !== 'missing_api_key';
  return h('form', { class: 'key', 'data-act': 'enter' },
    h('p', { id: 'key-help', class: isRefused ? 'warning' : null }, isRefused ? problem.message : 'This server asks for a key. It is kept in this tab only, until it is closed.'),
    h('label', {}, 'Key with the scope admin', h('input', {
      name: 'key', type: 'password', required: true, autocomplete: 'off', spellcheck: 'false', 'aria-describedby': 'key-help', 'aria-invalid': isRefused ? 'true' : null,
    })), h('button', { class: 'strong' }, 'Use key'));
}

const common = {
  again() {},
  enter(_, __, form) { key.value = form.elements.key.value.trim(); form.reset(); },
  leave() { key.value = null; forget(); view.data = null; },
};

/** - element: says in `data-act` what is to be done. Not twice at once. */
async function act(element, name, form) {
  const action = view.definition.actions[name] ?? common[name];
  const id = name + JSON.stringify(element.dataset);
  if (!action || busy.has(id) || element.getAttribute('aria-disabled') === 'true') return;
  const acted = view;
  busy.add(id);
  try { await action(view, element.dataset, form); } catch (error) {
    if (!('status' in error)) throw error;
    say(error.message, true);
  } finally { busy.delete(id); }
  if (acted === view) { draw(); view.poll.now(); }
}

document.addEventListener('click', (event) => {
  const element = event.target.closest('button[data-act]');
  if (element) act(element, element.dataset.act, element.form);
});
document.addEventListener('submit', (event) => {
  event.preventDefault();
  if (event.target.dataset.act) act(event.target, event.target.dataset.act, event.target);
});
document.addEventListener('change', (event) => {
  const { change } = event.target.dataset;
  if (change) act(event.target, change, event.target.form);
});
addEventListener('hashchange', open);
open();
