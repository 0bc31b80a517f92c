// --- which charts there are, for the numbers that the runs have

const UNSHOWN = ['tokens', 'elapsed_seconds', 'eta_seconds'];
const line = (name, label) => ({name, label});
const BANDS = [
  {id: 'frequency', title: 'By how frequent the token is',
   note: 'The original token’s rank in the training text; the scale is the same along a row.',
   bands: [['rank_1_100', 'ranks 1–100'], ['rank_101_1000', '101–1,000'], ['rank_1001_10000', '1,001–10,000'], ['rank_over_10000', 'over 10,000']]},
  {id: 'position', title: 'By where the token stands',
   note: 'The four quarters of a row.',
   bands: [['quarter_1', 'first quarter'], ['quarter_2', 'second'], ['quarter_3', 'third'], ['quarter_4', 'last']]},
];
const BANDED = [
  ['mlm_accuracy', 'generator’s accuracy', '%'],
  ['sampled_accuracy', 'samples that are right', '%'],
  ['replaced_fraction', 'replaced', '%'],
  ['rtd_recall', 'recall', '%'],
  ['rtd_false_alarm_rate', 'false alarms', '%'],
  ['rtd_precision', 'precision', '%'],
  ['rtd_auc', 'AUC', ''],
  ['rtd_calibration_error', 'calibration error', ''],
  ['generator_entropy', 'entropy', 'nats'],
];
// What is told by the others: of a band, as of the whole.
const TOLD = /^(rtd_accuracy|rtd_majority_loss)\.(rank|quarter)_|^rtd_majority_loss$|^embedding_grad_cosine$/;
const NETWORKS = ['generator', 'discriminator', 'shared'];

const GROUPS = [
  {id: 'game', title: 'The game', charts: [
    {id: 'rtd_loss', title: 'RTD loss', unit: 'nats', lines: [
      line('rtd_loss', 'discriminator'), {...line('rtd_majority_loss', 'always the majority'), reference: true}]},
    {id: 'rtd_auc', title: 'Discriminator’s area under ROC', unit: '', lines: [line('rtd_auc', 'AUC')], rules: [{at: 0.5, label: 'chance'}]},
    {id: 'mlm_loss', title: 'MLM loss', unit: 'nats', lines: [line('mlm_loss', 'loss')]},
    {id: 'accuracy', title: 'Generator’s accuracy', unit: '%', lines: [
      line('mlm_accuracy', 'best guess'), line('sampled_accuracy', 'samples')]},
    {id: 'generator_entropy', title: 'Generator’s entropy', unit: 'nats', lines: [line('generator_entropy', 'entropy')]},
    {id: 'head_part', title: 'Part of each head in the samples', unit: '%', lines: [
      ...Array(12).keys()].map(head => line(`head_part.${head}`, head ? `head ${head}` : 'head 0, the lowest'))},
    {id: 'replaced_fraction', title: 'Tokens replaced', unit: '%', lines: [line('replaced_fraction', 'replaced')]},
    {id: 'precision', title: 'Discriminator’s verdicts', unit: '%', lines: [
      line('rtd_precision', 'precision'), line('rtd_recall', 'recall'), line('rtd_false_alarm_rate', 'false alarms')]},
    {id: 'rtd_accuracy', title: 'Discriminator’s accuracy', unit: '%', lines: [line('rtd_accuracy', 'accuracy')]},
    {id: 'rtd_calibration_error', title: 'Calibration error of P(replaced)', unit: '', lines: [line('rtd_calibration_error', 'error')]},
  ]},
  {id: 'both', title: 'All losses together', charts: [
    {id: 'loss', title: 'Weighted sum of losses', unit: 'nats', lines: [line('loss', 'loss')]},
    {id: 'shares', title: 'Share of each loss in the sum', unit: '%', lines: [line('mlm_share', 'MLM'), line('rtd_share', 'RTD')]},
  ]},
  ...BANDS.map(bandGroup),
  {id: 'gradients', title: 'Gradients and updates', charts: [
    {id: 'grad_norm', title: 'Norm of the gradient', unit: 'before clipping', lines: [line('grad_norm', 'all')]},
    {id: 'grad_norms', title: 'Norm of the gradient, by network', unit: 'before clipping', lines: NETWORKS.map(name => line(`grad_norm.${name}`, name))},
    {id: 'update_ratio', title: 'Size of a step', unit: 'of the weights', lines: NETWORKS.map(name => line(`update_ratio.${name}`, name))},
  ], strips: [['grad_norm', 'Norm of the gradient, by layer'], ['update_ratio', 'Size of a step beside the weights, by layer']]},
  {id: 'embeddings', title: 'The shared embeddings', note: 'What each network’s losses want of the tables that both share. Beyond 90° they pull against each other.', charts: [
    {id: 'embedding_grad_norm', title: 'Norm of each network’s gradient', unit: 'weighted losses', lines: [line('embedding_grad_norm.generator', 'generator'), line('embedding_grad_norm.discriminator', 'discriminator')]},
    {id: 'embedding_grad_angle', title: 'Angle between the two', unit: 'degrees', lines: [line('embedding_grad_angle', 'angle')], rules: [{at: 90, label: 'independent'}]},
    {id: 'adam_weight', title: 'Weight of each network’s losses after Adam', unit: '%', lines: [line('adam_weight.generator', 'generator'), line('adam_weight.discriminator', 'discriminator')]},
    {id: 'embedding_mean_cosine', title: 'Mean cosine between word vectors', unit: '', lines: [line('embedding_mean_cosine', 'cosine')]},
    {id: 'embedding_isotropy', title: 'Isotropy of the word vectors', unit: '', lines: [line('embedding_isotropy', 'isotropy')]},
  ]},
  {id: 'states', title: 'What the encoder keeps apart', note: 'Of the discriminator’s last states. A verdict needs one direction; whoever uses the encoder needs many.', charts: [
    {id: 'state_effective_rank', title: 'Directions in use', unit: 'effective rank', lines: [line('state_effective_rank', 'rank')]},
    {id: 'state_mean_cosine', title: 'Mean cosine between states', unit: '', lines: [line('state_mean_cosine', 'cosine')]},
  ]},
  {id: 'training', title: 'Training', charts: [
    {id: 'learning_rate', title: 'Learning rate', unit: '', exact: true, lines: [line('learning_rate', 'rate')]},
    {id: 'tokens_per_second', title: 'Speed', unit: 'tokens a second', lines: [line('tokens_per_second', 'speed')]},
    {id: 'rss_bytes', title: 'Resident memory', unit: 'bytes', exact: true, lines: [line('rss_bytes', 'memory')]},
  ]},
];

function bandGroup({id, title, note, bands}) {
  const charts = BANDED.flatMap(([name, words, unit]) => bands.map(([band, label], column) => ({
    id: `${name}-${band}`, title: `${words}, ${label}`, unit, small: true, column, lines: [line(`${name}.${band}`, label)],
    scaleWith: bands.map(([each]) => `${name}.${each}`),
  })));
  return {id, title, note, charts, small: true};
}

const namesOf = runs => new Set(runs.flatMap(run => Object.keys(run.series)).map(name => name.replace(/^heldout_/, '')));

// Rows of a strip: shared.embeddings, generator.layer.0 …, generator.head, discriminator.layer.0 …, discriminator.head.
function layersOf(names, prefix) {
  const order = ['shared', 'generator', 'discriminator'];
  return [...names].filter(name => name.startsWith(`${prefix}.`) && name.split('.').length > 2).map(name => {
    const parts = name.split('.').slice(1);
    const layer = parts[1] === 'layer' ? Number(parts[2]) : parts[1] === 'head' ? 1e6 : -1;
    return {name, label: parts.join(' '), rank: order.indexOf(parts[0]) * 1e7 + layer};
  }).sort((a, b) => a.rank - b.rank);
}

// What there is to draw: groups whose charts have a number, and one for the numbers that nothing here knows.
function groupsFor(runs) {
  const names = namesOf(runs);
  const used = new Set(UNSHOWN);
  const has = chart => chart.lines.filter(each => !each.reference && names.has(each.name)).length > 0;
  const groups = GROUPS.map(group => {
    const charts = group.charts.filter(has);
    charts.forEach(chart => chart.lines.forEach(each => used.add(each.name)));
    const strips = (group.strips ?? []).flatMap(([prefix, title]) => {
      const rows = layersOf(names, prefix);
      rows.forEach(row => used.add(row.name));
      return rows.length < 2 ? [] : runs.filter(run => rows.some(row => run.series[row.name])).map((run, i) => ({
        id: `${prefix}-layers-${i}`, run: run.name, rows, title: runs.length > 1 ? `${title}: ${run.name}` : title,
      }));
    });
    return {...group, charts, strips};
  });
  const others = [...names].filter(name => !used.has(name) && !TOLD.test(name));
  groups.push({id: 'others', title: 'Other numbers', strips: [], charts: others.map(name => ({
    id: `other-${name}`, title: name, unit: '', lines: [line(name, name)],
  }))});
  return groups.filter(group => group.charts.length + group.strips.length);
}

const plots = new Map();

// Draws what is there, and keeps what is drawn already where it is.
function updateCharts(runs) {
  view.to = Math.max(1, ...runs.map(run => run.step));
  const firsts = runs.flatMap(run => run.grids.map(grid => grid[0])).filter(step => step > 0);
  view.from = view.log ? Math.min(view.to / 2, ...firsts) : 0;
  const home = byId('curves');
  for (const group of groupsFor(runs)) {
    let section = home.querySelector(`[data-group="${group.id}"]`);
    if (!section) {
      section = element('div', 'group', element('h3', '', group.title));
      section.dataset.group = group.id;
      if (group.note) section.append(element('p', '', group.note));
      section.append(element('div', group.small ? 'grid small' : 'grid'));
      const after = [...home.children].find(other => orderOf(other.dataset.group) > orderOf(group.id));
      home.insertBefore(section, after ?? null);
    }
    if (group.small) section.lastChild.style.setProperty('--columns', Math.max(...group.charts.map(chart => chart.column)) + 1);
    for (const spec of [...group.charts, ...group.strips]) {
      let plot = plots.get(spec.id);
      if (!plot) {
        plot = spec.rows ? new Strip(spec) : new Chart(spec);
        plots.set(spec.id, plot);
        if (spec.small) plot.figure.style.setProperty('--column', spec.column + 1);
        section.lastChild.append(plot.figure);
      }
      plot.update(runs);
    }
  }
}

const orderOf = id => (id === 'others' ? GROUPS.length : GROUPS.findIndex(group => group.id === id));
