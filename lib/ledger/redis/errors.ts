/** Why there is no answer from the ledger. None of these carries a secret, nor a cause that does. */

/** Redis does not answer: whether what was asked was done is not known, so nothing may be built on it. */
export class LedgerUnavailable extends Error {
  override readonly name = 'LedgerUnavailable';
  readonly code = 'LEDGER_UNAVAILABLE';
  /** Hosts and ports. */
  readonly where: string;
  /** What was there instead of an answer, in the words of whoever said it. */
  readonly reason: string;

  constructor(message: string, { where, reason }: { readonly where: string; readonly reason: string }) {
    super(message);
    this.where = where;
    this.reason = reason;
  }
}

/** Another version has written here: what this one would make of it could be wrong. */
export class LedgerFormatUnknown extends Error {
  override readonly name = 'LedgerFormatUnknown';
  readonly code = 'LEDGER_FORMAT';
  readonly where: string;
  readonly reason: string;

  constructor(where: string, reason: string) {
    super(`ledger: Redis at ${where}: ${reason}. Nothing is restarted; docs/deploy.md tells how to upgrade.`);
    this.where = where;
    this.reason = reason;
  }
}

/** The variable LEDGER_URL cannot be read. */
export class LedgerUrlInvalid extends Error {
  override readonly name = 'LedgerUrlInvalid';
  readonly code = 'CONFIGURATION';
}

export const unavailable = (where: string, reason: string): LedgerUnavailable =>
  new LedgerUnavailable(
    `ledger: expected an answer from Redis at ${where}, got "${reason}". Without it nothing is restarted. Is the instance up, does the function run in its VPC, does the security group let it in, is LEDGER_URL right?`,
    { where, reason },
  );
