const UNITS = {M: 1e6, k: 1e3};

function shape(name, attributes = {}, ...content) {
  const made = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...content);
  return made;
}

const whole = number => Math.round(number).toLocaleString('en-US');

// 12,500,000 as 12.5 M
function short(exact) {
  const number = Number(exact.toPrecision(4));
  for (const [letter, size] of Object.entries(UNITS)) {
    if (Math.abs(number) >= size) return `${trimmed((number / size).toFixed(2))} ${letter}`;
  }
  return trimmed(number.toFixed(2));
}

const trimmed = text => (text.includes('.') ? text.replace(/\.?0+$/, '') : text);

// Three digits, or four of a small whole number: what a person compares.
function amount(value) {
  if (value === null || value === undefined || Number.isNaN(value)) return '–';
  const size = Math.abs(value);
  if (size >= 10000) return short(value);
  if (size !== 0 && size < 0.001) return value.toExponential(1).replace('e-', 'e−');
  return value.toFixed(size >= 1000 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3);
}

// A value with the unit that its chart or row has.
function withUnit(value, unit) {
  if (value === null || value === undefined || Number.isNaN(value)) return '–';
  return unit === '%' ? `${(value * 100).toFixed(1)} %` : amount(value);
}

function duration(seconds) {
  const minutes = Math.round(seconds / 60);
  if (seconds < 90) return `${Math.round(seconds)} s`;
  return minutes < 90 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

// About so many round numbers between two.
function ticks(from, to, about) {
  const rough = (to - from) / about;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map(factor => factor * power).find(size => size >= rough * 0.999);
  const found = [];
  for (let i = Math.ceil(from / step - 1e-9); i * step <= to + step * 1e-9; i++) found.push(i * step);
  return found;
}

// Round numbers on a logarithmic scale.
function logTicks(from, to) {
  const found = [];
  const factors = Math.log10(to / from) > 2.5 ? [1] : [1, 2, 5];
  for (let power = 10 ** Math.floor(Math.log10(from)); power <= to; power *= 10) {
    for (const factor of factors) {
      if (factor * power >= from && factor * power <= to) found.push(factor * power);
    }
  }
  return found;
}

// The digits that tell ticks apart.
function tickText(value, step, unit) {
  const shown = unit === '%' ? value * 100 : value;
  const apart = unit === '%' ? step * 100 : step;
  if (shown === 0) return '0';
  if (Math.abs(shown) >= 1000) return short(shown);
  if (apart < 0.0005) {
    const power = 10 ** Math.floor(Math.log10(Math.abs(shown)) + 1e-9);
    return shown.toExponential(decimalsOf(apart / power)).replace(/\.0e/, 'e').replace('e-', 'e−');
  }
  return shown.toFixed(decimalsOf(apart));
}

// How many decimals a round number has: 2 of 0.25.
function decimalsOf(round) {
  const decimals = Math.max(0, -Math.floor(Math.log10(round) + 1e-9));
  return Number.isInteger(Math.round(round * 10 ** decimals * 1e6) / 1e6) ? decimals : decimals + 1;
}
