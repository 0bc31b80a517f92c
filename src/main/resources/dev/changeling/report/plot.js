// --- what charts and strips share

const HEIGHT = 210;
const SMALL_HEIGHT = 112;
// Widths on paper, where nothing can be measured before it is drawn.
const PRINTED = {small: 145, half: 310, whole: 660, height: 165};
const DASHES = ['', '6 4', '2 4', '9 3 2 3'];
const REFERENCE_DASH = '5 5';
const colour = index => `var(--c${index % 8})`;

// What all charts have in common.
const view = {smoothing: 0.7, log: false, hover: null, from: 0, to: 1, printing: false};

// Each value's mean with its neighbours on both sides, which weigh less the farther they are: unlike the usual moving
// average, it does not lag behind.
function smoothed(values, weight) {
  const pass = (from, to, by) => {
    const found = [];
    let sum = 0;
    let weights = 0;
    for (let i = from; i !== to; i += by) {
      sum = weight * sum + values[i];
      weights = weight * weights + 1;
      found[i] = [sum, weights];
    }
    return found;
  };
  const before = pass(0, values.length, 1);
  const after = pass(values.length - 1, -1, -1);
  return values.map((value, i) => (before[i][0] + after[i][0] - value) / (before[i][1] + after[i][1] - 1));
}

// The index of the last step that is not after another; 0 if there is none.
function indexAt(steps, step) {
  let low = 0;
  let high = steps.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (steps[middle] <= step) low = middle; else high = middle - 1;
  }
  return low;
}

function nearest(steps, step) {
  const before = indexAt(steps, step);
  return before + 1 < steps.length && steps[before + 1] - step < step - steps[before] ? before + 1 : before;
}

// All but the few outermost values, that one spike may not flatten a curve.
function inner(values) {
  const sorted = Float64Array.from(values).sort();
  const cut = Math.floor(sorted.length / 200);
  return [sorted[cut], sorted[sorted.length - 1 - cut]];
}

function curveOf(run, name) {
  const series = run.series[name];
  return series && series.mean.length ? {...series, steps: run.grids[series.grid]} : null;
}

// The part that charts and strips share: a figure, the scale of the steps, and the step that is looked at.
class Plot {
  constructor(spec) {
    this.spec = spec;
    this.left = spec.small ? 34 : 46;
    this.at = element('span', 'at');
    const title = element('h3', '', spec.title);
    if (spec.unit && !spec.small) title.append(element('small', '', `  ${spec.unit === '%' ? 'percent' : spec.unit}`));
    this.figure = element('figure', `sheet${spec.whole ? ' whole' : ''}`, element('figcaption', '', title, this.at));
    this.figure.dataset.chart = spec.id;
    this.legend = element('ul', 'lines');
    this.svg = shape('svg', {class: 'plot', tabindex: 0, role: 'img'});
    this.figure.append(this.legend, this.svg);
    this.svg.addEventListener('pointermove', event => this.point(event));
    this.svg.addEventListener('pointerleave', () => look(null));
    this.svg.addEventListener('keydown', event => this.key(event));
    this.svg.addEventListener('blur', () => look(null));
  }

  x(step) {
    const room = this.width - this.left - 8;
    const share = view.log
      ? Math.log(Math.max(step, view.from) / view.from) / Math.log(view.to / view.from)
      : (step - view.from) / (view.to - view.from);
    return this.left + room * share;
  }

  stepAt(x) {
    const share = Math.max(0, Math.min(1, (x - this.left) / (this.width - this.left - 8)));
    return view.log ? view.from * (view.to / view.from) ** share : view.from + share * (view.to - view.from);
  }

  point(event) {
    const box = this.svg.getBoundingClientRect();
    look(this.stepAt((event.clientX - box.left) * this.width / box.width), this, (event.clientY - box.top) * this.height / box.height);
  }

  key(event) {
    const steps = this.steps();
    if (!steps.length) return;
    const here = view.hover === null ? steps.length - 1 : nearest(steps, view.hover);
    const to = {
      ArrowRight: here + 1, ArrowLeft: here - 1, PageUp: here + 10, PageDown: here - 10, Home: 0, End: steps.length - 1,
    }[event.key];
    if (event.key === 'Escape') look(null, this);
    if (to === undefined) return;
    event.preventDefault();
    look(steps[Math.max(0, Math.min(to, steps.length - 1))], this);
    byId('readout').textContent = this.reading();
  }

  measure() {
    const {small, whole} = this.spec;
    this.width = view.printing
      ? (small ? PRINTED.small : whole ? PRINTED.whole : PRINTED.half)
      : Math.max(small ? 130 : 220, Math.round(this.svg.clientWidth || 500));
    this.svg.setAttribute('viewBox', `0 0 ${this.width} ${this.height}`);
  }

  stepAxis(bottom) {
    const group = shape('g');
    const about = Math.max(3, Math.floor((this.width - this.left) / (this.spec.small ? 60 : 90)));
    const room = this.width - (this.spec.small ? 12 : 58); // the word at its end needs some
    for (const step of view.log ? logTicks(view.from, view.to) : ticks(view.from, view.to, about)) {
      const x = this.x(step);
      if (x > room) continue;
      group.append(shape('text', {x, y: bottom + 15, 'text-anchor': 'middle'}, short(step)));
    }
    if (!this.spec.small) group.append(shape('text', {x: this.width - 8, y: bottom + 15, 'text-anchor': 'end'}, 'steps'));
    return group;
  }
}

// A little picture of a line, for the legend.
function sign(tone, ...content) {
  const made = shape('svg', {class: 'plot sign', width: 18, height: 8, 'aria-hidden': 'true'}, ...content);
  made.style.color = tone;
  return made;
}

const last = values => values[values.length - 1];

// Shows every chart's values at a step; null for the latest.
let frame = 0;
function look(step, plot = null, y = null) {
  view.hover = step;
  const show = () => {
    frame = 0;
    plots.forEach(each => each.look(view.hover, each === plot ? y : null));
  };
  if (plot && y === null) show(); // by key: the reading follows at once
  else if (!frame) frame = requestAnimationFrame(show);
}
