// Views say what is to be seen; `morph` changes only what differs, so that focus, selection and what was typed stay.

const shapes = new Set(['svg', 'polyline']);

/** An element. Attributes that are null or false are left out; children may be nested lists, text, null. */
export function h(name, attributes = {}, ...children) {
  const element = shapes.has(name)
    ? document.createElementNS('http://www.w3.org/2000/svg', name) : document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) element.setAttribute(key, value === true ? '' : value);
  }
  element.append(...children.flat(9).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** Makes the children of `place` those of the list. */
export function show(place, nodes) {
  const next = place.cloneNode(false);
  next.append(...[nodes].flat(9).filter((node) => node !== null && node !== undefined && node !== false));
  morphChildren(place, next);
}

const keyOf = (node) => node.dataset?.key;
const isAlike = (one, other) => one.nodeName === other.nodeName && keyOf(one) === keyOf(other);

function morph(old, next) {
  if (old.nodeType === Node.TEXT_NODE) {
    if (old.data !== next.data) old.data = next.data;
    return;
  }
  for (const { name } of [...old.attributes]) if (!next.hasAttribute(name) && name !== 'open') old.removeAttribute(name);
  for (const { name, value } of next.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  // Once somebody has used a box, its attribute says nothing any more.
  if (old.type === 'checkbox') old.checked = next.hasAttribute('checked');
  morphChildren(old, next);
}

function morphChildren(old, next) {
  const wanted = new Set([...next.children].map(keyOf));
  for (const node of [...old.children]) if (keyOf(node) && !wanted.has(keyOf(node))) node.remove();
  const keyed = new Map([...old.children].filter(keyOf).map((node) => [keyOf(node), node]));
  let place = old.firstChild;
  for (const child of [...next.childNodes]) {
    const known = keyOf(child) ? keyed.get(keyOf(child)) : place;
    if (known && isAlike(known, child)) {
      if (known !== place) old.insertBefore(known, place);
      morph(known, child);
      place = known.nextSibling;
    } else {
      old.insertBefore(child, place);
    }
  }
  while (place) {
    const after = place.nextSibling;
    place.remove();
    place = after;
  }
}

/**
 * A table that is one at any width: narrow screens show each row as a card, and roles keep what it is.
 * Columns: {name, at: (row) => content, number, head, silent, top}; `head` marks the column that names its row, the name of
 * a `silent` one is not seen, `top` stands at its head instead of the name.
 */
export function table(caption, columns, rows, key, empty) {
  if (rows.length === 0) return h('p', { class: 'empty' }, empty);
  const label = (column) => column.top ?? (column.silent ? h('span', { class: 'unseen' }, column.name) : column.name);
  const cell = (column, row) => h(column.head ? 'th' : 'td', {
    role: column.head ? 'rowheader' : 'cell', scope: column.head ? 'row' : null,
    class: column.number ? 'n' : column.wide ? 'wide' : null, 'data-name': column.silent ? null : column.name,
  }, column.at(row));
  return h('table', { role: 'table' },
    h('caption', { class: 'unseen' }, caption),
    h('thead', { role: 'rowgroup' }, h('tr', { role: 'row' }, columns.map((column) =>
      h('th', { role: 'columnheader', scope: 'col', class: column.number ? 'n' : null }, label(column))))),
    h('tbody', { role: 'rowgroup' }, rows.map((row) =>
      h('tr', { role: 'row', 'data-key': key(row) }, columns.map((column) => cell(column, row))))));
}

export const button = (act, text, more = {}) => h('button', { type: 'button', 'data-act': act, ...more }, text);

/** A word with a colour that only repeats it. */
export const badge = (word, tone) => h('span', { class: `badge ${tone}` }, word);

export const select = (name, label, options, value, more = {}) => h('label', { 'data-key': name }, label, h('select', { name, ...more },
  options.map(([id, text]) => h('option', { value: id, selected: id === value, 'data-key': `=${id}` }, text))));
