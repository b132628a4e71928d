import type { ExecutionContext } from '@nestjs/common';

/**
 * What routes were declared with, by their handlers. It is asked for with every request, for which looking through
 * reflected metadata is slow.
 */
export class RouteNote<T> {
  private readonly notes = new WeakMap<object, T>();

  /** Declares it for the method. */
  on(value: T): MethodDecorator {
    return (_target, _name, { value: handler }: PropertyDescriptor) => {
      this.notes.set(handler as object, value);
    };
  }

  /** What the route of this request was declared with, if it was. */
  find(context: ExecutionContext): T | undefined {
    return this.notes.get(context.getHandler());
  }

  /** The same where there is no way but by such a route. */
  of(context: ExecutionContext): T {
    const note = this.find(context);
    if (note === undefined) throw new Error(`the route ${context.getHandler().name} was not declared as one of these`);
    return note;
  }
}
