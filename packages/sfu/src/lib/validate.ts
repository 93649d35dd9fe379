import type * as z from 'zod';

export type Validated<T> =
  | { readonly ok: true; readonly data: T }
  /** What is wrong with it, short enough for an answer; undefined when nothing sensible can be said. */
  | { readonly ok: false; readonly problem: string | undefined };

/**
 * Checks data of a stranger. Zod's `safeParse` throws for some of it: it compares lengths of what is no list and no text
 * (`{"length":{"toString":1}}`). That is the stranger's mistake, not ours.
 */
export function validate<S extends z.ZodType>(schema: S, data: unknown): Validated<z.output<S>> {
  try {
    const parsed = schema.safeParse(data);
    if (parsed.success) return { ok: true, data: parsed.data };
    const issue = parsed.error.issues[0];
    return {
      ok: false,
      problem: issue && `${issue.path.join('.').slice(0, 64)}: ${issue.message.slice(0, 96)}`,
    };
  } catch {
    return { ok: false, problem: undefined };
  }
}
