/** How a command talks to whoever runs it. */

export interface Io {
  /** To standard output: what was asked for. */
  print(text: string): void;
  /** To standard error: what is going on. */
  say(line: string): void;
  /** One line from standard input; `undefined` at its end. */
  ask(question: string): Promise<string | undefined>;
}
