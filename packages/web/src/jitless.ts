/**
 * `z.config({ jitless: true })` without loading the schema library: it keeps its settings in this global and reads them
 * when the first schema is made. With code compilation on, the content security policy would report every page.
 */
const shared = globalThis as { __zod_globalConfig?: { jitless?: boolean } };
shared.__zod_globalConfig = { ...shared.__zod_globalConfig, jitless: true };

export {};
