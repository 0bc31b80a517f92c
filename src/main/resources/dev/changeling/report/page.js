// --- the page: title, health, tables; and, of a run that is going on, its news

const POLL = 5000; // milliseconds
const POLL_IN_VAIN = 15000;

let report = JSON.parse(byId('data').textContent);

const several = () => report.runs.length > 1;
const latest = (run, name) => last(run.series[name]?.mean ?? []);

function swatch(index) {
  const made = element('i', 'swatch');
  made.style.background = colour(index);
  return made;
}

function runHead(run, index, className, ...more) {
  const head = element('th', className);
  if (several()) head.append(swatch(index));
  head.append(run.name, ...more);
  head.scope = 'col';
  return head;
}

function rowHead(text, className = '') {
  const head = element('th', className, text);
  head.scope = 'row';
  return head;
}

function showTitle() {
  const names = report.runs.map(run => run.name);
  byId('title').textContent = names.length > 3 ? `${names.length} runs` : names.join(', ');
  document.title = `${names.join(', ')} – Changeling`;
  byId('lead').textContent = several() ? `${report.runs.length} runs, laid over one another` : lead(report.runs[0]);
}

function lead(run) {
  const parts = [run.planned_steps > run.step
    ? `Step ${whole(run.step)} of ${whole(run.planned_steps)}` : `${whole(run.step)} steps`];
  const tokens = latest(run, 'tokens');
  const seconds = latest(run, 'elapsed_seconds');
  if (tokens) parts.push(`${short(tokens)} tokens`);
  if (seconds) parts.push(duration(seconds));
  const size = name => `${name}\u00a0${run.settings[`model.${name}.layers`]}\u00a0×\u00a0${run.settings[`model.${name}.hidden_size`]}`;
  if (run.settings['model.generator.layers']) parts.push(...run.networks.map(size));
  return parts.join('  ·  ');
}

function showHealth() {
  byId('health').classList.toggle('several', several());
  byId('health').replaceChildren(...report.runs.map((run, i) => {
    const made = element('article', 'sheet run');
    made.dataset.state = run.state;
    if (several()) made.append(element('p', 'name', element('b', '', swatch(i), run.name), lead(run)));
    const decisive = run.findings.find(finding => finding.words === run.condition);
    const list = element('dl', 'checks');
    run.findings.filter(finding => finding !== decisive).forEach(finding =>
      list.append(element('dt', '', finding.words), element('dd', '', finding.numbers)));
    made.append(
      element('p', 'verdict', `${run.condition}${run.state === 'healthy' ? ' ✓' : ''}`),
      element('p', 'reason', decisive.numbers));
    if (list.children.length) made.append(list);
    return made;
  }));
}

function showScores() {
  if (!several()) {
    byId('scores-note').textContent = report.scores.length ? report.runs[0].scores_of : 'No scores yet';
    const networks = [...new Set(report.scores.map(row => row.network))];
    byId('scores').classList.add('parts');
    byId('scores').replaceChildren(...networks.map(network => element('table', '', element('caption', '', network),
      element('tbody', '', ...report.scores.filter(row => row.network === network).map(row =>
        element('tr', '', scoreHead(row), element('td', 'number', scoreText(row.values[0], row.unit))))))));
    return;
  }
  const head = element('tr', '', element('th', '', ''), element('th', '', ''),
    ...report.runs.map((run, i) => runHead(run, i, 'number', element('small', '', run.scores_of))));
  const bodies = [];
  let network = null;
  for (const row of report.scores) {
    const made = element('tr');
    if (row.network !== network) {
      network = row.network;
      const name = rowHead(network, 'network');
      name.rowSpan = report.scores.filter(other => other.network === network).length;
      made.append(name);
      bodies.push(element('tbody'));
    }
    made.append(scoreHead(row));
    const known = row.values.filter(value => value !== null);
    const best = {lower: Math.min(...known), higher: Math.max(...known)}[row.better];
    row.values.forEach(value => made.append(element('td',
      `number${several() && known.length > 1 && value !== null && value === best ? ' best' : ''}`, scoreText(value, row.unit))));
    last(bodies).append(made);
  }
  byId('scores').replaceChildren(element('table', '', element('thead', '', head), ...bodies));
}

const scoreHead = row => rowHead(row.label + (row.unit && row.unit !== '%' ? `, ${row.unit}` : ''));

const scoreText = (value, unit) => (value === null || unit === '%' ? withUnit(value, unit) : value.toFixed(Math.abs(value) < 1 ? 4 : 3));

function showProvenance() {
  const lines = (...texts) => texts.filter(Boolean).map(text => element('p', '', text));
  const facts = {
    'started': run => run.starts.map((start, i) => element('p', '', `${i ? 'resumed ' : ''}${start.started.replace('T', ' ').replace('Z', ' UTC')}`)),
    'command': run => [element('code', '', `changeling ${run.starts[0].command_line.join(' ')}`)],
    'seed': run => lines(String(run.starts[0].seed)),
    'program': run => distinct(run, start => `${start.version}, commit ${start.commit}`),
    'engine': run => distinct(run, start => Object.entries(start.versions).map(([name, version]) => `${name} ${version}`).join(', ')),
    'device': run => distinct(run, start => (start.device ? `${start.device}, ${start.threads} threads` : '')),
    'machine': run => distinct(run, start => `${start.cpu}, ${start.processors} processors, ${start.os}, JDK ${start.jdk}`),
    'data': run => Object.entries(run.starts[0].sizes).map(([name, size]) => element('p', '', `${name.replaceAll('_', ' ')} ${whole(size)}`)),
    'SHA-256': run => Object.entries(run.starts[0].inputs).map(([name, hash]) => element('p', '', `${name} `, element('code', '', hash))),
  };
  const distinct = (run, text) => lines(...new Set(run.starts.map(text)));
  const rows = Object.entries(facts).map(([name, values]) => element('tr', '', rowHead(name),
    ...report.runs.map(run => element('td', '', ...(run.starts.length ? values(run) : ['–'])))));
  const head = several() ? [element('thead', '', element('tr', '', element('th'), ...report.runs.map((run, i) => runHead(run, i, ''))))] : [];
  byId('provenance').replaceChildren(...head, element('tbody', '', ...rows));
}

function showSettings() {
  if (!several()) {
    const sections = new Map();
    for (const {key, values} of report.settings) {
      const cut = key.lastIndexOf('.');
      const name = cut < 0 ? '' : key.slice(0, cut).replaceAll('.', ' · ');
      if (!sections.has(name)) sections.set(name, element('div', '', element('h3', '', name)));
      sections.get(name).append(element('p', '', element('span', '', key.slice(cut + 1).replaceAll('_', ' ')), element('b', '', values[0])));
    }
    byId('settings').replaceChildren(element('div', 'keys', ...sections.values()));
    return;
  }
  byId('settings-name').textContent = 'Configuration: what differs';
  const head = element('tr', '', element('th'), ...report.runs.map((run, i) => runHead(run, i, '')));
  const rows = report.settings.map(({key, values}) => element('tr', '', rowHead(key), ...values.map(value => element('td', '', value))));
  if (!rows.length) rows.push(element('tr', '', element('td', '', 'nothing: all keys have the same values')));
  byId('settings').replaceChildren(element('table', '', element('thead', '', head), element('tbody', '', ...rows)));
}

function show() {
  showTitle();
  showHealth();
  showScores();
  updateCharts(report.runs);
  updateSamples(report.runs);
  showProvenance();
  showSettings();
  byId('curves-note').textContent = several()
    ? 'One colour for each run. Rings are held-out scores. Pointer or arrow keys read values off, in all charts at once.'
    : 'Lines are means of training batches, smoothed; the band behind them is what was smoothed away. Rings are held-out scores. Pointer or arrow keys read values off, in all charts at once.';
}

// --- controls

byId('smoothing').addEventListener('input', event => {
  view.smoothing = Number(event.target.value);
  byId('smoothing-value').textContent = view.smoothing ? view.smoothing.toFixed(2) : 'off';
  plots.forEach(plot => plot.draw());
});
byId('log-steps').addEventListener('change', event => {
  view.log = event.target.checked;
  updateCharts(report.runs);
});
let widthBefore = innerWidth;
addEventListener('resize', () => {
  if (innerWidth !== widthBefore) plots.forEach(plot => plot.draw());
  widthBefore = innerWidth;
});
addEventListener('scroll', hideBubble, {passive: true});

for (const [event, printing] of [['beforeprint', true], ['afterprint', false]]) {
  addEventListener(event, () => {
    view.printing = printing;
    plots.forEach(plot => plot.draw());
  });
}

// --- a run that is going on

function clock() {
  return new Date().toLocaleTimeString([], {hour: '2-digit', minute: '2-digit', second: '2-digit'});
}

let text = null; // of the last news
async function poll() {
  if (document.hidden) {
    setTimeout(poll, POLL);
    return;
  }
  let answered = false;
  try {
    const answer = await fetch('data.json');
    if (answer.ok) {
      const news = await answer.text();
      if (news !== text) {
        text = news;
        report = JSON.parse(news);
        show();
      }
      answered = true;
    }
  } catch (failure) {
    // Told below: whoever trained has ended.
  }
  say(answered);
  setTimeout(poll, answered ? POLL : POLL_IN_VAIN);
}

function say(answered) {
  const run = report.runs[0];
  const left = latest(run, 'eta_seconds');
  const status = byId('status');
  status.className = answered ? 'live' : 'gone';
  status.textContent = answered
    ? `live  ·  step ${whole(run.step)}${left ? `  ·  ${duration(left)} left` : ''}  ·  ${clock()}`
    : `no answer at ${clock()}: training has ended, or was stopped; this is the last that it said`;
}

show();
if (report.live) {
  say(true);
  setTimeout(poll, POLL);
}
