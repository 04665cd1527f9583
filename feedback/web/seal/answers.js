/* One person's answers as two JSON texts, byte for byte what feedback/questionnaire/answers.py packs. */

const VERSION = 1; // docs/reference/formats.md
const MARKS = { paper: "_paper", share: "_share", trap: "_website" };

// What Python's str.strip() takes away; trim() differs by a few signs.
const ENDS = /^[\t-\r\x1c-\x1f\x85\p{Z}]+|[\t-\r\x1c-\x1f\x85\p{Z}]+$/gu;
const UNSEEN = /(?!\n)[\p{Cc}\p{Cs}]/gu;

const strip = (text) => text.replace(ENDS, "");
const clean = (text) => strip(text.replace(/\r\n?/g, "\n").replace(UNSEEN, ""));

/**
 * Return the codes part and the words part of the fields of a form.
 *
 * `round` is what `/key` answers; `fields` are [name, value] pairs in the order of the form.
 * Throws RangeError: `twice`, `unknown` or `long`, as read_answers names its problems.
 */
export function pack(round, fields, pair) {
  const given = picked(new Map(Object.entries(round.asked)), fields);
  const first = (name) => (fields.find((field) => field[0] === name) || ["", ""])[1];
  const marks = Object.keys(MARKS).filter((mark) => first(MARKS[mark]));
  const head = { v: VERSION, f: round.f, pair };
  const codes = { ...head, lang: first("lang"), marks: marks.length ? marks : undefined, a: {} };
  const words = { ...head, t: {} };
  for (const [name, { question, values }] of given) {
    if (question.kind !== "multi" && values.length > 1) throw new RangeError("twice");
    if (question.kind === "open") words.t[name] = written(question, values[0]);
    else codes.a[name] = places(question, values);
  }
  return [codes, words].map((part) => JSON.stringify(part));
}

function picked(asked, fields) {
  const given = new Map();
  for (const [name, value] of fields) {
    if (!asked.has(name) || !strip(value)) continue;
    if (!given.has(name)) given.set(name, { question: asked.get(name), values: [] });
    given.get(name).values.push(value);
  }
  return given;
}

function written(question, value) {
  const text = clean(value);
  if ([...text].length > question.longest) throw new RangeError("long");
  return text;
}

function places(question, values) {
  if (!values.every((value) => question.options.includes(value))) throw new RangeError("unknown");
  const chosen = question.options.filter((option) => values.includes(option));
  const together = chosen.filter((option) => !question.alone.includes(option));
  const kept = together.length ? together : chosen.slice(0, 1);
  const found = kept.map((option) => question.options.indexOf(option));
  return question.kind === "multi" ? found : found[0];
}
