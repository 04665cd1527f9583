/* Build seal.js and its hash: `npm ci --ignore-scripts && node build.mjs [folder]`. */

import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";

const here = import.meta.dirname;
const folder = process.argv[2] ?? join(here, "../static");
const { outputFiles } = await build({
  absWorkingDir: here,
  entryPoints: ["seal.js"],
  bundle: true,
  minify: true,
  target: "es2020",
  format: "iife",
  charset: "utf8",
  legalComments: "none",
  alias: { crypto: "./no-node.js" },
  banner: {
    js: "/* Throughline, AGPL-3.0-or-later. Holds @hpke/* and mlkem (c) Ajitomi Daisuke, noble (c) Paul Miller: MIT, see licences.txt beside the source. */",
  },
  write: false,
});
const script = outputFiles[0].contents;
writeFileSync(join(folder, "seal.js"), script);
const hash = createHash("sha256").update(script).digest("hex");
writeFileSync(join(folder, "seal.js.sha256"), `${hash}  seal.js\n`);
