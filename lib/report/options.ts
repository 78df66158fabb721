/** Who reports, and to whom. */
import type { Language } from './words.ts';

export interface ReportOptions {
  readonly language: Language;
  readonly region: string;
  readonly projectId: string;
  readonly mode: 'observe' | 'active';
  /** Whether the ledger outlives this invocation; what is left open is only taken up again if it does. */
  readonly sharedLedger: boolean;
  /** What people were told before, as `knownAs` writes it: it needs nobody again. */
  readonly known?: ReadonlySet<string>;
}
