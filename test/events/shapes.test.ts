import { describe, expect, it } from 'vitest';
import { type CloudEyeAlarm, readCloudEyeAlarm } from '../../events/cloud-eye.ts';
import { isProblem } from '../../events/event.ts';
import { defaultFormat, eventAlarm, HOST, nested, SERVER, TIME, template } from './shapes.ts';

function read(message: string): CloudEyeAlarm {
  const alarm = readCloudEyeAlarm(message);
  if (isProblem(alarm)) throw new Error(alarm.problem);
  return alarm;
}

const dimension = (value: unknown) => defaultFormat({ dimension: value });
const resourceId = (value: unknown) =>
  defaultFormat({ dimension: '', template_variable: { ResourceId: value } });
const content = (value: unknown) => eventAlarm('hung', value, { dimension: '' });

describe('ids are taken from', () => {
  it.each<[string, string, readonly string[]]>([
    ['a dimension "name:value"', dimension(`server_id:${HOST}`), [HOST]],
    ['a dimension split at its first colon alone', dimension('a:x1,b:y:2,c:z3'), ['x1', 'z3']],
    ['several dimensions after commas', dimension(`server_id:${HOST}, encode:${SERVER}`), [HOST, SERVER]],
    ['several dimensions after semicolons', dimension(`server_id:${HOST};encode:${SERVER}`), [HOST, SERVER]],
    ['a dimension without a name', dimension(HOST), [HOST]],
    ['a list of texts', dimension([`server_id:${HOST}`, `e:${SERVER}`]), [HOST, SERVER]],
    ['a list of {name, value}', dimension([{ name: 'server_id', value: HOST }]), [HOST]],
    ['an object of values by name', dimension({ server_id: HOST, encode_server_id: SERVER }), [HOST, SERVER]],
    [
      'dimensions, as the API calls them',
      defaultFormat({ dimensions: [{ name: 'e', value: SERVER }] }),
      [HOST, SERVER],
    ],
    ['ResourceId', resourceId(HOST), [HOST]],
    ['ResourceId before its <br>', resourceId(`${HOST}<br>挂载点：/data`), [HOST]],
    ['ResourceId before a <br> that was escaped', resourceId(`${HOST}&lt;br&gt;挂载点：/data`), [HOST]],
    ['ResourceId before its <br/>, not the word behind', resourceId(`${HOST}<br/>data`), [HOST]],
    ['a ResourceId of several dimensions', resourceId(`${HOST},${SERVER}`), [HOST, SERVER]],
    ['both places, each once', defaultFormat({ template_variable: { ResourceId: HOST } }), [HOST]],
    ['a template, spelled ResourceID', template({ IsAlarm: true, ResourceID: HOST }), [HOST]],
    ['a template, spelled resource_id', template({ IsAlarm: true, resource_id: HOST }), [HOST]],
    ['the detail of an event', content({ resource_id: HOST }), [HOST]],
    ['the detail of an event as text', content(JSON.stringify({ resource_id: HOST })), [HOST]],
    ['an event with its detail within', content({ detail: { resource_id: HOST } }), [HOST]],
    [
      'text in JSON in the detail',
      content({ detail: { content: `{"encode_server_id":"${SERVER}"}` } }),
      [SERVER],
    ],
    ['the dimensions of an event', content({ dimensions: [{ name: 'phone_id', value: 'p1' }] }), ['p1']],
    ['a list of events', content([{ resource_id: HOST }, { resource_id: SERVER }]), [HOST, SERVER]],
    ['an event that names servers in a list', content({ encode_server_ids: [SERVER, 's2'] }), [SERVER, 's2']],
  ])('%s', (_where, message, ids) => {
    expect(read(message).resourceIds).toEqual(ids);
  });
});

describe('ids are not taken from', () => {
  it.each<[string, string]>([
    ['the text of an event', content(`server ${HOST} is hung`)],
    [
      'ids of rules, groups, records and projects',
      content({ group_id: 'g1', event_id: 'e1', project_id: 'p1' }),
    ],
    ['names, users and states', content({ resource_name: 'n1', event_user: 'u1', event_state: 'incident' })],
    ['what is no id', resourceId(`../../${HOST}`)],
    ['what is too long to be one', resourceId('a'.repeat(65))],
    ['what holds NUL, a line break or half a character', resourceId('a\u0000b,c\nd,e\ud83df')],
    ['figures', dimension([1, { value: 2 }, null, true])],
    [
      'the prototype',
      '{"message_type":"alarm","template_variable":{"__proto__":{"ResourceId":"x"},"constructor":"y"}}',
    ],
    ['lists in lists in lists', dimension([[[[HOST]]]])],
  ])('%s', (_where, message) => {
    expect(read(message).resourceIds).toEqual([]);
  });

  it('more than 20 places, and it is told how many were left out', () => {
    const many = Array.from({ length: 25 }, (_, index) => `n:id-${index}`);
    const alarm = read(dimension(many.join(',')));
    expect(alarm.resourceIds).toEqual(many.slice(0, 20).map((pair) => pair.slice(2)));
    expect(alarm.idsLeftOut).toBe(5);
    expect(read(dimension(many.slice(0, 20))).idsLeftOut).toBe(0);
  });
});

describe('the state is', () => {
  const marked = (IsAlarm: unknown) => defaultFormat({ template_variable: { IsAlarm } });
  const recovery = (IsAlarm: unknown) =>
    defaultFormat({ alarm_status: 'ok', template_variable: { IsAlarm } });
  it.each<[CloudEyeAlarm['state'], string, string]>([
    ['alarm', 'where both marks say so', marked(true)],
    ['alarm', 'where only alarm_status speaks', marked(undefined)],
    ['alarm', 'however alarm_status is written', defaultFormat({ alarm_status: ' Alarm' })],
    ['recovered', 'however alarm_status is written', defaultFormat({ alarm_status: 'OK' })],
    ['alarm', 'however message_type is written', defaultFormat({ message_type: 'Alarm' })],
    ['alarm', 'behind a byte order mark', `\uFEFF${defaultFormat()}`],
    ['alarm', 'where IsAlarm is the text "True"', marked('True')],
    ['recovered', 'where both marks say so', recovery(false)],
    ['recovered', 'where alarm_status is ok and IsAlarm disagrees', recovery(true)],
    ['recovered', 'where IsAlarm is false and alarm_status disagrees', marked(false)],
    ['recovered', 'where IsAlarm is the text "false"', marked('false')],
    ['recovered', 'where IsAlarm is empty', marked('')],
    ['recovered', 'where IsAlarm is null', marked(null)],
    ['recovered', 'where two spellings disagree', template({ IsAlarm: true, isalarm: false })],
    ['alarm', 'of a template where IsAlarm says so', template({ IsAlarm: true })],
    ['alarm', 'of a template where isalarm says so', template({ isalarm: 'true' })],
    ['recovered', 'of a template where IsAlarm is false', template({ IsAlarm: false })],
    ['recovered', 'of a template where IsAlarm is ""', template({ IsAlarm: '' })],
    ['unmarked', 'of a template without IsAlarm', template({})],
    [
      'other',
      'where alarm_status is insufficient_data',
      defaultFormat({ alarm_status: 'insufficient_data' }),
    ],
    ['other', 'where alarm_status is missing', defaultFormat({ alarm_status: undefined })],
    ['other', 'where IsAlarm is neither', marked('maybe')],
    ['other', 'of a template where IsAlarm is neither', template({ IsAlarm: '{{IsAlarm}}' })],
  ])('%s %s', (state, _where, message) => {
    expect(read(message).state).toBe(state);
  });

  it('said in its own words where it is neither an alarm nor a recovery', () => {
    expect(read(defaultFormat({ alarm_status: 'ok_manual' })).said).toBe('alarm_status "ok_manual"');
    expect(read(template({ IsAlarm: 7 })).said).toBe('IsAlarm 7');
  });
});

describe('the time is', () => {
  it.each<[string, unknown, number | undefined]>([
    ['in milliseconds', TIME, TIME],
    ['in seconds, by its size', 1_772_389_803, 1_772_389_803_000],
    ['in fractions', TIME + 0.5, TIME],
    ['not a text', String(TIME), undefined],
    ['not zero', 0, undefined],
    ['not before 1970', -TIME, undefined],
    ['not beyond what has a date', 9e15, undefined],
    ['not beyond any number', 1e300, undefined],
  ])('%s', (_what, time, expected) => {
    expect(read(defaultFormat({ time })).time).toBe(expected);
  });

  it('never AlarmTime, whose offset lies', () => {
    const AlarmTime = '2026/03/02 02:30:03 GMT+08:00';
    expect(read(defaultFormat({ time: undefined, template_variable: { AlarmTime } }))).not.toHaveProperty(
      'time',
    );
  });
});

describe('a message that is no alarm is a problem with its place', () => {
  it.each<[string, string]>([
    ['your server is unwell', 'smn.message: expected a Cloud Eye alarm in JSON, got "your server is unwell"'],
    ['', 'smn.message: expected a Cloud Eye alarm in JSON, got ""'],
    ['[]', 'smn.message: expected a Cloud Eye alarm in JSON'],
    ['null', 'smn.message: expected a Cloud Eye alarm in JSON'],
    [
      '{}',
      'smn.message: expected "message_type" (default format) or "version" and "data" (template), got the keys []',
    ],
    ['{"version":"v1","data":"x"}', 'got the keys ["version","data"]'],
    ['{"data":{"IsAlarm":true}}', 'smn.message.version: expected "v1", got nothing'],
    ['{"version":"v2","data":{"IsAlarm":true}}', 'smn.message.version: expected "v1", got "v2"'],
    [
      '{"message_type":"news","alarm_status":"alarm"}',
      'smn.message.message_type: expected "alarm", got "news"',
    ],
    [nested('[', ']'), 'smn.message: expected a Cloud Eye alarm in JSON'],
    [`{"message_type":${nested('[', ']')}}`, 'message_type: expected "alarm", got a list'],
    [
      `{"message_type":${nested('{"a":', '}', '1')}}`,
      'message_type: expected "alarm", got a value of type object',
    ],
  ])('%.60s', (message, problem) => {
    expect(readCloudEyeAlarm(message)).toEqual({ problem: expect.stringContaining(problem) });
  });
});

describe('an alarm with something odd in it is read all the same', () => {
  const deep = (key: string, value: string) =>
    `{"message_type":"alarm","alarm_status":"alarm","${key}":${value}}`;
  it.each<[string, string]>([
    ['50,000 lists in its dimension', deep('dimension', nested('[', ']'))],
    ['50,000 events in each other', deep('template_variable', nested('{"EventContent":', '}', '1'))],
    ['30,000 events beside each other', deep('detail', `[${'{"detail":[{},{}]},'.repeat(30_000)}{}]`)],
    ['a key twice', '{"message_type":"alarm","alarm_status":"ok","alarm_status":"alarm"}'],
    ['a template_variable that is a text', deep('template_variable', '"x"')],
    ['a name of 200,000 characters', deep('alarm_name', JSON.stringify('x'.repeat(200_000)))],
    ['200,000 commas', deep('dimension', JSON.stringify(','.repeat(200_000)))],
    ['200,000 half characters', deep('dimension', JSON.stringify('\ud800'.repeat(200_000)))],
    ['"<br" 60,000 times', deep('dimension', JSON.stringify('<br '.repeat(60_000)))],
  ])('%s', (_what, message) => {
    expect(read(message)).toMatchObject({ state: 'alarm' });
  });

  it('and its names are cut to what a line holds', () => {
    const alarm = read(defaultFormat({ alarm_name: '😀'.repeat(200), metric_name: 'm'.repeat(500) }));
    expect(alarm.alarmName).toHaveLength(127);
    expect(alarm.names[0]).toHaveLength(128);
    const events = Array.from({ length: 100 }, (_, index) => ({
      event_name: `e${index}`,
      resource_id: `r${index}`,
    }));
    expect(read(content(events))).toMatchObject({ names: { length: 8 }, idsLeftOut: 80 });
  });
});
