const WAIT_AFTER_TYPING = 250; // milliseconds
const MOST_GUESSES = 5;
const TOKEN = 'changeling-token';


const text = byId('text');
const companion = byId('companion');
const reading = byId('reading');
const error = byId('error');
const summary = byId('summary');
const tokenForm = byId('token-form');

let path = 'detect'; // what the server is asked for
let beside = null; // what may come with a text: its key, and whether it must
let said = null; // what it last said
let inFlight = null; // what aborts the request that is under way
let timer = 0;

// --- asking the server

function headers() {
  const token = sessionStorage.getItem(TOKEN);
  const fields = {'Content-Type': 'application/json'};
  return token ? {...fields, Authorization: `Bearer ${token}`} : fields;
}

// Returns what the server is asked, or null if something is missing yet.
function body() {
  const asked = {text: text.value};
  if (!asked.text.trim()) return null;
  if (beside && companion.value.trim()) asked[beside.key] = companion.value;
  else if (beside?.isRequired) return null;
  return asked;
}

async function ask() {
  clearTimeout(timer);
  inFlight?.abort();
  const asked = body();
  if (!asked) {
    inFlight = null;
    show(null);
    return;
  }
  const mine = new AbortController();
  inFlight = mine;
  reading.classList.add('stale');
  reading.setAttribute('aria-busy', 'true');
  try {
    const answer = await fetch(path, {
      method: 'POST', headers: headers(), body: JSON.stringify(asked), signal: mine.signal,
    });
    const content = await answer.json().catch(() => ({error: `the server answered ${answer.status}`}));
    if (mine.signal.aborted) return;
    if (answer.ok) {
      tokenForm.hidden = true;
      show(content.results[0], content.model);
    } else {
      fail(content.error, answer.status);
    }
  } catch (failure) {
    if (!mine.signal.aborted) fail('the server does not answer; it may have ended');
  }
}

function fail(message, status) {
  settle();
  if (status === 401) {
    const wrong = sessionStorage.getItem(TOKEN) !== null;
    tokenForm.hidden = false;
    if (!wrong) message = 'the server asks for a token';
  }
  error.textContent = message;
  error.hidden = false;
  said = null;
  render();
}

function show(result, model) {
  settle();
  error.hidden = true;
  said = result;
  if (model) nameModel(model);
  render();
}

function settle() {
  reading.classList.remove('stale');
  reading.removeAttribute('aria-busy');
}

function nameModel(name) {
  byId('model').textContent = name;
}

// --- showing what it said

const unit = () => document.querySelector('[name=unit]:checked').value;

function render() {
  hideBubble();
  reading.replaceChildren();
  summary.textContent = '';
  if (!said) return;
  if (path === 'predict') {
    renderPrediction();
    return;
  }
  const pieces = said[unit()];
  reading.classList.toggle('tokens', unit() === 'tokens');
  let at = 0;
  pieces.forEach((piece, i) => {
    reading.append(said.text.slice(at, piece.start), word(piece, i === 0));
    at = piece.end;
  });
  reading.append(said.text.slice(at));
  summarize(pieces);
}

function word(piece, isFirst) {
  const made = markedWord('word', piece.text, piece.replaced, describe(piece));
  if (isFirst) made.tabIndex = 0;
  made.dataset.percent = Math.round(piece.replaced * 100);
  made.piece = piece;
  return made;
}

function describe(piece) {
  const guesses = (piece.expected ?? []).slice(0, MOST_GUESSES)
    .map(guess => `${guess.text} ${percent(guess.probability)}`);
  return `${piece.text}, replaced ${percent(piece.replaced)}` + (guesses.length ? `; expected ${guesses.join(', ')}` : '');
}

function summarize(pieces) {
  const most = pieces.reduce((a, b) => (b.replaced > a.replaced ? b : a), pieces[0]);
  if (!most) return;
  summary.append('Most suspected: ', element('strong', '', most.text), `, ${percent(most.replaced)}`);
}

// Returns texts and their probabilities, the likeliest first, as a list; its bar is the longest.
function bars(shares) {
  return element('ol', '', ...shares.map(share => {
    const bar = element('i');
    bar.style.setProperty('--p', share.probability / shares[0].probability);
    return element('li', '', element('span', '', share.text), bar, element('span', '', percent(share.probability)));
  }));
}

// --- what a fine-tuned model says: an answer, tags, a number, or labels

function renderPrediction() {
  if (said.answer !== undefined) {
    const {text: whole, start, end} = said;
    if (said.answer) reading.append(whole.slice(0, start), element('mark', '', whole.slice(start, end)), whole.slice(end));
    else reading.append(whole);
    summary.append(...(said.answer ? ['The answer: ', element('strong', '', said.answer)] : ['No answer is found here']),
      `, score ${said.score.toFixed(2)}`);
  } else if (said.words) {
    said.words.forEach((word, i) => {
      reading.append(element('span', 'tagged', word, element('small', '', said.tags[i])), ' ');
    });
  } else if (said.probabilities) {
    // An object's keys come in another order where they are numbers.
    reading.append(bars(Object.entries(said.probabilities).map(([name, probability]) => ({text: name, probability}))
      .sort((a, b) => b.probability - a.probability)));
  } else {
    reading.append(said.value.toFixed(4));
  }
  if (said.labels) summary.append(`Labels that apply: ${said.labels.join(', ') || 'none'}`);
}

// --- what is told of a word

function tell(word) {
  const {piece} = word;
  const guesses = (piece.expected ?? []).slice(0, MOST_GUESSES);
  showBubble(word, element('p', 'name', piece.text),
    element('p', '', 'replaced with a probability of ', element('b', '', percent(piece.replaced))),
    ...(guesses.length ? [element('p', 'expects', 'The generator expected'), bars(guesses)] : []));
}

tellOf(reading, tell);
walkByArrows(reading);

// --- what a person does

for (const field of [text, companion]) {
  field.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT_AFTER_TYPING);
  });
}
byId('examples').addEventListener('click', event => {
  const example = event.target.closest('button');
  if (!example) return;
  text.value = example.textContent;
  ask();
});
document.querySelectorAll('[name=unit]').forEach(choice => choice.addEventListener('change', render));
byId('numbers').addEventListener('change', event => reading.classList.toggle('numbers', event.target.checked));
tokenForm.addEventListener('submit', event => {
  event.preventDefault();
  sessionStorage.setItem(TOKEN, byId('token').value.trim());
  ask();
});

// --- the beginning

fetch('health').then(answer => answer.json()).then(health => nameModel(health.model), () => {});

const example = document.querySelector('#examples button').textContent;
if (!text.value) text.value = example;

// Shows a field for what may come with a text: schema is of the body, with its own key beside "text".
function fitCompanion(schema) {
  const key = Object.keys(schema?.properties ?? {}).find(name => name !== 'text');
  if (!key) return;
  beside = {key, isRequired: schema.required.includes(key)};
  byId('companion-name').textContent = schema.properties[key].description.replace(/\.$/, '');
  byId('companion-field').hidden = false;
  if (beside.isRequired) byId('hint').textContent = 'Write a text, and a question about it. The model shows where the answer stands.';
}

// Makes the page one for what the server offers, if that is not to find words.
function fit(paths) {
  const offers = name => paths[`/${name}`]?.post.responses['200'];
  if (!paths['/detect'] || offers('detect')) return;
  document.querySelectorAll('.of-words').forEach(part => part.hidden = true);
  if (offers('predict')) {
    path = 'predict';
    if (text.value === example) text.value = '';
    byId('question').textContent = 'What does the model say?';
    byId('hint').textContent = 'Write something. The model says of it what it was fine-tuned to say.';
    fitCompanion(paths['/predict'].post.requestBody.content['application/json'].schema.oneOf?.[0]);
  } else {
    path = null;
    byId('sheet').hidden = true;
    const all = Object.keys(paths).filter(name => paths[name].post);
    const offered = all.filter(name => offers(name.slice(1)));
    byId('question').textContent = 'This model has nothing to show';
    byId('hint').textContent = [`What programs may ask it for: ${offered.join(', ') || 'nothing'}.`]
      .concat(all.filter(name => !offered.includes(name)).map(name => `${name}: ${paths[name].post.summary}.`)).join(' ');
  }
}

fetch('openapi.json').then(answer => answer.json()).then(description => fit(description.paths)).catch(() => {}).then(() => {
  if (path) ask();
});
