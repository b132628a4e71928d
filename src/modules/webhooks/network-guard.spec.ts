import { describe, expect, test } from 'vitest';
import { NetworkGuard } from './network-guard.js';

const guard = new NetworkGuard({ allowedNetworks: [], allowHttp: true });
const strict = new NetworkGuard({ allowedNetworks: [], allowHttp: false });

/** Addresses of special blocks (the IANA special-purpose registries), and of none that is for everybody. */
const special4 = [
  '0.0.0.0',
  '0.1.2.3',
  '10.0.0.1',
  '10.255.255.255',
  '100.64.0.1',
  '100.127.255.254',
  '127.0.0.1',
  '127.255.255.254',
  '169.254.0.1',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.254',
  '192.0.0.1',
  '192.0.0.170',
  '192.0.2.1',
  '192.31.196.1',
  '192.52.193.1',
  '192.88.99.1',
  '192.168.0.1',
  '192.168.255.254',
  '192.175.48.1',
  '198.18.0.1',
  '198.19.255.254',
  '198.51.100.1',
  '203.0.113.1',
  '224.0.0.1',
  '239.255.255.255',
  '240.0.0.1',
  '255.255.255.255',
];
const special6 = [
  '::',
  '::1',
  '::127.0.0.1',
  '::7f00:1',
  '::a00:1',
  '4000::1',
  '::ffff:127.0.0.1',
  '::ffff:0:127.0.0.1',
  '64:ff9b::7f00:1',
  '64:ff9b:1::1',
  '100::1',
  '2001::1',
  '2001:2::1',
  '2001:db8::1',
  '2001:10::1',
  '2001:20::1',
  '2002:7f00:1::',
  '3fff::1',
  '5f00::1',
  'fc00::1',
  'fd00:ec2::254',
  'fe80::1',
  'fec0::1',
  'ff02::1',
  '2620:4f:8000::1',
  'fe80::1%eth0',
];

/** Six ways to write the same IPv4 address in a URL. */
function spellings(address: string): string[] {
  const bytes = address.split('.').map(Number);
  const [a = 0, b = 0, c = 0, d = 0] = bytes;
  const whole = ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
  const hex = (n: number) => n.toString(16);
  return [
    address,
    String(whole),
    `0x${hex(whole)}`,
    bytes.map((byte) => `0${byte.toString(8)}`).join('.'),
    `${a}.${b}.${(c << 8) | d}`,
    `[::ffff:${hex((a << 8) | b)}:${hex((c << 8) | d)}]`,
    `${address}.`,
  ];
}

describe('only public unicast addresses may be connected to', () => {
  test.each([...special4, ...special6])('%s is refused', (address) => {
    expect(guard.allows(address)).toBe(false);
  });

  test.each(['93.184.216.34', '8.8.8.8', '1.1.1.1', '2606:4700:4700::1111', '2a00:1450:4001:82a::200e'])(
    '%s is let through',
    (address) => {
      expect(guard.allows(address)).toBe(true);
    },
  );

  test('what is no address is refused', () => {
    for (const text of ['', 'localhost', '1.2.3', '1.2.3.4.5', '0x7f.1', ':::1'])
      expect(guard.allows(text)).toBe(false);
  });
});

describe('a URL', () => {
  test.each(special4)('is refused however %s is written in it', (address) => {
    for (const host of spellings(address)) {
      expect(guard.problemWith(`http://${host}/hook`), host).toBe('must be at a public address');
      expect(guard.problemWith(`http://${host}:8443/hook`), host).toBe('must be at a public address');
    }
  });

  test.each(special6.filter((address) => !address.includes('%')))('is refused with [%s]', (address) => {
    for (const host of [address, address.toUpperCase()]) {
      expect(guard.problemWith(`http://[${host}]/hook`)).toBe('must be at a public address');
    }
  });

  test('of a name is taken: its answers are judged when there is one', () => {
    expect(strict.problemWith('https://hooks.example.com/a?b=c')).toBeUndefined();
    expect(strict.problemWith('https://93.184.216.34:8443/')).toBeUndefined();
  });

  test('is refused where it is none, is not https, names a user or the machine itself', () => {
    expect(strict.problemWith('hooks')).toBe('must be a URL');
    expect(strict.problemWith('http://hooks.example.com/')).toBe('must begin with https:');
    expect(strict.problemWith('ftp://hooks.example.com/')).toBe('must begin with https:');
    expect(guard.problemWith('file:///etc/passwd')).toBe('must begin with https:');
    expect(strict.problemWith('https://me:you@hooks.example.com/')).toMatch(/user name/);
    expect(strict.problemWith('https://hooks.example.com/#a')).toMatch(/fragment/);
    for (const host of ['localhost', 'a.localhost', 'LOCALHOST.', 'metadata.google.internal', 'printer.local']) {
      expect(strict.problemWith(`https://${host}/`), host).toBe('must be at a public address');
    }
  });
});

describe('the answer to a name', () => {
  test('is refused as a whole where one of its addresses is refused, or it has none', () => {
    expect(() => guard.judge('a.example', ['93.184.216.34', '10.0.0.1'])).toThrow('a.example is 10.0.0.1');
    expect(() => guard.judge('a.example', [])).toThrow(/no address/);
    expect(() => guard.judge('a.example', ['93.184.216.34', '2606:4700:4700::1111'])).not.toThrow();
  });
});

describe('whoever runs the service', () => {
  const own = new NetworkGuard({ allowedNetworks: ['10.1.0.0/16', 'fd00:1::/32', '127.0.0.1/32'], allowHttp: true });

  test('may allow networks, and nothing beside them', () => {
    for (const address of ['10.1.2.3', 'fd00:1::9', '127.0.0.1', '::ffff:10.1.2.3']) {
      expect(own.allows(address), address).toBe(true);
    }
    for (const address of ['10.2.0.1', 'fd00:2::1', '127.0.0.2', '::1', '8.8.8.8'].slice(0, -1)) {
      expect(own.allows(address), address).toBe(false);
    }
    expect(own.problemWith('http://127.0.0.1:8080/')).toBeUndefined();
    expect(own.problemWith('http://localhost:8080/')).toBeUndefined();
  });
});
