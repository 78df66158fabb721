/** The plugin as the framework sees it: which commands there are, and what each does. Everything else is elsewhere. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { shown, valueAt } from './check/problems.ts';
import { readService } from './check/read.ts';
import type { Service } from './check/service.ts';
import type { Management } from './cloud/management.ts';
import type { Topics } from './cloud/topics.ts';
import { deploy } from './commands/deploy.ts';
import { doctor } from './commands/doctor.ts';
import { info } from './commands/info.ts';
import { invoke } from './commands/invoke.ts';
import { invokeLocal, LOCAL_OPTIONS } from './commands/invoke-local.ts';
import type { Io } from './commands/io.ts';
import { remove } from './commands/remove.ts';
import { withManagement } from './connect.ts';
import { Failure } from './failure.ts';
import type { Osls, OslsCommand, OslsOptions, OslsWriters } from './osls.ts';
import { packageFunctions } from './package.ts';

/** Commands that need a serverless.yml without mistakes. */
const OURS: ReadonlySet<string> = new Set(['package', 'checkup', 'deploy', 'info', 'invoke', 'remove']);

/** What our commands understand beside the framework's own options. */
const COMMANDS: Readonly<Record<string, OslsCommand>> = {
  deploy: {
    options: {
      'dry-run': { usage: 'Show what differs, and change nothing', type: 'boolean' },
      prune: { usage: 'Delete functions of ours that serverless.yml no longer has', type: 'boolean' },
    },
  },
  invoke: {
    commands: {
      local: {
        options: Object.fromEntries(
          LOCAL_OPTIONS.map((name) => [
            name,
            { usage: `As of "npm run invoke -- … --${name}"`, type: 'string' },
          ]),
        ),
      },
    },
  },
  // The framework has a command of its own that is called doctor, and loads no plugin for it.
  checkup: {
    usage: 'Check a deployment from inside; sends a test message to the topics of reports, and a test alarm',
    lifecycleEvents: ['checkup'],
    options: {
      json: { usage: 'For programs', type: 'boolean' },
      alarm: { usage: 'Send the test alarm, as it does; --no-alarm leaves it out', type: 'boolean' },
    },
  },
  remove: { options: { yes: { usage: 'Do not ask', type: 'boolean' } } },
};

export class HuaweiPlugin {
  readonly commands = COMMANDS;
  readonly hooks: Readonly<Record<string, () => Promise<void>>>;
  readonly #osls: Osls;
  readonly #options: OslsOptions;
  readonly #writers: OslsWriters;
  #service: Service | undefined;

  constructor(osls: Osls, options: OslsOptions, writers: OslsWriters) {
    this.#osls = osls;
    this.#options = options;
    this.#writers = writers;
    osls.setProvider('huawei', this);
    this.#refuseOthers();
    const hooks: Readonly<Record<string, () => Promise<void>>> = {
      initialize: async () => {
        const [command = '', sub] = osls.processedInput.commands;
        // Locally nothing of the operator's own is needed.
        if (OURS.has(command) && sub !== 'local') this.#read();
      },
      'before:package:createDeploymentArtifacts': () => this.#package(),
      'deploy:deploy': () =>
        this.#managed((service, management, io) =>
          deploy(service, management, this.#folder(), io, {
            mode: options['dry-run'] === true ? 'dry-run' : 'apply',
            takenOut: options['prune'] === true ? 'goes' : 'stays',
          }),
        ),
      'checkup:checkup': () =>
        this.#managed((service, management, io, topics) =>
          doctor(service, management, io, topics, {
            as: options['json'] === true ? 'json' : 'table',
            testAlarm: options['alarm'] === false ? 'leave out' : 'send',
          }),
        ),
      'info:info': () => this.#managed(info),
      'invoke:invoke': () =>
        this.#managed((service, management, io) => invoke(service, management, options, osls.serviceDir, io)),
      'invoke:local:invoke': () => invokeLocal(options, osls.serviceDir),
      'remove:remove': () =>
        this.#managed((service, management, io) =>
          remove(service, management, io, options['yes'] === true ? 'given' : 'ask'),
        ),
    };
    this.hooks = Object.fromEntries(
      Object.entries(hooks).map(([event, run]) => [event, () => this.#tellFailures(run)]),
    );
  }

  /** The framework would check serverless.yml by another provider's rules, and say a screenful about them. */
  #refuseOthers(): void {
    const provider = this.#osls.configurationInput['provider'];
    const name = typeof provider === 'string' ? provider : valueAt(provider, ['name']);
    if (name === 'huawei') return;
    const line = `provider.name: expected "huawei", got ${shown(name)}`;
    throw new this.#osls.classes.Error(`serverless.yml:\n  ${line}`, 'INVALID_CONFIGURATION');
  }

  /** A failure that we understand is a message; anything else is a mistake of ours and keeps its stack. */
  async #tellFailures(run: () => Promise<void>): Promise<void> {
    try {
      await run();
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      throw new this.#osls.classes.Error(error.message, error.code);
    }
  }

  #managed(
    work: (service: Service, management: Management, io: Io, topics: Topics) => Promise<void>,
  ): Promise<void> {
    const service = this.#read();
    const place = { environment: process.env, folder: this.#osls.serviceDir };
    return withManagement(service, place, (management, topics) =>
      work(service, management, this.#io(), topics),
    );
  }

  #io(): Io {
    const { writeText, log } = this.#writers;
    return {
      print: writeText,
      say: (line) => log.notice(line),
      async ask(question) {
        const terminal = createInterface({ input: process.stdin, output: process.stderr });
        const ended = new Promise<undefined>((resolve) => {
          terminal.once('close', () => resolve(undefined));
        });
        try {
          return await Promise.race([terminal.question(question), ended]);
        } finally {
          terminal.close();
        }
      },
    };
  }

  #read(): Service {
    if (this.#service === undefined) {
      const { configurationInput, configurationFilename, serviceDir, service } = this.#osls;
      const given = {
        service: service.service,
        stage: service.provider.stage,
        provider: configurationInput['provider'],
        functions: service.functions,
        custom: configurationInput['custom'],
      };
      this.#service = readService(given, readFileSync(join(serviceDir, configurationFilename), 'utf8'));
    }
    return this.#service;
  }

  /** Where the zips are. */
  #folder(): string {
    const { serviceDir, service } = this.#osls;
    const { package: asked } = this.#options;
    return resolve(serviceDir, typeof asked === 'string' ? asked : (service.package.path ?? '.serverless'));
  }

  async #package(): Promise<void> {
    const { serviceDir, service } = this.#osls;
    const keys = this.#read().functions.map(({ key }) => key);
    for (const { key, path, bytes, fingerprint } of await packageFunctions(
      serviceDir,
      keys,
      this.#folder(),
    )) {
      // The framework leaves alone what is packaged already.
      Object.assign(service.functions[key] ?? {}, { package: { artifact: path } });
      this.#writers.log.notice(
        `${key.padEnd(10)} ${String(Math.ceil(bytes / 1024)).padStart(5)} kB  ${fingerprint}`,
      );
    }
  }
}
