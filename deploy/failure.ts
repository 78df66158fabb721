/** A command that did not do what it was asked. The message says what failed, why, and what to do. */
export class Failure extends Error {
  override readonly name = 'Failure';

  readonly code: string;

  constructor(code: string, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
