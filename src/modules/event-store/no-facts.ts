import { Injectable } from '@nestjs/common';
import type { FactsSource } from './facts-source.js';

/** For streams whose rules need to know nothing from outside. */
@Injectable()
export class NoFacts implements FactsSource {
  gather(): Promise<object> {
    return Promise.resolve({});
  }
}
