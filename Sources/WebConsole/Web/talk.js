// What is said to people: short reports, which screen readers speak, and questions before what cannot be undone.

const said = document.getElementById('said');
const dialog = document.getElementById('ask');
let silence = null;

/** - isBad: stays until the next report. */
export function say(text, isBad = false) {
  clearTimeout(silence);
  said.textContent = text;
  said.className = isBad ? 'bad' : '';
  if (!isBad && text) silence = setTimeout(() => { said.textContent = ''; }, 6000);
}

/** Resolves to whether the answer was yes. The focus goes back to where it was. */
export function confirmed(title, text, yes) {
  const [title_, text_, yes_] = ['#ask-title', '#ask-text', 'button.strong'].map((name) => dialog.querySelector(name));
  [title_.textContent, text_.textContent, yes_.textContent] = [title, text, yes];
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.onclick = ({ target }) => {
      if (!target.value) return;
      dialog.close();
      resolve(target.value === 'yes');
    };
    // By the Escape key. `close` comes later, when something else may have been asked already.
    dialog.oncancel = () => resolve(false);
  });
}
