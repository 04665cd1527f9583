/* Stands for Node's `crypto` in the bundle: a browser has its own, and nothing is loaded later. */

export const webcrypto = undefined;
