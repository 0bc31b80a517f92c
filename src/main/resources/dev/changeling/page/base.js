'use strict';

const UNREMARKABLE = 0.25; // below this probability, a word looks like any other

const byId = id => document.getElementById(id);
const percent = share => `${Math.round(share * 100)} %`;

function element(name, className, ...content) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...content);
  return made;
}

// --- marked words

// Gives an element its colour and the thickness of its line; no probability is none.
function mark(made, probability) {
  const heat = Math.max(0, ((probability ?? 0) - UNREMARKABLE) / (1 - UNREMARKABLE));
  made.classList.add('marked');
  made.style.setProperty('--heat', heat);
  made.style.setProperty('--line-width', heat ? 1 + Math.round(heat * 4) : 0);
}

// Returns a word that can be pointed at and focused. No <button>: a browser would break the line between such a box and
// the full stop after it.
function markedWord(className, text, probability, description) {
  const made = element('span', className, text);
  made.setAttribute('role', 'button');
  made.setAttribute('aria-label', description);
  made.tabIndex = -1;
  mark(made, probability);
  return made;
}

const markedAt = event => event.target.closest?.('.marked[role=button]');

// Makes marked words within an element one stop for Tab; the arrows go on from there.
function walkByArrows(home) {
  home.addEventListener('keydown', event => {
    const words = [...home.querySelectorAll('.marked[role=button]')];
    const here = words.indexOf(document.activeElement);
    const to = {
      ArrowRight: here + 1, ArrowDown: here + 1, ArrowLeft: here - 1, ArrowUp: here - 1, Home: 0, End: words.length - 1,
    }[event.key];
    if (here < 0 || to === undefined) return;
    event.preventDefault();
    const next = words[Math.max(0, Math.min(to, words.length - 1))];
    words[here].tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  });
}

document.querySelectorAll('.scale i').forEach((step, i, all) => mark(step, i / (all.length - 1)));

// --- the bubble

const GAP = 12; // pixels between a word and its bubble
const bubble = byId('bubble');

// Shows what there is to tell of a word, below it or, where there is no room, above.
function showBubble(word, ...content) {
  hideBubble();
  word.classList.add('shown');
  bubble.replaceChildren(...content);
  bubble.hidden = false;
  const box = word.getClientRects()[0];
  const {clientWidth, clientHeight} = document.documentElement;
  const left = box.left + box.width / 2 - bubble.offsetWidth / 2;
  const below = box.bottom + GAP;
  const fits = below + bubble.offsetHeight < clientHeight || box.top < bubble.offsetHeight + GAP;
  bubble.style.left = `${Math.max(16, Math.min(left, clientWidth - bubble.offsetWidth - 16)) + scrollX}px`;
  bubble.style.top = `${(fits ? below : box.top - bubble.offsetHeight - GAP) + scrollY}px`;
}

function hideBubble() {
  bubble.hidden = true;
  document.querySelectorAll('.marked.shown').forEach(shown => shown.classList.remove('shown'));
}

// Tells of the word under the pointer; when that leaves, of the word in focus, if there is one.
function tellOf(home, tell) {
  home.addEventListener('pointerover', event => markedAt(event) && tell(markedAt(event)));
  home.addEventListener('click', event => markedAt(event) && tell(markedAt(event)));
  home.addEventListener('focusin', event => markedAt(event) && tell(markedAt(event)));
  home.addEventListener('focusout', hideBubble);
  home.addEventListener('scroll', hideBubble);
  document.addEventListener('pointerover', event => {
    if (bubble.hidden || event.target.closest('.marked[role=button], #bubble')) return;
    const focused = document.activeElement?.closest('.marked[role=button]');
    if (focused && home.contains(focused)) tell(focused); else hideBubble();
  });
}

addEventListener('resize', hideBubble);
document.addEventListener('keydown', event => {
  if (event.key === 'Escape') hideBubble();
});
