/* Format FVE1: the only code in the browser that locks anything. docs/reference/formats.md, 2. */

import { Aes256Gcm, CipherSuite, HkdfSha256 } from "@hpke/core";
import { XWing } from "@hpke/hybridkem-x-wing";

const PARTS = [
  { number: 1, bits: 10, key: "codes" },
  { number: 2, bits: 12, key: "words" },
];

const suite = new CipherSuite({ kem: new XWing(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });
const utf8 = (text) => new TextEncoder().encode(text);
const bytes = (base64) => Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));

/** Return two texts as one row of 7432 bytes. Throws RangeError `long`; nothing is ever cut off. */
export async function sealRow(texts, round) {
  const place = bytes(round.place);
  const sealed = PARTS.map((part, at) => sealPart(utf8(texts[at]), part, bytes(round[part.key]), place));
  return join(...(await Promise.all(sealed)));
}

async function sealPart(data, part, key, place) {
  const block = new Uint8Array(2 ** part.bits);
  if (data.length > block.length - 4) throw new RangeError("long");
  new DataView(block.buffer).setUint32(0, data.length);
  block.set(data, 4);
  const name = await crypto.subtle.digest("SHA-256", join(utf8("fvault kid 1"), key));
  const start = [0x46, 0x56, 0x45, 0x31, 0x64, 0x7a, 0, 1, 0, 2, part.number, part.bits];
  const header = join(start, new Uint8Array(name, 0, 8));
  const info = join(utf8("feedback-vault/1"), header, place);
  const recipientPublicKey = await suite.kem.deserializePublicKey(key.buffer);
  const { enc, ct } = await suite.seal({ recipientPublicKey, info }, block);
  return join(header, new Uint8Array(enc), new Uint8Array(ct));
}

function join(...pieces) {
  const all = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
