/**
 * What came in, read once more by the book: runs and claims are judged by what was asked, not by the request that the
 * engine made of it.
 */
import { readLimit } from '../../lib/settings.ts';
import { type EpochMs, iso } from '../../lib/time.ts';
import { OVERRIDABLE, type RestartRequest, type Selector } from '../../lib/types.ts';
import type { Happening } from '../history/history.ts';

/** An HTTP call. */
export type Said = Extract<Happening, { readonly kind: 'call' }>;

export type Asked = Pick<
  RestartRequest,
  'deliveryId' | 'source' | 'selector' | 'dryRun' | 'narrowed' | 'override' | 'requestedAt'
>;

/** What a happening asks for; `at`: the event's own time. Nothing for what asks for no restart. */
export function askedIn(happening: Happening, at: EpochMs): Asked | undefined {
  switch (happening.kind) {
    case 'alarm':
      return {
        deliveryId: happening.key,
        source: 'alarm',
        selector: { kind: 'candidates', ids: happening.ids },
        dryRun: false,
        requestedAt: at,
      };
    case 'timer':
      return askedByTimer((happening.userEvent ?? {}) as UserEvent, at);
    case 'call': {
      const { method, path, key, body } = happening;
      return method === 'POST' && path === 'restarts'
        ? askedByCall(body as Body, `call ${key}`, at)
        : undefined;
    }
    default:
      return undefined;
  }
}

interface UserEvent {
  readonly abnormal?: true;
  readonly dry_run?: boolean;
  readonly window?: string;
  readonly max_unavailable?: number | string;
  readonly max_errors?: number | string;
}

function askedByTimer(said: UserEvent, requestedAt: EpochMs): Asked {
  const maxUnavailable = readLimit(said.max_unavailable);
  const maxErrors = readLimit(said.max_errors);
  return {
    deliveryId: `timer ${iso(requestedAt)}`,
    source: 'timer',
    selector: { kind: said.abnormal === true ? 'abnormal' : 'all' },
    dryRun: said.dry_run === true,
    narrowed: {
      ...(said.window === undefined ? {} : { window: [said.window] }),
      ...(maxUnavailable === undefined ? {} : { maxUnavailable }),
      ...(maxErrors === undefined ? {} : { maxErrors }),
    },
    requestedAt,
  };
}

interface Body {
  readonly encode_server_ids?: readonly string[];
  readonly server_ids?: readonly string[];
  readonly phone_ids?: readonly string[];
  readonly abnormal?: true;
  readonly who: string;
  readonly dry_run?: boolean;
  readonly override?: { readonly guards: readonly string[]; readonly why: string };
}

function askedByCall(body: Body, deliveryId: string, requestedAt: EpochMs): Asked {
  const { who, override } = body;
  const guards = OVERRIDABLE.filter((guard) => override?.guards.includes(guard));
  return {
    deliveryId,
    source: 'http',
    selector: selectorOf(body),
    dryRun: body.dry_run === true,
    ...(override === undefined ? {} : { override: { guards, who, why: override.why } }),
    requestedAt,
  };
}

function selectorOf({ encode_server_ids, server_ids, phone_ids, abnormal }: Body): Selector {
  if (encode_server_ids !== undefined) return { kind: 'ids', encodeServerIds: encode_server_ids };
  if (server_ids !== undefined) return { kind: 'hosts', serverIds: server_ids };
  if (phone_ids !== undefined) return { kind: 'phones', phoneIds: phone_ids };
  return { kind: abnormal === true ? 'abnormal' : 'all' };
}

export const names = ({ selector }: Asked, id: string): boolean => {
  if (selector.kind === 'ids') return selector.encodeServerIds.includes(id);
  return selector.kind === 'candidates' && selector.ids.includes(id);
};
