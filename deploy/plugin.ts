/** The plugin as the framework sees it: which commands there are, and what each does. Everything else is elsewhere. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readService } from './check/read.ts';
import type { Service } from './check/service.ts';
import { Failure } from './failure.ts';
import type { Osls, OslsCommand, OslsOptions, OslsWriters } from './osls.ts';
import { packageFunctions } from './package.ts';

/** Commands that need a serverless.yml without mistakes. */
const OURS: ReadonlySet<string> = new Set(['package', 'deploy', 'info', 'invoke', 'remove']);

export class HuaweiPlugin {
  readonly commands: Readonly<Record<string, OslsCommand>> = {};
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
    const hooks: Readonly<Record<string, () => Promise<void>>> = {
      initialize: async () => {
        if (OURS.has(osls.processedInput.commands[0] ?? '')) this.#read();
      },
      'before:package:createDeploymentArtifacts': () => this.#package(),
    };
    this.hooks = Object.fromEntries(
      Object.entries(hooks).map(([event, run]) => [event, () => this.#tellFailures(run)]),
    );
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
