/** What we use of the framework (osls 4): the parts of its objects that a plugin gets. */

export interface Osls {
  /** The folder of serverless.yml. */
  readonly serviceDir: string;
  readonly configurationFilename: string;
  /** serverless.yml with its variables filled in. */
  readonly configurationInput: Readonly<Record<string, unknown>>;
  readonly processedInput: { readonly commands: readonly string[] };
  readonly service: {
    readonly service: string;
    readonly provider: { readonly stage: string };
    readonly package: { readonly path?: string };
    /** With the names and empty lists that the framework adds. */
    readonly functions: Readonly<Record<string, OslsFunction>>;
  };
  readonly classes: { readonly Error: new (message: string, code: string) => Error };
  setProvider(name: string, provider: object): void;
}

export interface OslsFunction {
  /** Where the zip is; the framework packages what has none. */
  package?: { artifact?: string };
}

/** Of the command line, without dashes. */
export type OslsOptions = Readonly<Record<string, string | boolean | undefined>>;

export interface OslsWriters {
  /** To standard output: what was asked for. */
  writeText(text: string): void;
  /** To standard error: what is going on. */
  readonly log: { notice(text?: string): void; warning(text: string): void };
}

export interface OslsCommand {
  readonly usage?: string;
  readonly lifecycleEvents?: readonly string[];
  readonly options?: Readonly<
    Record<
      string,
      { readonly usage: string; readonly type: 'boolean' | 'string'; readonly shortcut?: string }
    >
  >;
  readonly commands?: Readonly<Record<string, OslsCommand>>;
}
