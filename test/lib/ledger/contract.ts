/** What every ledger promises; each store runs this suite. */
import { describe } from 'vitest';
import { claims } from './claims.ts';
import { fleet } from './fleet.ts';
import type { MakeLedger } from './given.ts';
import { givingBack } from './giving-back.ts';
import { handOver } from './hand-over.ts';
import { histories } from './histories.ts';
import { leases } from './leases.ts';
import { letters } from './letters.ts';
import { limits } from './limits.ts';
import { outcomes } from './outcomes.ts';
import { overrides } from './overrides.ts';
import { people } from './people.ts';
import { plannedWork } from './planned.ts';
import { runs } from './runs.ts';
import { servers } from './servers.ts';
import { stormRounds } from './storm-rounds.ts';
import { storms } from './storms.ts';

export const ledgerContract = (name: string, make: MakeLedger) =>
  describe(`the ${name} ledger`, () => {
    runs(make);
    leases(make);
    claims(make);
    overrides(make);
    limits(make);
    plannedWork(make);
    outcomes(make);
    givingBack(make);
    storms(make);
    stormRounds(make);
    servers(make);
    handOver(make);
    people(make);
    letters(make);
    fleet(make);
    histories(make);
  });
