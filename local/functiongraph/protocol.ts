/** What the host and the process of an instance say to each other, over Node's channel between processes. */
import type { FunctionCredentials } from '../context.ts';

/** One request; the next comes only after its answer. */
export interface InvokeMessage {
  readonly requestId: string;
  /** JSON. */
  readonly event: string;
  /** Absent: the function has no agency. */
  readonly credentials?: FunctionCredentials;
  /** Written to the log behind the last line of this request; nobody can guess it. */
  readonly endMark: string;
}

/** The code is loaded, and its initializer begins; or there is none or it has ended, and the request's time runs. */
export interface StageMessage {
  readonly kind: 'initialising' | 'started';
}

/**
 * 0: `body` is the result. Else it is the platform's error body: 4001 it could not be loaded, or called back with an
 * error; 4002 it threw; 4008 its result is too big; 4201 its initializer failed three times.
 */
export interface AnswerMessage {
  readonly kind: 'answer';
  readonly code: number;
  /** JSON. */
  readonly body: string;
  readonly memoryMb: number;
}

export type InstanceMessage = StageMessage | AnswerMessage;
