/** Topics are in the region and the project that this is deployed to: no other can be subscribed or published to. */
import { type Problem, shown } from './problems.ts';
import type { Service } from './service.ts';

export function checkTopics(service: Service): readonly Problem[] {
  const { region, projectId } = service.provider;
  const here = `urn:smn:${region}:${projectId}:`;
  const expected = `a topic of the project that this is deployed to, ${here}<name>`;
  return topicsOf(service).flatMap(({ path, urn }): Problem[] =>
    urn.startsWith(here) ? [] : [{ path, expected, got: shown(urn) }],
  );
}

interface Topic {
  readonly path: readonly PropertyKey[];
  readonly urn: string;
}

function topicsOf({ functions, settings }: Service): readonly Topic[] {
  const stated = ['report_topic', 'page_topic', 'results_topic'].map((key) => {
    return { path: ['custom', 'settings', key], urn: settings[key] };
  });
  const alarms = (settings['alarm_topics'] ?? []) as readonly string[];
  const listed = alarms.map((urn, at) => ({ path: ['custom', 'settings', 'alarm_topics', at], urn }));
  const ofFunctions = functions.flatMap(({ key, config, triggers }) => [
    ...triggers.map((one, at) => ({
      path: ['functions', key, 'events', at, 'eventData', 'topicUrn'],
      urn: one.triggerTypeCode === 'SMN' ? one.eventData.topicUrn : undefined,
    })),
    {
      path: ['functions', key, 'asyncInvokeConfig', 'onFailure', 'topicUrn'],
      urn: config.asyncInvokeConfig?.onFailure?.topicUrn,
    },
  ]);
  return [...stated, ...listed, ...ofFunctions].flatMap(({ path, urn }) =>
    typeof urn === 'string' ? [{ path, urn }] : [],
  );
}
