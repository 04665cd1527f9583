/* Opens a row without Python: section 9 of formats.md as a file. It needs the packages of feedback/web/seal. */

import { createDecipheriv } from "node:crypto";
import { readFileSync } from "node:fs";
import { argon2id } from "@noble/hashes/argon2.js";
import { Aes256Gcm, CipherSuite, HkdfSha256 } from "@hpke/core";
import { XWing } from "@hpke/hybridkem-x-wing";

const hex = (text) => Buffer.from(text, "hex");
const exact = (bytes) => new Uint8Array(bytes).buffer;

function custodianKey(seat, passphrase) {
  const words = passphrase.normalize("NFKC").toLowerCase().trim().split(/\s+/).join(" ");
  return argon2id(words, hex(seat.salt), {
    m: seat.memory_cost, t: seat.iterations, p: seat.lanes, dkLen: 32,
    personalization: Buffer.from("feedback-vault custodian 1"),
  });
}

function unlock(ring, passphrases) {
  const present = ring.custodians.map((seat) => seat.name).filter((name) => name in passphrases);
  const group = JSON.stringify(present.slice(0, ring.needed));
  let secret = Buffer.alloc(32);
  for (const piece of ring.pieces.filter((each) => JSON.stringify(each.group) === group)) {
    const seat = ring.custodians.find((each) => each.name === piece.who);
    const bound = [ring.format, ring.label, ring.kid, ring.needed, piece.group, piece.who];
    const ct = hex(piece.ct);
    const aes = createDecipheriv("aes-256-gcm", custodianKey(seat, passphrases[piece.who]), hex(piece.nonce));
    aes.setAAD(Buffer.from(JSON.stringify(bound))).setAuthTag(ct.subarray(32));
    const share = Buffer.concat([aes.update(ct.subarray(0, 32)), aes.final()]);
    secret = secret.map((byte, place) => byte ^ share[place]);
  }
  return secret;
}

async function openPart(part, seed, deployment, team) {
  const suite = new CipherSuite({ kem: new XWing(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });
  const recipientKey = await suite.kem.deserializePrivateKey(exact(seed));
  const info = exact(Buffer.concat([Buffer.from("feedback-vault/1"), part.subarray(0, 20), deployment, team]));
  const enc = exact(part.subarray(20, 1140));
  const block = Buffer.from(await suite.open({ recipientKey, enc, info }, exact(part.subarray(1140))));
  return block.subarray(4, 4 + block.readUInt32BE(0)).toString("utf-8");
}

const it = JSON.parse(readFileSync(process.argv[2], "utf-8")); // team-keys-open-for-ever.json
const [row, deployment, team] = [hex(it.row), hex(it.deployment), hex(it.team)];
const codes = unlock(it.keyrings.codes, it.passphrases);
const words = unlock(it.keyrings.words, it.passphrases);
console.log(await openPart(row.subarray(0, 2180), codes, deployment, team));
console.log(await openPart(row.subarray(2180), words, deployment, team));
