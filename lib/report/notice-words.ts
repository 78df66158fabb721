/** The phrases of a notice, which every language fills in. */
import type { Notice } from '../messages.ts';

/** `headline` is part of a sentence, the others are whole ones. */
export interface NoticeText {
  readonly headline: string;
  readonly happened: string;
  readonly byItself: string;
  readonly toDo: string;
}

/** Gets the notice with all text that others wrote cleaned. */
export type NoticeWords = (notice: Notice) => NoticeText;
export type NoticeLabels = Readonly<Record<'happened' | 'byItself' | 'toDo' | 'ids' | 'at', string>>;
