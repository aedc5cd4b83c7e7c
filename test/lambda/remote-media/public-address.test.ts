import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isPublicAddress } from '../../../lambda/remote-media/public-address.ts';

/** What must never be reached: from the IANA registries of special addresses, and what clouds put beside them. */
const notPublic = [
  '0.0.0.0',
  '10.1.2.3',
  '100.64.0.1',
  '100.100.100.200',
  '127.0.0.1',
  '127.255.255.254',
  '168.63.129.16',
  '169.254.169.254',
  '169.254.170.2',
  '172.16.0.1',
  '172.31.255.255',
  '192.0.0.192',
  '192.0.2.1',
  '192.168.0.1',
  '198.18.0.1',
  '198.51.100.1',
  '203.0.113.1',
  '224.0.0.1',
  '240.0.0.1',
  '255.255.255.255',
];
const notPublic6 = [
  '::',
  '::1',
  '100::1',
  '2001:db8::1',
  '2001::1',
  '2002:a9fe:a9fe::1',
  '3fff::1',
  '5f00::1',
  'fc00::1',
  'fd00:ec2::254',
  'fe80::1',
  'fec0::1',
  'ff02::1',
];
const isPublic = [
  '1.1.1.1',
  '8.8.8.8',
  '52.94.236.248',
  '2606:4700::1111',
  '2600:1f18::1',
  '2a00:1450:4001::64',
];

const octets = (address: string) => address.split('.').map(Number) as [number, number, number, number];
const hex = (address: string) => {
  const [a, b, c, d] = octets(address);
  return `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
};

/** Ways to write an IPv4 address within an IPv6 one. */
const within: Record<string, (address: string) => string> = {
  compatible: (address) => `::${address}`,
  'compatible, in hexadecimal': (address) => `::${hex(address)}`,
  mapped: (address) => `::ffff:${address}`,
  'mapped, in hexadecimal': (address) => `::ffff:${hex(address)}`,
  translated: (address) => `::ffff:0:${hex(address)}`,
  NAT64: (address) => `64:ff9b::${hex(address)}`,
  'NAT64 of a network': (address) => `64:ff9b:1::${hex(address)}`,
  '6to4': (address) => `2002:${hex(address)}::1`,
  ISATAP: (address) => `2600:1f18::5efe:${hex(address)}`,
  'ISATAP, global': (address) => `2600:1f18::200:5efe:${hex(address)}`,
  'ISATAP, link-local': (address) => `fe80::5efe:${hex(address)}`,
};

describe('addresses on the public Internet', () => {
  test.each(isPublic)('%s', (address) => expect(isPublicAddress(address)).toBe(true));
});

describe('all others', () => {
  test.each([...notPublic, ...notPublic6])('%s', (address) => expect(isPublicAddress(address)).toBe(false));

  test.each(Object.entries(within))('an address that is not public, within another: %s', (_, write) => {
    const found = notPublic.filter((address) => isPublicAddress(write(address)));
    expect(found).toEqual([]);
  });

  test('whatever is within, an IPv6 address is public only from 2000::/3', () => {
    const parts = fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 8, maxLength: 8 });
    fc.assert(
      fc.property(parts, (given) => {
        const [first = 0] = given;
        const mapped = given.slice(0, 5).every((part) => part === 0);
        fc.pre(!mapped && (first < 0x2000 || first > 0x3fff));
        expect(isPublicAddress(given.map((part) => part.toString(16)).join(':'))).toBe(false);
      }),
    );
  });

  test.each(['', 'localhost', '0x7f.1', '::1%eth0', 'fe80::1%25eth0', '1.1.1.1 ', '[2606:4700::1111]'])(
    'no address: %j',
    (text) => expect(isPublicAddress(text)).toBe(false),
  );
});
