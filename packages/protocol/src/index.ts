export * from './version.ts';
export * from './limits.ts';
export * from './ids.ts';
export * from './errors.ts';
export * from './media.ts';
export * from './model.ts';
export * from './rest.ts';
export * from './signalling.ts';
export type { Phase, RateClass } from './methods/define.ts';
