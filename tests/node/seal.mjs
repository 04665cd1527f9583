/* Seal forms with a built seal.js, as a browser does: JSON on standard input, rows in hex out. */

import { readFileSync } from "node:fs";
import { runInThisContext } from "node:vm";

runInThisContext(readFileSync(process.argv[2], "utf-8"));
const { round, forms } = JSON.parse(readFileSync(0, "utf-8"));
const rows = [];
for (const fields of forms) {
  const sealed = globalThis.throughlineSeal(round, fields);
  rows.push(await sealed.then((row) => Buffer.from(row).toString("hex"), (error) => error.message));
}
console.log(JSON.stringify(rows));
