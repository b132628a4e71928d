import { corpusFiles, corpusMissing } from '../corpus.mjs';
import { median, report, tell } from '../rounds.mjs';
import { built } from '../workbench.mjs';

/** What the design promises: milliseconds of CPU for the largest file, seconds for all files. */
const promised = { largest: 150, corpus: 20 };

/** Not measured: the compiler of the engine is still at work. */
const warmUps = 15;

/**
 * The engine on a file of the corpus by the template's own rules, in this process.
 *
 * @typedef {import('../../src/modules/compliance/evaluation-input.js').EvaluationInput} EvaluationInput
 * @typedef {{ path: string, bytes: Buffer }} CorpusFile
 * @typedef {typeof import('../../src/modules/compliance/evaluation.js').evaluate} Evaluate
 *
 * @returns {Promise<{ files: CorpusFile[], read: (text: string) => EvaluationInput, evaluate: Evaluate }>}
 */
async function engine() {
  const [{ evaluate }, { evaluatedText }, { builtInRules }, { builtInTemplate }] = await Promise.all([
    built('modules/compliance/evaluation'),
    built('modules/compliance/text-input'),
    built('modules/compliance/built-in-pack'),
    built('modules/templates/built-in-templates'),
  ]);
  const template = { key: builtInTemplate.key, sections: builtInTemplate.document.sections };
  const nothing = { sources: [], links: [], attestations: [], waivers: [], allowedIds: [], relatedSpecs: [] };
  const read = (/** @type {string} */ text) => ({
    ...nothing,
    spec: evaluatedText(text, template),
    template,
    rules: builtInRules,
    packHash: 'bench',
    files: null,
    now: new Date(),
  });
  return { files: corpusFiles(), read, evaluate };
}

const largestOf = (/** @type {{ bytes: Buffer }[]} */ files) =>
  files.reduce((largest, file) => (file.bytes.length > largest.bytes.length ? file : largest)).bytes.toString();

/**
 * Milliseconds of CPU, those of the garbage collector included.
 *
 * @param {() => unknown} act
 */
function cpuOf(act) {
  const before = process.cpuUsage();
  act();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/**
 * Evaluating the largest file of the corpus, against what is promised.
 *
 * @type {import('../measures.mjs').Measure}
 */
export async function measureLargest(name, _workbench, { rounds }) {
  if (corpusMissing) return tell(`${name} is skipped: ${corpusMissing}`);
  const { files, read, evaluate } = await engine();
  const input = read(largestOf(files));
  const times = Array.from({ length: warmUps + 5 * rounds }, () => cpuOf(() => evaluate(input))).slice(warmUps);
  tell(`${name}: ${Math.min(...times).toFixed(0)} to ${Math.max(...times).toFixed(0)} ms CPU`);
  report({ measure: name, unit: 'ms', value: median(times), floor: 'promised', floorValue: promised.largest });
}

/**
 * Evaluating the largest file again after a change of one section, each section in turn, against evaluating it whole.
 *
 * @type {import('../measures.mjs').Measure}
 */
export async function measureSection(name, _workbench, { rounds }) {
  if (corpusMissing) return tell(`${name} is skipped: ${corpusMissing}`);
  const { files, read, evaluate } = await engine();
  const input = read(largestOf(files));
  const memo = new Map();
  evaluate(input, memo);
  /** @type {number[]} */
  const whole = [];
  /** @type {number[]} */
  const again = [];
  for (let round = 0; round < warmUps + rounds; round++) {
    const measuring = round >= warmUps;
    const time = cpuOf(() => evaluate(input));
    if (measuring) whole.push(time);
    for (const index of input.spec.sections.keys()) {
      const changed = edited(input, index, round);
      const edit = cpuOf(() => evaluate(changed, memo));
      if (measuring) again.push(edit);
    }
  }
  tell(`${name}: ${Math.max(...again).toFixed(1)} ms CPU after a change of the slowest section`);
  report({ measure: name, unit: 'ms', value: median(again), floor: 'whole', floorValue: median(whole) });
}

/**
 * @param {EvaluationInput} input
 * @param {number} index
 * @param {number} round
 */
function edited(input, index, round) {
  const sections = input.spec.sections.map((section, at) =>
    at === index
      ? { ...section, body: `${section.body}\nChanged ${round}.\n`, contentHash: `${index} ${round}` }
      : section,
  );
  return { ...input, spec: { ...input.spec, sections } };
}

/**
 * Evaluating every file of the corpus once, one after the other, against what is promised for two cores.
 *
 * @type {import('../measures.mjs').Measure}
 */
export async function measureCorpus(name, _workbench, { rounds }) {
  if (corpusMissing) return tell(`${name} is skipped: ${corpusMissing}`);
  const { files, read, evaluate } = await engine();
  const inputs = files.map(({ bytes }) => read(bytes.toString()));
  const times = Array.from({ length: rounds }, () => {
    const began = performance.now();
    for (const input of inputs) evaluate(input);
    return (performance.now() - began) / 1000;
  });
  report({ measure: name, unit: 's', value: median(times), floor: 'promised', floorValue: promised.corpus });
}
