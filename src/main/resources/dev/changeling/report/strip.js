// --- a strip for each run: one row a layer, one column a step, the colour goes with the logarithm

const ROW = 15;
const MOST_COLUMNS = 160;

class Strip extends Plot {
  constructor(spec) {
    super({...spec, whole: true});
    this.left = 148;
  }

  update(runs) {
    this.run = runs.find(run => run.name === this.spec.run);
    this.rows = this.spec.rows.map(row => ({...row, curve: this.run && curveOf(this.run, row.name)})).filter(row => row.curve);
    this.height = this.rows.length * ROW + 30;
    this.svg.setAttribute('aria-label', `${this.spec.title}, ${this.rows.length} rows`);
    this.draw();
  }

  steps() {
    return this.rows[0]?.curve.steps ?? [];
  }

  draw() {
    this.measure();
    const logs = this.rows.flatMap(row => row.curve.mean.filter(value => value > 0).map(Math.log10));
    const [low, high] = logs.length ? inner(logs) : [0, 1];
    const tone = value => (value > 0 ? Math.max(0, Math.min(1, (Math.log10(value) - low) / (high - low || 1))) : 0);
    const cells = shape('g');
    this.rows.forEach((row, r) => {
      cells.append(shape('text', {x: this.left - 8, y: r * ROW + 15, 'text-anchor': 'end'}, row.label));
      const {steps, mean} = row.curve;
      const width = Math.ceil(steps.length / MOST_COLUMNS);
      let from = this.x(view.log ? view.from : 0);
      for (let i = 0; i < steps.length; i += width) {
        const part = mean.slice(i, i + width);
        const to = this.x(steps[Math.min(i + width, steps.length) - 1]);
        const cell = shape('rect', {class: 'cell', x: from, y: r * ROW + 4, width: Math.max(0.5, to - from + 0.4), height: ROW - 1.5});
        cell.style.fill = this.fill(tone(part.reduce((a, b) => a + b, 0) / part.length));
        cells.append(cell);
        from = to;
      }
    });
    this.scale = [10 ** low, 10 ** high];
    this.cursor = shape('g');
    this.svg.replaceChildren(cells, this.stepAxis(this.height - 24), this.cursor);
    this.look(view.hover);
  }

  fill(tone) {
    return tone < 0.5
      ? `color-mix(in oklab, var(--low) ${(14 + 172 * tone).toFixed(0)}%, var(--sheet))`
      : `color-mix(in oklab, var(--high) ${(200 * tone - 100).toFixed(0)}%, var(--low))`;
  }

  // By key, the row that was looked at last.
  look(step, y = null) {
    this.cursor.replaceChildren();
    if (y !== null) this.row = Math.max(0, Math.min(this.rows.length - 1, Math.floor((y - 4) / ROW)));
    const ramp = element('span', 'ramp');
    const legend = element('li', '', element('b', '', amount(this.scale?.[0])), ramp, element('b', '', amount(this.scale?.[1])));
    const own = this.steps();
    this.at.textContent = '';
    this.legend.replaceChildren(legend);
    if (step === null || !own.length) return;
    const at = own[nearest(own, step)];
    const x = this.x(at);
    this.at.textContent = `step ${whole(at)}`;
    this.cursor.append(shape('line', {class: 'cursor', x1: x, x2: x, y1: 2, y2: this.height - 24}));
    const row = this.rows[this.row ?? 0];
    this.cursor.append(shape('rect', {class: 'outline', x: this.left, y: (this.row ?? 0) * ROW + 3.5, width: this.width - this.left - 8, height: ROW - 0.5}));
    this.value = row.curve.mean[nearest(row.curve.steps, step)];
    this.legend.append(element('li', '', element('span', '', row.label), element('b', '', amount(this.value))));
  }

  key(event) {
    const move = {ArrowDown: 1, ArrowUp: -1}[event.key];
    if (move) {
      event.preventDefault();
      this.row = Math.max(0, Math.min(this.rows.length - 1, (this.row ?? 0) + move));
      look(view.hover ?? last(this.steps()), this);
      byId('readout').textContent = this.reading();
    } else {
      super.key(event);
    }
  }

  reading() {
    return `${this.rows[this.row ?? 0].label}, ${this.at.textContent}: ${amount(this.value)}`;
  }
}
