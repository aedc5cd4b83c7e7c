import ipaddr from 'ipaddr.js';

/**
 * Whether an address belongs to the public Internet. Everything else could be something that trusts this
 * network: loopback, private and link-local ranges, among them the credential endpoints of AWS
 * (169.254.169.254, 169.254.170.2, fd00:ec2::254), and ranges that only translate to one of these.
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  if (parsed.range() !== 'unicast') return false;
  return parsed instanceof ipaddr.IPv6 ? isGlobal(parsed) : !ofClouds.has(parsed.toString());
}

/**
 * Public IPv6 addresses begin with 001 (https://www.iana.org/assignments/ipv6-address-space). `unicast` is what no
 * range of ipaddr.js holds, and that includes forms with an IPv4 address within, such as ::169.254.169.254.
 */
function isGlobal({ parts }: ipaddr.IPv6): boolean {
  if (((parts[0] ?? 0) & 0xe000) !== 0x2000) return false;
  // ISATAP (RFC 5214): …:0:5efe:a.b.c.d and …:200:5efe:a.b.c.d lead to the IPv4 address.
  const tunnelled = parts[5] === 0x5efe && (parts[4] === 0 || parts[4] === 0x200);
  return !tunnelled || isPublicAddress(lastFour(parts));
}

function lastFour(parts: readonly number[]): string {
  const [high = 0, low = 0] = parts.slice(6);
  return [high >> 8, high & 0xff, low >> 8, low & 0xff].join('.');
}

/** Public by their range, and yet a cloud's own service on its machines: Azure's wire server. */
const ofClouds = new Set(['168.63.129.16']);
