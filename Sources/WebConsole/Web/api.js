// Requests to the intake that served this page, with the key of this tab.

const base = new URL('.', document.baseURI);
const kept = 'sluice.key';

export const key = {
  get value() { return sessionStorage.getItem(kept); },
  set value(text) { if (text) sessionStorage.setItem(kept, text); else sessionStorage.removeItem(kept); },
};

/** What the server refused, or that it could not be reached (status 0). */
export class Refusal extends Error {
  constructor(status, code, message, wait) {
    super(message);
    Object.assign(this, { status, code, wait });
  }
}

async function refusal(response) {
  const error = (await response.json().catch(() => ({}))).error ?? {};
  const wait = Number(response.headers.get('retry-after-ms')) || null;
  return new Refusal(response.status, error.code, error.message ?? `The server answered ${response.status}.`, wait);
}

async function ask(method, path, signal) {
  const headers = key.value ? { authorization: `Bearer ${key.value}` } : {};
  let response;
  try {
    response = await fetch(new URL(path, base), { method, headers, signal, cache: 'no-store', credentials: 'same-origin' });
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new Refusal(0, 'unreachable', 'The server cannot be reached.');
  }
  if (!response.ok) throw await refusal(response);
  return response;
}

export const get = async (path, signal) => (await ask('GET', path, signal)).json();
export const text = async (path, signal) => (await ask('GET', path, signal)).text();
export const post = async (path) => (await ask('POST', path)).json();
export const remove = async (path) => (await ask('DELETE', path)).json();

export const jobPath = (id) => `v1/jobs/${encodeURIComponent(id)}`;

export function query(path, values) {
  const given = Object.entries(values).filter(([, value]) => value !== '' && value !== null && value !== undefined);
  return given.length ? `${path}?${new URLSearchParams(given)}` : path;
}

/** For what only makes a view richer: without the right to it there is none. */
export const orNull = (promise) => promise.catch((error) => {
  if (error.status === 403 || error.status === 404) return null;
  throw error;
});
