import ipaddr from 'ipaddr.js';

/**
 * Whether an address belongs to the public Internet. Everything else could be something that trusts this
 * network: loopback, private and link-local ranges, among them the credential endpoints of AWS
 * (169.254.169.254, 169.254.170.2, fd00:ec2::254), and ranges that only translate to one of these.
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  return ipaddr.process(address).range() === 'unicast';
}
