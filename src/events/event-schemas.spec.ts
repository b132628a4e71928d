import { expect, test } from 'vitest';
import { EventSchemas, eventSchemas, UnknownEventSchema } from './event-schemas.js';
import { SchemaVersion } from './schema-version.js';
import type { Upcasters } from './upcasters.js';

class NoteWritten {
  readonly text!: string;
}

/** Version 1 had `name`, version 2 `who`; version 3 says of what kind. */
@SchemaVersion(3)
class GuestInvited {
  readonly who!: string;
  readonly kind!: 'person' | 'team';
}

const catalog = { 'note.written': NoteWritten, 'guest.invited': GuestInvited };
const upcasters = {
  'guest.invited': {
    1: ({ name }: { name: string }) => ({ who: name }),
    2: (payload: { who: string }) => ({ ...payload, kind: 'person' }),
  },
};
const schemas = new EventSchemas(catalog, upcasters);

test('what an earlier program stored is read as the program of today would have written it', () => {
  const stored = Object.freeze({ name: 'ada' });
  expect(schemas.upcast('guest.invited', 1, stored)).toEqual({ who: 'ada', kind: 'person' });
  expect(stored).toEqual({ name: 'ada' });
  expect(schemas.upcast('guest.invited', 2, { who: 'ada' })).toEqual({ who: 'ada', kind: 'person' });
});

test('what is stored in the present version is the same object', () => {
  const stored = { who: 'core', kind: 'team' };
  expect(schemas.upcast('guest.invited', 3, stored)).toBe(stored);
  expect(schemas.versionOf('guest.invited')).toBe(3);
  expect(schemas.versionOf('note.written')).toBe(1);
});

test('what a later program stored is refused, and so is what nobody stores', () => {
  for (const version of [4, 99, 0, -1, 1.5, NaN]) {
    expect(() => schemas.upcast('guest.invited', version, { who: 'ada' })).toThrow(UnknownEventSchema);
  }
  expect(() => schemas.upcast('note.written', 2, {})).toThrow('History holds note.written in schema version 2');
  expect(() => schemas.upcast('note.burnt', 1, {})).toThrow('History holds events of the type note.burnt');
  expect(() => schemas.upcast('constructor', 1, {})).toThrow(UnknownEventSchema);
});

test('a version without a way to it from every earlier one does not start', () => {
  const { 1: first, 2: second } = upcasters['guest.invited'];
  const incomplete: Upcasters[] = [
    {},
    { 'guest.invited': { 1: first } },
    { 'guest.invited': { 2: second } },
    { 'guest.invited': { 1: first, 3: second } },
    { ...upcasters, 'note.written': { 1: first } },
    { ...upcasters, 'note.burnt': { 1: first } },
  ];
  for (const broken of incomplete) {
    expect(() => new EventSchemas(catalog, broken)).toThrow(RangeError);
  }
});

test('every event of the program is known', () => {
  expect(eventSchemas.names.length).toBeGreaterThan(15);
  for (const name of eventSchemas.names) expect(name).toMatch(/^[a-z_]+\.[a-z_]+\.[a-z_]+$/);
});
