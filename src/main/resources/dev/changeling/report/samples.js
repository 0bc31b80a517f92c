// --- what the generator wrote through time, and what the discriminator said

const SPECIAL = /^\[[A-Z]+\]$/;

const stepSlider = byId('sample-step');
const home = byId('samples');
let sampleSteps = [];

function updateSamples(runs) {
  const before = sampleSteps;
  const following = before.length === 0 || Number(stepSlider.value) >= before.length - 1;
  const shown = before[Number(stepSlider.value)];
  sampleSteps = [...new Set(runs.flatMap(run => run.samples.map(sample => sample.step)))].sort((a, b) => a - b);
  byId('samples-section').hidden = sampleSteps.length === 0;
  if (!sampleSteps.length) return;
  const reading = home.contains(document.activeElement) || !bubble.hidden;
  stepSlider.max = sampleSteps.length - 1;
  const keep = following && !reading ? sampleSteps.length - 1 : Math.max(0, sampleSteps.indexOf(shown));
  stepSlider.value = keep;
  if (sampleSteps[keep] !== shown) showSamples();
}

function showSamples() {
  const step = sampleSteps[Number(stepSlider.value)];
  byId('sample-step-value').textContent = whole(step);
  stepSlider.setAttribute('aria-valuetext', `step ${whole(step)}`);
  hideBubble();
  home.replaceChildren(...report.runs.filter(run => run.samples.length).map(run => {
    const sample = run.samples.filter(each => each.step <= step).pop() ?? run.samples[0];
    return card(run, sample);
  }));
  const first = home.querySelector('.token');
  if (first) first.tabIndex = 0;
}

function card(run, sample) {
  const counts = {masked: 0, replaced: 0, found: 0, alarms: 0};
  const sequences = sample.sequences.map(row => {
    const line = element('div', 'sequence');
    row.tokens.forEach((token, i) => {
      const piece = {token, original: row.originals[i], probability: row.probabilities[i]};
      const replaced = piece.original !== null && piece.original !== token;
      counts.masked += piece.original !== null;
      counts.replaced += replaced;
      counts.found += replaced && piece.probability > 0.5;
      counts.alarms += !replaced && piece.probability > 0.5;
      // A piece of a word stands next to the one before.
      const isPiece = token.startsWith('##') && token.length > 2;
      if (i && (!isPiece || line.lastChild.className === 'was')) line.append(' ');
      const made = tokenOf(piece, replaced);
      made.classList.toggle('piece', isPiece && line.lastChild?.classList?.contains('token') === true);
      line.append(made);
      if (replaced) line.append(element('span', 'was', ` ← ${piece.original}`));
    });
    return line;
  });
  const summary = element('p');
  if (report.runs.length > 1) {
    const swatch = element('i', 'swatch');
    swatch.style.background = colour(report.runs.indexOf(run));
    summary.append(swatch, element('b', '', run.name), ': ');
  }
  summary.append('at step ', element('b', '', whole(sample.step)), `, of ${counts.masked} masked tokens `,
    element('b', '', `${counts.replaced} were replaced`), ', the discriminator found ', element('b', '', `${counts.found}`),
    ` of them and raised `, element('b', '', `${counts.alarms} false alarm${counts.alarms === 1 ? '' : 's'}`));
  return element('article', 'sheet sample', summary, ...sequences);
}

function tokenOf(piece, replaced) {
  const kind = replaced ? ' replaced' : piece.original !== null ? ' guessed' : SPECIAL.test(piece.token) ? ' special' : '';
  const made = markedWord(`token${kind}`, piece.token.replace(/^##(?=.)/, ''), piece.probability,
    `${piece.token}, ${verdict(piece)}${fate(piece) ? `; ${fate(piece)}` : ''}`);
  made.piece = piece;
  return made;
}

const verdict = piece => (piece.probability === null ? 'no probability' : `replaced ${percent(piece.probability)}`);

function fate(piece) {
  if (piece.original === null) return '';
  return piece.original === piece.token ? 'was masked, and guessed right' : `was ${piece.original}`;
}

function tell(token) {
  const {piece} = token;
  showBubble(token, element('p', 'name', piece.token),
    element('p', '', 'P(replaced) ', element('b', '', piece.probability === null ? '–' : percent(piece.probability))),
    ...(piece.original === null ? [] : [element('p', '', fate(piece))]));
}

tellOf(home, tell);
walkByArrows(home);
stepSlider.addEventListener('input', showSamples);
byId('originals').addEventListener('change', event => home.classList.toggle('no-originals', !event.target.checked));
