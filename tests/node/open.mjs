/* Open parts with the packages that seal.js is built from: JSON on standard input, text out. */

import { readFileSync } from "node:fs";
import { Chacha20Poly1305 } from "@hpke/chacha20poly1305";
import { Aes256Gcm, CipherSuite, HkdfSha256 } from "@hpke/core";
import { XWing } from "@hpke/hybridkem-x-wing";

const hex = (text) => new Uint8Array(Buffer.from(text, "hex"));
const aeads = { 2: Aes256Gcm, 3: Chacha20Poly1305 };

async function open({ aead, seed, enc, info, aad, ct }) {
  const suite = new CipherSuite({ kem: new XWing(), kdf: new HkdfSha256(), aead: new aeads[aead]() });
  const recipientKey = await suite.kem.deserializePrivateKey(hex(seed).buffer);
  const data = await suite.open({ recipientKey, enc: hex(enc), info: hex(info) }, hex(ct), hex(aad));
  return Buffer.from(data).toString("hex");
}

async function secret({ seed, enc }) {
  const kem = new XWing();
  const recipientKey = await kem.deserializePrivateKey(hex(seed).buffer);
  return Buffer.from(await kem.decap({ recipientKey, enc: hex(enc) })).toString("hex");
}

const jobs = JSON.parse(readFileSync(0, "utf-8"));
const done = [];
for (const job of jobs) {
  done.push(await (job.ct ? open(job) : secret(job)).catch(() => "refused"));
}
console.log(JSON.stringify(done));
