import { BlockList, isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** An address is not one that messages may be sent to. The text is for whoever runs the service. */
export class BlockedAddress extends Error {
  override readonly name = 'BlockedAddress';
  readonly code = 'SPL_BLOCKED';
}

/** What whoever runs the service allows besides public addresses. */
export type NetworkRules = {
  /** CIDR blocks. */
  allowedNetworks: readonly string[];
  /** Whether `http:` is allowed too. */
  allowHttp: boolean;
};

/**
 * Global unicast IPv6 is 2000::/3 (RFC 4291, section 2.4). The package takes the rest of the unassigned space for unicast
 * too, with `::7f00:1`, which is 127.0.0.1 (RFC 4291, section 2.5.5.1).
 */
const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3');

const isAssigned = (address: ipaddr.IPv4 | ipaddr.IPv6): boolean =>
  address instanceof ipaddr.IPv4 || address.match(globalUnicast);

/**
 * Judges where messages may go: public unicast addresses, and what whoever runs the service lists. Everything else,
 * a private network, the machine itself, a special block, or an IPv4 address inside an IPv6 one, is refused.
 */
export class NetworkGuard {
  private readonly allowed = new BlockList();

  constructor(private readonly rules: NetworkRules) {
    for (const network of rules.allowedNetworks) {
      const [address = '', bits = ''] = network.split('/');
      const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
      this.allowed.addSubnet(address, Number(bits), family);
    }
  }

  /** Whether an address in its plain form may be connected to. */
  allows(address: string): boolean {
    const family = isIP(address);
    if (family === 0) return false;
    try {
      const plain = ipaddr.process(address);
      if (plain.range() === 'unicast' && isAssigned(plain)) return true;
      return this.allowed.check(plain.toString(), plain.kind());
    } catch {
      return false;
    }
  }

  /** @throws BlockedAddress unless each address of a name's answer may be connected to, and there is one */
  judge(host: string, addresses: readonly string[]): void {
    const refused = addresses.find((address) => !this.allows(address));
    if (refused !== undefined) throw new BlockedAddress(`${host} is ${refused}`);
    if (addresses.length === 0) throw new BlockedAddress(`${host} has no address`);
  }

  /** @throws BlockedAddress where the host is written as an address, in whatever way, that may not be connected to */
  judgeLiteral(host: string): void {
    const bare = host.replace(/^\[|\]$/g, '');
    if (isIP(bare) !== 0) this.judge(host, [bare]);
  }

  /**
   * What is wrong with the URL of an endpoint, before any name is resolved; nothing where it may be used.
   * WHATWG URLs write every spelling of an IPv4 address as four decimal numbers.
   */
  problemWith(text: string): string | undefined {
    if (!URL.canParse(text)) return 'must be a URL';
    const url = new URL(text);
    if (url.protocol !== 'https:' && !(url.protocol === 'http:' && this.rules.allowHttp))
      return 'must begin with https:';
    if (url.username !== '' || url.password !== '') return 'must not hold a user name or a password';
    if (url.hash !== '') return 'must not have a fragment';
    if (/^(?:.*\.)?(?:localhost|local|internal|localdomain)\.?$/.test(url.hostname) && !this.allows('127.0.0.1'))
      return 'must be at a public address';
    try {
      this.judgeLiteral(url.hostname);
      return undefined;
    } catch {
      return 'must be at a public address';
    }
  }
}
