// Numbers, spans and times as people read them.

const whole = new Intl.NumberFormat('en-US');
const brief = new Intl.NumberFormat('en-US', { notation: 'compact', maximumSignificantDigits: 3 });

export const none = '–';
export const count = (value) => (value === null || value === undefined ? none : whole.format(value));
export const short = (value) => (Math.abs(value) < 10000 ? count(Math.round(value)) : brief.format(value));

export function rate(value) {
  if (value === null || value === undefined) return none;
  return value > 0 && value < 9.95 ? value.toFixed(1) : short(value);
}

/** - isBrief: the largest unit only. */
export function span(seconds, isBrief = false) {
  if (seconds === null || seconds === undefined) return none;
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 60) return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
  const [large, small, factor] = seconds < 3600 ? ['min', 's', 60] : seconds < 86400 ? ['h', 'min', 3600] : ['d', 'h', 86400];
  const rest = Math.floor((seconds % factor) / (factor === 86400 ? 3600 : factor / 60));
  return `${Math.floor(seconds / factor)} ${large}${rest && !isBrief ? ` ${rest} ${small}` : ''}`;
}

const pad = (value, length = 2) => String(value).padStart(length, '0');
const day = (date) => `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;

/** The local time of day, with the day if that is not today. */
export function time(seconds, fraction = false) {
  if (seconds === null || seconds === undefined) return none;
  const date = new Date(seconds * 1000);
  const clock = `${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}`;
  const text = fraction ? `${clock}.${pad(date.getMilliseconds(), 3)}` : clock;
  return day(date) === day(new Date()) ? text : `${day(date)} ${text}`;
}

export const iso = (seconds) => new Date(seconds * 1000).toISOString();

export const words = (text) => String(text).replaceAll('_', ' ');

const tones = {
  open: 'good', completed: 'good', in_progress: 'busy', queued: 'plain', scheduled: 'plain', running: 'good', paused: 'warn',
  full: 'warn', throttled: 'warn', probing: 'warn', drained: 'warn', retry: 'warn', released: 'plain', abandoned: 'warn',
  ill: 'bad', refused: 'bad', failed: 'bad', expired: 'bad', cancelled: 'plain',
};
export const tone = (word) => tones[word] ?? 'plain';
