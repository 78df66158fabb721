/** A row of a timeline. */
export interface Row {
  readonly when: string;
  readonly world: string;
  readonly us: string;
}
