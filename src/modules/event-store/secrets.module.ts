import type { DynamicModule } from '@nestjs/common';
import { Module } from '@nestjs/common';
import { MASTER_KEY, SecretBox } from './secret-box.js';

/** The one box of the process, for every module. */
@Module({})
export class SecretsModule {
  static with(masterKey: Buffer): DynamicModule {
    return {
      module: SecretsModule,
      global: true,
      providers: [SecretBox, { provide: MASTER_KEY, useValue: masterKey }],
      exports: [SecretBox],
    };
  }
}
