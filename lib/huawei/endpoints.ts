/**
 * Where a service answers in a region: one pattern, its exceptions as data, and an override for each service.
 */

export type Service = 'cph' | 'smn' | 'functiongraph';

export type EndpointOverrides = Readonly<Partial<Record<Service, string>>>;

/** The origin of a service, without a trailing slash. Throws with what was expected when it cannot be one. */
export function endpointOf(service: Service, region: string, overrides: EndpointOverrides = {}): string {
  if (!/^[a-z]{2}-[a-z]+-\d{1,3}$/.test(region)) {
    throw new Error(`Expected a region such as "cn-north-4", got ${JSON.stringify(region)}`);
  }
  const override = overrides[service];
  if (override !== undefined) return checkedOverride(service, override);
  return EXCEPTIONS.get(`${service}.${region}`) ?? `https://${service}.${region}.myhuaweicloud.com`;
}

// Source: the Node SDK's region tables (b081640b). Where CPH is sold elsewhere, the pattern is tried.
const EXCEPTIONS: ReadonlyMap<string, string> = new Map([
  ['smn.cn-north-2', 'https://smn.cn-north-2.myhuaweicloud.cn'],
  ['smn.eu-west-101', 'https://smn.eu-west-101.myhuaweicloud.eu'],
]);

/** The regions that the SDK lists for CPH. In others an override may be needed. */
export const CPH_REGIONS: ReadonlySet<string> = new Set([
  ...['cn-north-4', 'cn-north-9', 'cn-east-2', 'cn-east-3', 'cn-east-4', 'cn-south-1', 'cn-southwest-2'],
  ...['ap-southeast-1', 'ap-southeast-3', 'la-north-2', 'la-south-2', 'af-north-1', 'ru-northwest-2'],
]);

const LOOPBACK = new Set(['127.0.0.1', '[::1]', 'localhost']);

/** A signed request carries a token that acts for the account: it leaves this machine encrypted or not at all. */
function checkedOverride(service: Service, text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const safe = url?.protocol === 'https:' || (url?.protocol === 'http:' && LOOPBACK.has(url.hostname));
  const bare = url?.pathname === '/' && url.search === '' && url.hash === '' && url.username === '';
  if (url === undefined || !safe || !bare) {
    throw new Error(
      `Expected the ${service} endpoint to be an https origin without path (http only on this machine), ` +
        `such as "https://${service}.cn-north-4.myhuaweicloud.com"`,
    );
  }
  return url.origin;
}
