// --- one chart: curves of one or several runs over their steps

class Chart extends Plot {
  constructor(spec) {
    super(spec);
  }

  update(runs) {
    this.runs = runs;
    this.curves = [];
    runs.forEach((run, r) => this.spec.lines.forEach((line, l) => {
      const training = curveOf(run, line.name);
      const held = line.reference ? null : curveOf(run, `heldout_${line.name}`);
      if (!training && !held) return;
      const names = [runs.length > 1 ? run.name : '', this.spec.lines.length > 1 || line.reference ? line.label : '']
        .filter(Boolean);
      this.curves.push({
        run, training, held,
        line: l,
        reference: line.reference,
        label: names.join(' · ') || 'training',
        colour: runs.length > 1 ? colour(r) : line.reference ? 'var(--dim)' : colour(l),
        dash: line.reference ? REFERENCE_DASH : runs.length > 1 ? DASHES[l % DASHES.length] : '',
      });
    }));
    this.svg.setAttribute('aria-label', `${this.spec.title}: ${this.curves.map(curve =>
      `${curve.label} ${withUnit(last((curve.training ?? curve.held).mean), this.spec.unit)}`).join(', ')}`);
    this.draw();
  }

  steps() {
    return (this.curves[0]?.training ?? this.curves[0]?.held)?.steps ?? [];
  }

  // The values that must fit: of a row of small charts, those of all.
  domain() {
    let low = Infinity;
    let high = -Infinity;
    const take = values => {
      if (!values?.length) return;
      const [from, to] = inner(values);
      low = Math.min(low, from);
      high = Math.max(high, to);
    };
    const names = this.spec.scaleWith ?? this.spec.lines.map(line => line.name);
    for (const run of this.runs) {
      for (const name of names) {
        take(run.series[name]?.mean);
        take(run.series[`heldout_${name}`]?.mean);
      }
    }
    for (const rule of this.spec.rules ?? []) take([rule.at]);
    if (low > high) return [0, 1];
    const room = (high - low || Math.abs(high) || 1) * 0.06;
    const floor = low >= 0 && low - room < 0 ? 0 : low - room;
    return [floor, high + room];
  }

  draw() {
    this.height = this.spec.small ? SMALL_HEIGHT : view.printing ? PRINTED.height : HEIGHT;
    this.bottom = this.height - 22;
    this.measure();
    const [low, high] = this.domain();
    const top = 8;
    this.y = value => this.bottom - (value - low) / (high - low) * (this.bottom - top);
    const clip = `clip-${this.spec.id}`;
    const area = shape('clipPath', {id: clip}, shape('rect', {
      x: this.left - 2, y: top - 4, width: this.width - this.left - 2, height: this.bottom - top + 6,
    }));
    const axis = shape('g');
    const values = ticks(low, high, this.spec.small ? 3 : 5);
    for (const value of values) {
      const y = this.y(value);
      axis.append(
        shape('line', {class: 'axis', x1: this.left, x2: this.width - 8, y1: y, y2: y}),
        shape('text', {x: this.left - 7, y: y + 4, 'text-anchor': 'end'}, tickText(value, values[1] - values[0] || value, this.spec.unit)));
    }
    axis.append(shape('line', {class: 'base', x1: this.left, x2: this.width - 8, y1: this.bottom, y2: this.bottom}));
    const drawing = shape('g', {'clip-path': `url(#${clip})`});
    for (const rule of this.spec.rules ?? []) {
      const y = this.y(rule.at);
      drawing.append(shape('line', {class: 'rule', x1: this.left, x2: this.width - 8, y1: y, y2: y}));
    }
    for (const curve of this.curves) this.drawCurve(curve, drawing);
    this.cursor = shape('g');
    this.svg.replaceChildren(area, axis, this.stepAxis(this.bottom), drawing, this.cursor);
    this.look(view.hover);
  }

  drawCurve(curve, drawing) {
    const group = shape('g', {class: 'curve'});
    group.style.color = curve.colour;
    const path = (steps, line) => line.map((value, i) => `${i ? 'L' : 'M'}${this.x(steps[i]).toFixed(1)} ${this.y(value).toFixed(1)}`).join('');
    if (curve.training) {
      const {steps, mean, min, max} = curve.training;
      // Of few values, a wide mean would leave nothing.
      const weight = this.spec.exact ? 0 : Math.max(0, Math.min(view.smoothing, 1 - 20 / mean.length));
      curve.shown = smoothed(mean, weight);
      if (weight > 0 && !curve.reference) {
        if (min) {
          const back = steps.map((step, i) => `L${this.x(step).toFixed(1)} ${this.y(min[i]).toFixed(1)}`).reverse().join('');
          group.append(shape('path', {class: 'band', d: `${path(steps, max)}${back}Z`}));
        }
        group.append(shape('path', {class: 'raw', d: path(steps, mean)}));
      }
      group.append(shape('path', {class: 'line', d: path(steps, curve.shown), 'stroke-dasharray': curve.dash}));
      if (steps.length === 1) group.append(shape('circle', {class: 'dot', cx: this.x(steps[0]), cy: this.y(mean[0]), r: 3}));
    }
    if (curve.held) {
      const {steps, mean} = curve.held;
      group.append(shape('path', {class: 'held', d: path(steps, mean)}));
      steps.forEach((step, i) => group.append(shape('circle', {class: 'held', cx: this.x(step), cy: this.y(mean[i]), r: this.spec.small || steps.length > 40 ? 2 : 3.25})));
    }
    drawing.append(group);
  }

  look(step) {
    this.cursor.replaceChildren();
    const own = this.steps();
    if (step === null || !own.length) {
      this.at.textContent = '';
      this.values = this.curves.map(curve => [last(curve.shown ?? []), last(curve.held?.mean ?? [])]);
    } else {
      const at = own[nearest(own, step)];
      this.at.textContent = `step ${whole(at)}`;
      const x = this.x(at);
      this.cursor.append(shape('line', {class: 'cursor', x1: x, x2: x, y1: 8, y2: this.bottom}));
      this.values = this.curves.map(curve => {
        const index = curve.training && nearest(curve.training.steps, step);
        if (curve.training && this.y(curve.shown[index]) > 0) {
          const dot = shape('circle', {class: 'dot', cx: this.x(curve.training.steps[index]), cy: this.y(curve.shown[index]), r: 3.5});
          dot.style.color = curve.colour;
          this.cursor.append(dot);
        }
        const held = curve.held && curve.held.steps[0] <= at ? curve.held.mean[indexAt(curve.held.steps, at)] : undefined;
        return [curve.training && curve.shown[index], held];
      });
    }
    this.legend.replaceChildren(...this.items());
  }

  // Of one run, an item for each line; of several, an item for each run, and before them one that tells the lines apart.
  items() {
    const numbered = this.curves.map((curve, i) => ({...curve, values: this.values[i]}));
    const rules = (this.spec.rules ?? []).map(rule => element('li', '',
      sign('var(--dim)', shape('path', {d: 'M0 4H18', 'stroke-dasharray': '2 4'})), element('span', '', rule.label), element('b', '', amount(rule.at))));
    if (this.runs.length === 1) {
      return [...numbered.map(curve => element('li', '', ...this.parts(curve, !this.spec.small && curve.label, !this.spec.small && 'held-out'))), ...rules];
    }
    const items = this.runs.map(run => [run, numbered.filter(curve => curve.run === run)]).filter(([, curves]) => curves.length)
      .map(([run, curves]) => element('li', '', ...curves.flatMap((curve, i) => this.parts(curve, !this.spec.small && i === 0 && run.name))));
    if (this.spec.lines.length > 1 && !this.spec.small) {
      const lines = this.spec.lines.map((spec, l) => numbered.find(curve => curve.line === l)).filter(Boolean);
      items.unshift(element('li', 'all', ...lines.flatMap(curve =>
        [sign('var(--dim)', shape('path', {d: 'M0 4H18', 'stroke-dasharray': curve.dash})), element('span', '', this.spec.lines[curve.line].label)])));
    }
    return [...items, ...rules];
  }

  parts(curve, label, heldLabel) {
    const parts = [];
    const [training, held] = curve.values;
    if (curve.training) parts.push(sign(curve.colour, shape('path', {d: 'M0 4H18', 'stroke-dasharray': curve.dash})));
    if (label) parts.push(element('span', '', label));
    if (curve.training) parts.push(element('b', '', withUnit(training, this.spec.unit)));
    if (curve.held) {
      parts.push(sign(curve.colour, shape('circle', {cx: 9, cy: 4, r: 3})));
      if (heldLabel) parts.push(element('span', '', heldLabel));
      parts.push(element('b', '', withUnit(held, this.spec.unit)));
    }
    return parts;
  }

  reading() {
    return `${this.spec.title}, ${this.at.textContent}: ${this.curves.map((curve, i) =>
      `${curve.label} ${withUnit(this.values[i][0], this.spec.unit)}${curve.held ? `, held-out ${withUnit(this.values[i][1], this.spec.unit)}` : ''}`).join('; ')}`;
  }
}
