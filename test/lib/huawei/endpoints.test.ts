import { describe, expect, it, test } from 'vitest';
import { CPH_REGIONS, endpointOf, type Service } from '../../../lib/huawei/endpoints.ts';

describe('an endpoint', () => {
  test.each([
    ['cph', 'cn-north-4', 'https://cph.cn-north-4.myhuaweicloud.com'],
    ['smn', 'ap-southeast-3', 'https://smn.ap-southeast-3.myhuaweicloud.com'],
    ['smn', 'my-kualalumpur-1', 'https://smn.my-kualalumpur-1.myhuaweicloud.com'],
    ['smn', 'cn-north-2', 'https://smn.cn-north-2.myhuaweicloud.cn'],
    ['smn', 'eu-west-101', 'https://smn.eu-west-101.myhuaweicloud.eu'],
    ['functiongraph', 'eu-west-101', 'https://functiongraph.eu-west-101.myhuaweicloud.com'],
  ] as const)('of %s in %s is %s', (service, region, expected) => {
    expect(endpointOf(service, region)).toBe(expected);
  });

  test.each(['', 'cn-north', 'cn-north-4.evil.example', 'CN-NORTH-4', 'cn-north-4444'])(
    'is refused for the region %j',
    (region) => {
      expect(() => endpointOf('cph', region)).toThrow(/Expected a region such as/);
    },
  );

  it('can be overridden for each service', () => {
    const overrides: Partial<Record<Service, string>> = {
      cph: 'https://cph.eu-de.otc.t-systems.com/',
      smn: 'http://127.0.0.1:8080',
    };
    expect(endpointOf('cph', 'eu-de-1', overrides)).toBe('https://cph.eu-de.otc.t-systems.com');
    expect(endpointOf('smn', 'eu-de-1', overrides)).toBe('http://127.0.0.1:8080');
    expect(endpointOf('functiongraph', 'eu-de-1', overrides)).toMatch(/myhuaweicloud/);
  });

  test.each([
    'http://cph.example.com',
    'https://host/path',
    'https://host/?a=b',
    'https://user:pass@host',
    'ftp://127.0.0.1',
    'no url',
  ])('cannot be overridden with %j', (endpoint) => {
    expect(() => endpointOf('cph', 'cn-north-4', { cph: endpoint })).toThrow(/Expected the cph endpoint/);
  });

  it('is known for the thirteen regions of CPH', () => {
    expect(CPH_REGIONS.size).toBe(13);
    for (const region of CPH_REGIONS) expect(endpointOf('cph', region)).toContain(region);
  });
});
