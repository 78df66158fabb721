/**
 * What happened, written down beside the engine and the ledger, from what passed between them and the cloud: the
 * invariants are judged by this, not by what the engine says of itself.
 */
import type { Settings } from '../../lib/settings.ts';
import type { EpochMs } from '../../lib/time.ts';
import type { OverridableGuard, Override, Pause, Run } from '../../lib/types.ts';
import type { Model } from '../../local/model/state.ts';
import { type Asked, names, type Said } from './asked.ts';

export type Invariant = 'I1' | 'I2' | 'I3' | 'I4' | 'I5' | 'I6' | 'I7' | 'I8' | 'I9';

export interface Violation {
  readonly invariant: Invariant;
  readonly says: string;
  readonly at: EpochMs;
}

/** One granted claim. */
export interface Claim {
  readonly id: string;
  readonly serverId: string;
  readonly runId: string;
  /** When the ledger granted it. */
  readonly at: EpochMs;
  /** When it was asked for, by the time that the ledger was handed. */
  readonly askedAt: EpochMs;
  readonly override: Override | undefined;
  readonly planned: boolean;
  /** Planned work beyond doubt: the run says so, too. */
  readonly rolls: boolean;
  readonly cooldown: number;
  readonly witness: Witness;
  /** What its invocation was shown of it until then: what another run of the same invocation sees later is not its. */
  readonly shown: Shown | undefined;
  /** Which attempt it is, from 1. */
  readonly number: number;
  /** It counts as an attempt of its server. */
  counts: boolean;
  state: 'open' | 'given_back' | 'concluded' | 'forgotten';
  recovered: boolean;
  /** It went out in a storm, and counts in its round. */
  isCanary: boolean;
  posts: number;
  /** Its call was accepted, or nobody can say that it was not. */
  maybeAccepted: boolean;
}

/** A server as it was shown last. */
export interface Shown {
  readonly status: number;
  readonly at: EpochMs;
  /** Since when it was shown in that status and in no other. */
  readonly since: EpochMs;
  /** It was never shown in another. */
  readonly always: boolean;
  /** When it was last seen running. */
  readonly wellAt?: EpochMs;
  readonly abnormalAt?: EpochMs;
}

/** What one invocation was shown, and what it goes by. */
export interface Witness {
  readonly name: string;
  readonly settings: Settings;
  /** How far its clock is ahead. */
  readonly skew: number;
  readonly begunAt: EpochMs;
  /** What its event asked for, if it asks for restarts. */
  readonly asked: Asked | undefined;
  /** The call that it answers, if it is one. */
  readonly said: Said | undefined;
  /** The steps of the ledger that it has taken. */
  readonly wrote: Set<string>;
  readonly servers: Map<string, Shown>;
  readonly hosts: Map<string, { readonly status: number; readonly at: EpochMs }>;
  /** The lists of abnormal servers, the newest last, without those left out then. */
  readonly lists: { readonly at: EpochMs; readonly troubled: ReadonlyMap<string, string> }[];
  /** When a list of servers failed, or was not whole. */
  blindAt: EpochMs | undefined;
  /** Hosts under maintenance, as far as the account may know. */
  maintenance: { readonly at: EpochMs; readonly hosts: ReadonlySet<string> } | undefined;
}

export interface KnownRun {
  readonly request: Asked;
  readonly openedAt: EpochMs;
  /** Targets of alarms that joined it: id, and whether the alarm named it. */
  readonly joined: Map<string, boolean>;
  /** Whether what it was opened for counts though a server runs; and whom an alarm named so that joined it. */
  readonly isBelieved: boolean;
  readonly believed: Set<string>;
  /** The newest lease given for it. */
  token: number;
  /** By the time that the ledger was handed. */
  leasedUntil: number;
  /** As last saved, and by which lease. */
  last: Run;
  savedBy: number;
  /** It was lost with the ledger. */
  forgotten: boolean;
  readonly tolerances: Set<Settings>;
}

export interface Book {
  readonly model: Model;
  readonly violations: Violation[];
  readonly claims: Claim[];
  readonly claimsOf: Map<string, Claim[]>;
  readonly open: Set<Claim>;
  readonly runs: Map<string, KnownRun>;
  /** When each server was last shown restarting, to whomever. */
  readonly seenRestarting: Map<string, EpochMs>;
  /** By delivery, the run that answers it. */
  readonly deliveries: Map<string, { readonly runId: string; readonly at: EpochMs }>;
  readonly excluded: Set<string>;
  /** `wellSince`: by the time that the ledger was handed, since when every look has shown it running. */
  readonly handedOver: Map<string, { wellSince: EpochMs | undefined }>;
  /** Those that were ever handed over apart from an outcome: with all of their host, or as they had no attempt left. */
  readonly handedOverApart: Set<string>;
  /** Reports and letters that were written to the log in full. */
  readonly logged: string[];
  pause: Pause | undefined;
  emptiedAt: EpochMs | undefined;
  /** When it was begun anew: at the first look into it, by the time that it was handed. */
  begunAt: EpochMs | undefined;
  /** A patrol has gone round by which people are told that it was emptied. */
  owesEmptied: boolean;
  /** Restarts that went out during the storm as far as it is known, and how many came back. */
  storm: { since: EpochMs; gone: number } | undefined;
}

export const createBook = (model: Model): Book => ({
  model,
  violations: [],
  claims: [],
  claimsOf: new Map(),
  open: new Set(),
  runs: new Map(),
  seenRestarting: new Map(),
  deliveries: new Map(),
  excluded: new Set(),
  handedOver: new Map(),
  handedOverApart: new Set(),
  logged: [],
  pause: undefined,
  emptiedAt: undefined,
  begunAt: undefined,
  owesEmptied: false,
  storm: undefined,
});

export const overrides = ({ override }: Claim, guard: OverridableGuard): boolean =>
  override?.guards.includes(guard) === true;

export function violate(book: Book, invariant: Invariant, says: string, at: EpochMs): void {
  book.violations.push({ invariant, says, at });
}

export const createWitness = (
  given: Pick<Witness, 'name' | 'settings' | 'skew' | 'begunAt' | 'asked' | 'said'>,
): Witness => ({
  ...given,
  wrote: new Set(),
  servers: new Map(),
  hosts: new Map(),
  lists: [],
  blindAt: undefined,
  maintenance: undefined,
});

/** How long what was seen may be acted on. */
export const SIGHT_LASTS = 60_000;

/** The ledger forgot everything: what it does from now on is judged without what came before. */
export function emptied(book: Book, now: EpochMs): void {
  for (const claim of book.claims) claim.counts = false;
  for (const claim of book.open) claim.state = 'forgotten';
  book.open.clear();
  for (const run of book.runs.values()) {
    run.forgotten = true;
    run.token = 0;
    run.leasedUntil = 0;
  }
  book.deliveries.clear();
  book.excluded.clear();
  book.handedOver.clear();
  book.pause = undefined;
  book.storm = undefined;
  book.emptiedAt = now;
  book.begunAt = undefined;
  // What was written of it and not sent yet is gone as well.
  book.owesEmptied = false;
}

export const isNamed = ({ request, joined }: KnownRun, id: string): boolean =>
  joined.get(id) === true || names(request, id);

/** By the settings of an invocation, or by somebody. */
export function isLeftOut(book: Book, { settings }: Witness, id: string, serverId: string): boolean {
  const { exclude, include } = settings;
  if (exclude.includes(id) || exclude.includes(serverId)) return true;
  if (include !== undefined && !include.includes(id) && !include.includes(serverId)) return true;
  return book.excluded.has(id) || book.excluded.has(serverId);
}
